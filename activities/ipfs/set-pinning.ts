/**
 * Where new records are pinned: at the first provider, at the second, or both, by keys of a ConfigMap. What is paused is written to the
 * LTC all the same and pinned later. Twice equals once: the values are stated whole.
 */

import { type Effect, type Target, targetName } from '../../workflows/contract/action.ts';
import { answered } from '../checking.ts';
import { configMaps } from '../connectors/resources.ts';
import type { Deps } from '../deps.ts';
import type { Action, ActionContext, Carried, Setting } from '../engine/action.ts';
import type { Values } from '../engine/holders.ts';
import { inCluster, snapshotOf, workloadTarget } from '../engine/kubernetes-targets.ts';
import { restoring } from '../engine/restoring.ts';
import { startsPods } from '../engine/rolling.ts';
import { runSetting } from '../engine/run-setting.ts';
import { isSameTarget, type Snapshot } from '../engine/target.ts';
import { type IsMine, toLetGo, toSet, type Write, withRestart } from '../engine/write.ts';
import { readTarget } from '../engine/writing.ts';
import { incidentOf } from '../guard.ts';
import { type Reader, readersOf, refuseUnread, startingAgain, takesAtStart } from '../kubernetes/config-map-readers.ts';
import { effectOnPods, newPods } from '../kubernetes/new-pods.ts';
import { lostWith } from '../kubernetes/restart.ts';
import { configMapCalled, ipfsOf, type Platform, workloadOf } from '../platform.ts';
import { isTheEnd, type Pinning, told, valuesOf, wanted } from './pinning.ts';
import { checkTestPin } from './test-pin.ts';

interface View {
  now: Snapshot;
  readers: Reader[];
}

const name = 'setPinning';
const placeOf = (platform: Platform) => configMapCalled(platform, ipfsOf(platform).configMap);

const targets = (platform: Platform): Target[] =>
  platform.ipfs
    ? [
        inCluster('ConfigMap', placeOf(platform)),
        ...platform.ipfs.workloads.map(role => workloadTarget(workloadOf(platform, role))),
      ]
    : [];

export const setPinning: Action<Pinning> = {
  name,
  run: (input, context) => runSetting(pinning, input, context),
  undo: restoring({
    targets,
    summary: 'New records are pinned as before.',
    done: 'New records are pinned as before.',
    startsAgain: (restored, { kubernetes, deps }) => startingAgain(restored, kubernetes, deps.platform),
  }),
};

const pinning: Setting<Pinning, View> = {
  name,
  records: platform => targets(platform).slice(0, 1),
  look: async (_, { kubernetes, deps: { platform } }) => {
    const target = inCluster('ConfigMap', placeOf(platform));
    const [object, readers] = await Promise.all([
      kubernetes.read(configMaps, placeOf(platform)),
      readersOf(target, kubernetes, platform),
    ]);
    const { workloads } = ipfsOf(platform);
    return { now: snapshotOf(target, object), readers: readers.filter(({ place }) => workloads.includes(place.role)) };
  },
  draft(view, input, { call, deps }) {
    const values = valuesOf(input, deps.platform);
    refuseUnread(view.now.target, view.readers, Object.keys(values));
    const isHeld = view.now.holders.some(ofIncident(call.key));
    return isTheEnd(input) && isHeld ? ended(view, call.key) : set(view, values, call);
  },
  words: (view, input, { deps }, writes) => ({
    summary: told(input),
    consequences: consequences(view, input, writes, deps),
    done: told(input),
    nothing: { note: `${told(input)} It was so already: nothing was changed.`, measured: true },
  }),
  asks: async (_view, _input, _context, writes) =>
    writes.some(startsPods) ? 'Pods read this when they start, so they restart: an engineer confirms that.' : undefined,
  // A second provider that is full, or refuses our token, is no way out.
  preconditions: async (_view, input, { deps }) =>
    wanted(input).backup === true ? [await answered(() => checkTestPin(deps, { target: 'backup' }))] : [],
  measure: (view, input, context, carried) => measured(view, input, context, carried),
};

const ofIncident =
  (key: string): IsMine =>
  ({ incident, action }) =>
    incident === incidentOf(key) && action === name;

