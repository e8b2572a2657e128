/** The circuit breaker: opening it, closing it, and taking it back are three changes of one setting. */

import type { TakeBack } from '../../workflows/contract/action.ts';
import type { Finding } from '../../workflows/contract/finding.ts';
import { stopped } from '../failures.ts';
import { type Errand, incidentOf } from '../guard.ts';
import type { Platform } from '../platform.ts';
import type { SettingChange } from './change.ts';
import { draftToGiveBack, draftToSet, driftOf, heldFor, recordOf } from './draft.ts';
import { type Holder, holdersOf } from './holders.ts';
import { excuses } from './plan.ts';
import { peopleDecide, shareHeld, shareOf } from './share.ts';
import { objectName, type View } from './view.ts';

/** Guarded: it applies by itself while Dynex is faulty, and asks when there may be nothing to mend. */
export const opening = (
  { quantum }: Platform,
  { key, until, errand, probe }: { key: string; until?: string | undefined; errand: Errand; probe: () => Promise<Finding> },
): SettingChange => ({
  input: 'setFallback on',
  summary: 'Every quantum job runs on a classical solver.',
  errand,
  solver: quantum.solvers.classical,
  cannot: excuses,
  draft: view => draftToSet(readable(view), { ...quantum.fallback, ...shareOf(view, 0) }, key, until),
  remarks: () => [],
  async asks() {
    const { verdict, evidence } = await probe();
    if (verdict === 'faulty') return undefined;
    return verdict === 'healthy' ? `Dynex answers, so there may be nothing to mend: ${evidence}` : evidence;
  },
  takeBack: view => recordOf(view, incidentOf(key)),
  done: 'The circuit breaker is open: workers take jobs to the classical solvers.',
  nothing: () => ({ note: 'The circuit breaker was open already: nothing was changed.', measured: true }),
});

/** Asked, unless all jobs are back already: people decide when they go. */
export const closing = ({ quantum }: Platform, { key, errand }: { key: string; errand: Errand }): SettingChange => {
  const incident = incidentOf(key);
  const isMine = (holder: Holder) => holder.incident === incident;
  return {
    ...givingBack(isMine),
    input: 'setFallback off',
    summary: 'Quantum jobs go back to Dynex.',
    errand,
    solver: quantum.solvers.dynex,
    cannot: excuses,
    draft(view) {
      const draft = draftToGiveBack(view, isMine);
      if (!heldFor(view, incident) && isSetByHand(view, quantum.fallback)) throw unrecorded(view);
      return draft;
    },
    asks: async view => (isBackAlready(view, incident) && drifts(view, isMine).length === 0 ? undefined : peopleDecide),
    done: 'The circuit breaker is closed: workers take jobs to Dynex again.',
  };
};

/** Where people approved a way back in stages, and all jobs are back: what is left moves no job and restarts nothing. */
const isBackAlready = (view: View, incident: string) =>
  shareHeld(view, incident) === 100 && view.workloads.every(({ reads, follows }) => follows || reads.length === 0);

/** A person has ordered it: it asks only where somebody else has changed the setting since. */
export const takingBack = ({ quantum }: Platform, { record, errand }: { record: TakeBack; errand: Errand }): SettingChange => {
  const isMine = ({ key }: Holder) => key === record.key;
  return {
    ...givingBack(isMine),
    input: `takeBack ${record.key}`,
    summary: 'The setting is put back to what it was before.',
    errand,
    solver: quantum.solvers.dynex,
    cannot: excuses,
    async asks(view) {
      const drift = drifts(view, isMine);
      return drift.length === 0 ? undefined : drift.join(' ');
    },
    done: 'The setting is what it was before.',
  };
};

const givingBack = (isMine: (holder: Holder) => boolean) => ({
  draft: (view: View) => draftToGiveBack(view, isMine),
  remarks: (view: View) => [...drifts(view, isMine), ...stayers(view, isMine)],
  takeBack: () => undefined,
  nothing: () => ({ note: 'Nothing was left to take back.', measured: false }),
});

const drifts = (view: View, isMine: (holder: Holder) => boolean): string[] =>
  holdersOf(view.configMap)
    .filter(isMine)
    .flatMap(holder => driftOf(view, holder))
    .map(
      ({ field, before, after }) =>
        `Somebody else has changed ${field} since: it was set to ${shown(after)} and is ${shown(before)}.`,
    );

const shown = (value: string | null) => (value === null ? 'absent' : JSON.stringify(value));

/** The setting stays while others hold it. */
function stayers(view: View, isMine: (holder: Holder) => boolean): string[] {
  const others = holdersOf(view.configMap).filter(holder => !isMine(holder));
  return others.length === 0 ? [] : [`The setting stays: held by ${others.map(({ incident }) => incident).join(', ')} too.`];
}

/** @throws `NotConsumed`: a value that no pod reads changes nothing. */
function readable(view: View): View {
  if (view.workloads.some(({ reads, follows }) => reads.length > 0 || follows)) return view;
  const names = view.workloads.map(({ workload }) => workload.name).join(' and ');
  throw stopped(
    'NotConsumed',
    `Neither envFrom nor env of ${names} reads ${objectName('ConfigMap', view.place)}, so setting it would move no job. Nothing was changed: add envFrom to the Deployments, then retry.`,
  );
}

const isSetByHand = ({ configMap }: View, fallback: Record<string, string>) =>
  holdersOf(configMap).length === 0 && Object.entries(fallback).every(([field, value]) => configMap.data[field] === value);

const unrecorded = ({ place }: View) =>
  stopped(
    'Refused',
    `${objectName('ConfigMap', place)} holds the fallback, but no record says what was before: somebody has set it by hand. Nothing was changed: set its keys back by hand and restart the workers, then answer done by hand.`,
  );
