/**
 * The circuit breaker: `kubectl patch configmap` and `kubectl rollout restart` of the written runbook, measured.
 * Twice equals once: values are stated whole, and the restart stamp is the key.
 */

import type { TakeBack } from '../../../workflows/contract/action.ts';
import type { Verdict } from '../../../workflows/contract/vocabulary.ts';
import type { Deps } from '../../deps.ts';
import { checkKey } from '../../dynex-key.ts';
import { stopped } from '../../failures.ts';
import { type Action, type ActionContext, type Setting, type Unconfirmed } from '../../engine/action.ts';
import type { Holder } from '../../engine/holders.ts';
import { inCluster, workloadTarget } from '../../engine/kubernetes-targets.ts';
import { driftText, editedRecords, isOf, nothingLeft, readableFor } from '../../engine/restoring.ts';
import { runSetting } from '../../engine/run-setting.ts';
import { driftsOf, heldBy, type IsMine, type Write } from '../../engine/write.ts';
import { incidentOf } from '../../guard.ts';
import { type Platform, quantumConfigMap, quantumOf, quantumWorkloads } from '../../platform.ts';
import { evidenceOf, part, verdictOf } from '../../together.ts';
import { fromBothSides } from '../../viewpoints.ts';
import { draftToGiveBack, draftToSet, ofTheSetting } from './draft.ts';
import { dynexNow } from './dynex-now.ts';
import { everyJobOn } from './measure.ts';
import { peopleDecide, shareHeld, shareOf } from './share-held.ts';
import { excuses, followers, look, placeName, settingNow, startsAgain, unmoved, type View } from './view.ts';

export const setFallback: Action<{ enabled: boolean }> = {
  name: 'setFallback',
  run: (input, context) => runSetting(input.enabled ? opening : closing, input, context),
  undo: {
    targets: platform =>
      platform.quantum ? [configMapOf(platform), ...quantumWorkloads(platform).map(place => workloadTarget(place))] : [],
    run: (record, context) => runSetting(takingBack, { key: record.key }, context),
  },
};

const configMapOf = (platform: Platform) => inCluster('ConfigMap', quantumConfigMap(platform));

const common = {
  look: (_: unknown, { kubernetes, deps }: ActionContext) => look(kubernetes, deps.platform),
  records: (platform: Platform) => [configMapOf(platform)],
};

const consequences = (view: View, writes: Write[], remarks: string[]) => {
  const isWritten = writes.some(({ target, edits }) => target.kind === 'ConfigMap' && edits.length > 0);
  return [...remarks, ...(isWritten ? followers(view) : []), ...unmoved(excuses(view))];
};

/** Guarded: it applies by itself while Dynex is faulty, and asks when there may be nothing to fix. */
const opening: Setting<{ enabled: boolean }, View> = {
  ...common,
  name: 'setFallback',
  draft: (view, _, { deps: { platform }, call }) =>
    draftToSet(readable(view), { ...quantumOf(platform).fallback, ...shareOf(view, 0) }, call.key, call.until),
  words: (view, _, __, writes) => ({
    summary: 'Every quantum job runs on a classical solver.',
    consequences: consequences(view, writes, []),
    done: 'The circuit breaker is open: workers take jobs to the classical solvers.',
    nothing: { note: 'The circuit breaker was open already: nothing was changed.', measured: true },
  }),
  asks: async (_view, _input, { deps }) => unlessDynexFails(deps),
  measure: everyJobOn('classical'),
};

/** A refused key is not Dynex being down: another key fixes it, and people decide whether jobs move meanwhile. */
async function unlessDynexFails(deps: Deps): Promise<Unconfirmed | undefined> {
  const { verdict, evidence } = await fromBothSides(deps, 'dynex');
  if (verdict === 'faulty') return undefined;
  const key = await part(() => checkKey(deps));
  const measured = `${evidence} ${evidenceOf([key])}`;
  return { unconfirmed: true, text: `${unconfirmed(verdict, verdictOf(key))} ${measured}` };
}