/** One record of an incident on the ConfigMap, whatever it sets one after the other; each restart has its own. */
function set({ now, readers }: View, values: Values, { key, until }: ActionContext['call']): Write[] {
  const writes = toSet(now, values, { action: name, key, until, recording: 'of the incident' });
  const changed = writes.flatMap(({ edits }) => edits.map(({ field }) => field));
  const restarts = readers
    .filter(reader => takesAtStart(reader, now.target, changed))
    .map(snapshotOfReader)
    .filter(({ holders }) => !holders.some(holder => holder.key === key))
    .flatMap(workload => toSet(workload, {}, { action: name, key, until, restart: true }));
  return [...writes, ...restarts];
}

/** Everything that the incident holds is let go, in one restart. */
function ended({ now, readers }: View, key: string): Write[] {
  const given = toLetGo(now, ofIncident(key), key);
  const changed = given.flatMap(({ edits }) => edits.map(({ field }) => field));
  const workloads = readers.flatMap(reader => {
    const workload = snapshotOfReader(reader);
    const [letGo] = toLetGo(workload, ofIncident(key), key);
    const restart = takesAtStart(reader, now.target, changed);
    if (letGo) return [restart ? withRestart(letGo, workload) : letGo];
    return restart ? toSet(workload, {}, { action: name, key, restart: true, recording: 'none' }) : [];
  });
  return [...given, ...workloads];
}

const snapshotOfReader = ({ place, deployment }: Reader) => snapshotOf(workloadTarget(place), deployment);

function consequences({ readers }: View, input: Pinning, writes: Write[], { platform }: Deps): string[] {
  if (writes.length === 0) return [];
  const restarted = readers.filter(({ place }) => startedBy(writes, workloadTarget(place)));
  const paused = wanted(input).primary === false;
  return [
    ...lostWith(
      restarted.map(({ place }) => place),
      platform,
    ),
    ...(paused ? ['Records are written to the LTC without a reference meanwhile, and pinned later: nothing is dropped.'] : []),
  ];
}

const startedBy = (writes: Write[], target: Target) =>
  writes.filter(startsPods).some(write => isSameTarget(write.target, target));

/** The values as they are now, on pods that started with them; and a test pin where the second provider was switched on. */
async function measured(view: View, input: Pinning, context: ActionContext, { writes, remarks }: Carried): Promise<Effect> {
  const others = isTheEnd(input) ? [] : await changedSince(view, valuesOf(input, context.deps.platform), context);
  const pods = await onPods(view, writes, context, [...remarks, ...others]);
  const tested = wanted(input).backup === true ? await testPin(context.deps) : undefined;
  const parts = [pods, ...(tested ? [tested] : [])];
  const isWhole = parts.every(one => one.measured === 'whole');
  const text = [`${targetName(view.now.target)} was read again.`, ...parts.map(one => one.text)].join(' ');
  return { measured: isWhole ? 'whole' : pods.measured === 'none' ? 'none' : 'part', text };
}

async function changedSince({ now: { target } }: View, values: Values, context: ActionContext): Promise<string[]> {
  const now = await readTarget(context, target);
  const wrong = Object.entries(values).filter(([key, value]) => now.value(key) !== value);
  return wrong.map(([key]) => `Someone has changed ${key} since: it is ${now.value(key) ?? 'absent'}.`);
}

/** No one can see from here what pods make of a mounted file. */
async function onPods(
  { readers }: View,
  writes: Write[],
  { kubernetes, call }: ActionContext,
  remarks: string[],
): Promise<Effect> {
  const restarted = readers.filter(({ place }) => startedBy(writes, workloadTarget(place)));
  const pods = await Promise.all(restarted.map(({ place }) => newPods(kubernetes, place, call.key)));
  if (pods.length > 0) return effectOnPods(pods, remarks);
  const isSo = writes.length === 0 && remarks.length === 0;
  return { measured: isSo ? 'whole' : 'part', text: ['No pod has started with it since.', ...remarks].join(' ') };
}

async function testPin(deps: Deps): Promise<Effect> {
  const { verdict, evidence } = await answered(() => checkTestPin(deps, { target: 'backup' }));
  return { measured: verdict === 'healthy' ? 'whole' : 'part', text: evidence };
}
