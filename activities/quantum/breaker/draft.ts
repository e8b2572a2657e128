/** The writes of a changed setting: the ConfigMap, and the workloads that take it with a restart. Pure. */

import { type Holder, type Values } from '../../engine/holders.ts';
import { holdersOfFields, type IsMine, restartField, toLetGo, toSet, type Write, withRestart } from '../../engine/write.ts';
import { incidentOf } from '../../guard.ts';
import { lastChange, type SeenWorkload, settingNow, startsAgain, type View, workloadNow } from './view.ts';

const action = 'setFallback';

/** Actions whose record on the ConfigMap is that of the incident's setting. */
export const ofTheSetting = ({ action: name }: Holder) => name === action || name === 'setShare';

/** Sets these values, for this key. Where another incident holds them already, it joins. */
export function draftToSet(view: View, wanted: Values, key: string, until?: string): Write[] {
  const setting = settingNow(view);
  const isMine = ({ incident }: Holder) => incident === incidentOf(key);
  const mine = setting.holders.filter(isMine);
  const writes = toSet(setting, wanted, { action, key, until });
  const isWritten = writes.some(({ edits }) => edits.length > 0);
  const isPending = (seen: SeenWorkload) => isWritten || (mine.length > 0 && !restartsOf(seen).some(isMine));
  const isByHand = ({ pods }: SeenWorkload) => setting.holders.length === 0 && pods.some(startedBefore(lastChange(view)));
  const restarts = view.workloads.filter(startsAgain).flatMap(seen => {
    if (isPending(seen)) return toSet(workloadNow(seen), {}, { action, key, restart: true });
    return isByHand(seen) ? toSet(workloadNow(seen), {}, { action, key, restart: true, recording: 'none' }) : [];
  });
  return [...writes, ...restarts];
}

/** Sets these values without any restart. Where the incident holds the setting already, its record says so; else it joins who does. */
export const draftToAdjust = (view: View, wanted: Values, key: string): Write[] =>
  toSet(settingNow(view), wanted, { action: 'setShare', key, recording: 'of the incident' });

/** Lets these holders go; the last one to let go restores what was before them, and restarts who reads it. */
export function draftToGiveBack(view: View, isMine: IsMine, key: string): Write[] {
  const setting = settingNow(view);
  const isLast = setting.holders.filter(ofTheSetting).every(isMine);
  const given = toLetGo(setting, holder => ofTheSetting(holder) && isMine(holder), key);
  const isRestored = given.some(({ edits }) => edits.length > 0);
  const isHeld = (holder: Holder) => restartField in holder.before && ofTheSetting(holder) && isMine(holder);
  const workloads = view.workloads.flatMap(seen => {
    const now = workloadNow(seen);
    const [letGo] = toLetGo(now, isHeld, key);
    const restart = isLast && startsAgain(seen) && (isRestored || letGo !== undefined);
    if (letGo) return [restart ? withRestart(letGo, now) : letGo];
    return restart ? toSet(now, {}, { action, key, restart: true, recording: 'none' }) : [];
  });
  return [...given, ...workloads];
}

const restartsOf = (seen: SeenWorkload) => holdersOfFields(workloadNow(seen), [restartField]);

const startedBefore =
  (moment: number) =>
  ({ metadata }: { metadata: { creationTimestamp?: string | null | undefined } }) =>
    Date.parse(metadata.creationTimestamp ?? '') < moment;