function unconfirmed(probe: Verdict, key: Verdict | undefined): string {
  if (probe !== 'healthy') return 'Whether Dynex is down is not known:';
  if (key === 'healthy') return 'Dynex answers and accepts the key, so there may be nothing to fix:';
  return key === 'faulty'
    ? 'The key fails, while the probe without a key succeeds:'
    : 'The probe without a key succeeds; whether the key is accepted is not known:';
}

/** Asked, unless all jobs are back already: people decide when they go. */
const closing: Setting<{ enabled: boolean }, View> = {
  ...common,
  name: 'setFallback',
  draft(view, _, { deps: { platform }, call }) {
    const incident = incidentOf(call.key);
    const isSetByHand = !heldBy(settingNow(view), incident) && holdsByHand(view, quantumOf(platform).fallback);
    if (isSetByHand) throw unrecorded(view);
    return draftToGiveBack(view, ofIncident(incident), call.key);
  },
  words: (view, _, { call }, writes) => ({
    ...givenBack(view, ofIncident(incidentOf(call.key)), writes),
    summary: 'Quantum jobs go back to Dynex.',
    done: 'The circuit breaker is closed: workers take jobs to Dynex again.',
  }),
  asks: async (view, _, { call }) => {
    const incident = incidentOf(call.key);
    const isBack = isBackAlready(view, incident) && drifts(view, ofIncident(incident)).length === 0;
    return isBack ? undefined : peopleDecide;
  },
  preconditions: async (view, _, context) => (isBackAlready(view, incidentOf(context.call.key)) ? [] : dynexNow(context)),
  measure: everyJobOn('dynex'),
};

/** A person has ordered it: it asks only where someone else has changed the setting since. */
const takingBack: Setting<Pick<TakeBack, 'key'>, View> = {
  ...common,
  name: 'takeBack',
  draft(view, { key }, { call }) {
    readableFor(settingNow(view), key);
    return draftToGiveBack(view, isOf(key), call.key);
  },
  words: (view, { key }, _, writes) => ({
    ...givenBack(view, isOf(key), writes),
    summary: 'The setting is put back to what it was before.',
    done: 'The setting is what it was before.',
  }),
  asks: async (view, { key }) => drifts(view, isOf(key)).join(' ') || undefined,
  measure: everyJobOn('dynex'),
};

const ofIncident =
  (wanted: string): IsMine =>
  ({ incident }: Holder) =>
    incident === wanted;

const givenBack = (view: View, isMine: IsMine, writes: Write[]) => ({
  consequences: consequences(view, writes, [...drifts(view, isMine), ...stayers(view, isMine)]),
  nothing: { note: nothingLeft, measured: false },
});

/** Where people approved a way back in stages, and all jobs are back: what is left moves no job and restarts nothing. */
const isBackAlready = (view: View, incident: string) => shareHeld(view, incident) === 100 && !view.workloads.some(startsAgain);

const drifts = (view: View, isMine: IsMine): string[] => {
  const setting = settingNow(view);
  return [...driftsOf(setting, isMine).map(driftText), ...editedRecords([setting], isMine)];
};

/** The setting stays while others hold it. */
function stayers(view: View, isMine: IsMine): string[] {
  const others = settingNow(view).holders.filter(holder => ofTheSetting(holder) && !isMine(holder));
  return others.length === 0 ? [] : [`The setting stays: held by ${others.map(({ incident }) => incident).join(', ')} too.`];
}

/** @throws `NotConsumed`: a value that no pod reads changes nothing. */
function readable(view: View): View {
  if (view.workloads.some(({ reads, follows }) => reads.length > 0 || follows)) return view;
  const names = view.workloads.map(({ workload }) => workload.name).join(' and ');
  throw stopped(
    'NotConsumed',
    `Neither envFrom nor env of ${names} reads ${placeName(view)}, so setting it would move no job. Nothing was changed: add envFrom to the Deployments, then retry.`,
  );
}

const holdsByHand = (view: View, fallback: Record<string, string>) =>
  settingNow(view).holders.filter(ofTheSetting).length === 0 &&
  Object.entries(fallback).every(([field, value]) => view.configMap.data[field] === value);

const unrecorded = (view: View) =>
  stopped(
    'Refused',
    `${placeName(view)} holds the fallback, but no record says what was before: someone has set it by hand. Nothing was changed: set its keys back by hand and restart the workers, then answer done by hand.`,
  );
