/**
 * Settings of a ConfigMap: `kubectl patch configmap`, and a restart of who reads them at start. Always asked. Twice equals once:
 * values are stated whole, and the record on a workload proves its restart.
 */

import { type Effect, type Target, targetName } from '../../workflows/contract/action.ts';
import { type ConfigMap, configMaps } from '../connectors/resources.ts';
import type { Action, ActionContext, Carried, Setting } from '../engine/action.ts';
import type { Values } from '../engine/holders.ts';
import { inCluster, snapshotOf, workloadTarget } from '../engine/kubernetes-targets.ts';
import { restoring } from '../engine/restoring.ts';
import { isSameTarget } from '../engine/target.ts';
import { startsPods } from '../engine/rolling.ts';
import { runSetting } from '../engine/run-setting.ts';
import { toSet, type Write } from '../engine/write.ts';
import { readTarget } from '../engine/writing.ts';
import { stopped } from '../failures.ts';
import { allConfigMaps, allWorkloads, configMapCalled, type Platform } from '../platform.ts';
import { follows, type Reader, readersOf, refuseUnread, startingAgain, takesAtStart } from './config-map-readers.ts';
import { effectOnPods, newPods } from './new-pods.ts';
import { lostWith } from './restart.ts';

interface Settings {
  /** As the platform description calls it. */
  configMap: string;
  /** null takes a key away. */
  values: Values;
}

interface View {
  target: Target;
  object: ConfigMap;
  readers: Reader[];
}

export const setConfigMap: Action<Settings> = {
  name: 'setConfigMap',
  async run(input, context) {
    if (Object.keys(input.values).length === 0) throw stopped('BadInput', 'No value is given: correct the step.');
    return runSetting(setting, input, context);
  },
  undo: restoring({
    targets: platform => [
      ...allConfigMaps(platform).map(place => inCluster('ConfigMap', place)),
      ...allWorkloads(platform).map(workloadTarget),
    ],
    summary: 'The settings are put back to what they were before.',
    done: 'The settings are what they were before.',
    startsAgain: (restored, { kubernetes, deps }) => startingAgain(restored, kubernetes, deps.platform),
  }),
};

const setting: Setting<Settings, View> = {
  name: 'setConfigMap',
  records: (platform, { configMap }) => [inCluster('ConfigMap', configMapCalled(platform, configMap))],
  look: async ({ configMap }, { kubernetes, deps: { platform } }) => {
    const place = configMapCalled(platform, configMap);
    const target = inCluster('ConfigMap', place);
    const [object, readers] = await Promise.all([kubernetes.read(configMaps, place), readersOf(target, kubernetes, platform)]);
    return { target, object, readers };
  },
  draft(view, { values }, { call: { key, until } }) {
    refuseUnread(view.target, view.readers, Object.keys(values));
    const now = snapshotOf(view.target, view.object);
    const writes = toSet(now, values, { action: 'setConfigMap', key, until });
    const isBegun = now.holders.some(holder => holder.key === key);
    const changed = isBegun ? Object.keys(values) : fieldsOf(writes);
    const restarts = view.readers
      .filter(reader => takesAtStart(reader, view.target, changed))
      .map(({ place, deployment }) => snapshotOf(workloadTarget(place), deployment))
      .filter(({ holders }) => !holders.some(holder => holder.key === key))
      .flatMap(workload => toSet(workload, {}, { action: 'setConfigMap', key, until, restart: true }));
    return [...writes, ...restarts];
  },
  words: (view, { values }, { deps: { platform } }, writes) => ({
    summary: `${targetName(view.target)}: ${told(values)}.`,
    consequences: writes.length > 0 ? consequences(view, Object.keys(values), writes, platform) : [],
    done: `${targetName(view.target)}: ${told(values)}.`,
    nothing: { note: `${targetName(view.target)} was so already (${told(values)}): nothing was changed.`, measured: false },
  }),
  asks: async () => 'A specialist confirms the old and the new values.',
  measure: (view, { values }, context, carried) => measured(view, values, context, carried),
};

const fieldsOf = (writes: Write[]) => writes.flatMap(({ edits }) => edits.map(({ field }) => field));

const told = (values: Values) =>
  Object.entries(values)
    .map(([key, value]) => (value === null ? `no ${key}` : `${key}=${value}`))
    .join(', ');

function consequences(
  { target: configMap, object, readers }: View,
  keys: string[],
  writes: Write[],
  platform: Platform,
): string[] {
  const restarted = readers.filter(({ place }) => writes.some(({ target }) => isSameTarget(target, workloadTarget(place))));
  const others = readers.filter(reader => !restarted.includes(reader));
  const added = keys.filter(key => !(key in object.data));
  return [
    ...lostWith(
      restarted.map(({ place }) => place),
      platform,
    ),
    ...others.map(reader =>
      follows(reader, configMap, keys) ? following(reader) : `${reader.place.name} is not affected: it does not read them.`,
    ),
    ...(added.length > 0 ? [`New in it: ${added.join(', ')}. Whether the code reads them cannot be seen from here.`] : []),
  ];
}

const following = ({ place }: Reader) => `${place.name} has it mounted: no pod restarts, the file follows within two minutes.`;

/** The values as they are now, on pods that started with them. What pods made of a mounted file no one can see from here. */
async function measured(view: View, values: Values, context: ActionContext, { writes, remarks }: Carried): Promise<Effect> {
  const { kubernetes, call } = context;
  const now = await readTarget(context, view.target);
  const wrong = Object.entries(values).filter(([key, value]) => now.value(key) !== value);
  const started = writes.filter(startsPods);
  const restarted = view.readers.filter(({ place }) => started.some(({ target }) => isSameTarget(target, workloadTarget(place))));
  if (restarted.length === 0) return { measured: 'part', text: `${told(values)}. No pod has started with it since.` };
  const pods = await Promise.all(restarted.map(({ place }) => newPods(kubernetes, place, call.key)));
  const others = wrong.map(([key]) => `Someone has changed ${key} since: it is ${now.value(key) ?? 'absent'}.`);
  const effect = effectOnPods(pods, [...remarks, ...others]);
  return { ...effect, text: `${told(values)}. ${effect.text}` };
}
