/** How many of a hundred jobs go to Dynex, by a key that pods read while they run: the way back in stages, without a restart. */

import { stopped } from '../failures.ts';
import { type Errand, incidentOf } from '../guard.ts';
import { type Platform, stagesOf } from '../platform.ts';
import type { SettingChange } from './change.ts';
import { draftToAdjust, recordOf } from './draft.ts';
import { holdersOf } from './holders.ts';
import { excusesFromFollowing } from './plan.ts';
import { objectName, type View } from './view.ts';

export const peopleDecide = 'People decide when jobs go back to Dynex.';

/** Asked at the first stage, whose plan names the others; each of these is then done as long as nobody else touched the share. */
export function sharing(
  platform: Platform,
  { key, percent, errand }: { key: string; percent: number; errand: Errand },
): SettingChange {
  const incident = incidentOf(key);
  const told = `${percent}% of the quantum jobs go to Dynex.`;
  return {
    input: `setShare ${percent}`,
    summary: told,
    errand,
    solver: platform.quantum.solvers.dynex,
    share: view => ({ from: Number(valueOf(view) ?? Number.NaN) / 100, to: percent / 100 }),
    cannot: excusesFromFollowing,
    draft: view => draftToAdjust(followed(view), shareOf(view, percent), key),
    remarks: view => [...stagesAhead(platform, percent), ...alsoHeldBy(view, incident)],
    asks: async view => (percent === 0 || isNextStage(platform, view, { incident, percent }) ? undefined : peopleDecide),
    takeBack: view => recordOf(view, incident),
    done: told,
    nothing: () => ({ note: `${told} It was so already: nothing was changed.`, measured: true }),
  };
}

/** The share as the ConfigMap would have it; nothing where nobody follows it. */
export const shareOf = ({ share, workloads }: View, percent: number): Record<string, string> =>
  share !== undefined && workloads.some(({ follows }) => follows) ? { [share]: String(percent) } : {};

/** The share that this incident has set, if nobody else has changed it since. */
export function shareHeld(view: View, incident: string): number | undefined {
  const { share = '' } = view;
  const held = holdersOf(view.configMap).find(holder => holder.incident === incident && share in holder.set)?.set[share];
  return held !== undefined && held !== null && held === valueOf(view) ? Number(held) : undefined;
}

/** People approved the first stage, and with it the others, in their order; not against another incident. */
function isNextStage(platform: Platform, view: View, { incident, percent }: { incident: string; percent: number }): boolean {
  const stages = stagesOf(platform);
  const held = shareHeld(view, incident);
  const begun = held === undefined ? -1 : stages.indexOf(held);
  return begun >= 0 && stages[begun + 1] === percent && alsoHeldBy(view, incident).length === 0;
}

function alsoHeldBy({ configMap }: View, incident: string): string[] {
  const others = holdersOf(configMap).filter(holder => holder.incident !== incident);
  return others.length === 0 ? [] : [`The setting is held by ${others.map(other => other.incident).join(', ')} too.`];
}

function stagesAhead(platform: Platform, percent: number): string[] {
  const stages = stagesOf(platform);
  const ahead = stages.slice(stages.indexOf(percent) + 1);
  if (!stages.includes(percent) || ahead.length === 0) return [];
  return [
    `Approved with it: ${ahead.join(', ')}%, each after the stage before was measured healthy; back to 0% at a faulty measurement; last the fallback is taken back.`,
  ];
}

const valueOf = ({ configMap, share }: View): string | undefined => (share === undefined ? undefined : configMap.data[share]);

/** @throws `NotConsumed`: a share that no pod reads while it runs moves no job. */
function followed(view: View): View {
  if (view.workloads.some(({ follows }) => follows)) return view;
  throw stopped('NotConsumed', `${whyNot(view)} Nothing was changed.`);
}

function whyNot(view: View): string {
  const place = objectName('ConfigMap', view.place);
  const { share } = view;
  if (share === undefined)
    return 'Jobs return here with a restart (quantum.ramp), so there is no share: use quantum.setFallback.';
  if (valueOf(view) === undefined)
    return `${place} has no ${share}, so no pod reads it: add it, 100 while all is well, then retry.`;
  const names = view.workloads.map(({ workload }) => workload.name).join(' and ');
  return `No pod of ${names} reads ${share} while it runs: mount ${place} without subPath, or say who asks the API server for it (quantum.share.polledBy), then retry.`;
}
