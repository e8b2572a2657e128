/**
 * How many of a hundred jobs go to Dynex, by a key that pods read while they run: the way back in stages, without a restart,
 * measured within five points. Twice equals once: it is stated whole.
 */

import { stopped } from '../../failures.ts';
import type { Action, Setting } from '../../engine/action.ts';
import { inCluster } from '../../engine/kubernetes-targets.ts';
import { runSetting } from '../../engine/run-setting.ts';
import { incidentOf } from '../../guard.ts';
import { type Platform, quantumConfigMap, stagesOf } from '../../platform.ts';
import { draftToAdjust } from './draft.ts';
import { setFallback } from './fallback.ts';
import { dynexNow } from './dynex-now.ts';
import { shareOnDynex } from './measure.ts';
import { peopleDecide, shareHeld, shareOf } from './share-held.ts';
import { excusesFromFollowing, followers, look, placeName, settingNow, unmoved, type View } from './view.ts';

interface Share {
  percent: number;
}

export const setShare: Action<Share> = {
  name: 'setShare',
  stays: true,
  async run(input, context) {
    if (!isPercent(input.percent)) throw stopped('BadInput', 'A share is a whole number from 0 to 100: correct the step.');
    return runSetting(sharing, input, context);
  },
  undo: setFallback.undo,
};

const isPercent = (percent: number) => Number.isInteger(percent) && percent >= 0 && percent <= 100;

/** Asked at the first stage, whose plan names the others; each of these is then done as long as no one else touched the share. */
const sharing: Setting<Share, View> = {
  name: 'setShare',
  joins: 'setFallback',
  records: platform => [inCluster('ConfigMap', quantumConfigMap(platform))],
  look: (_, { kubernetes, deps }) => look(kubernetes, deps.platform),
  draft: (view, { percent }, { call }) => draftToAdjust(followed(view), shareOf(view, percent), call.key),
  words(view, { percent }, { deps: { platform } }, writes) {
    const told = `${percent}% of the quantum jobs go to Dynex.`;
    const reading = writes.length > 0 ? followers(view) : [];
    return {
      summary: told,
      consequences: [...stagesAhead(platform, percent), ...reading, ...unmoved(excusesFromFollowing(view))],
      done: told,
      nothing: { note: `${told} It was so already: nothing was changed.`, measured: true },
    };
  },
  asks: async (view, { percent }, { deps: { platform }, call }) =>
    percent === 0 || isNextStage(platform, view, { incident: incidentOf(call.key), percent }) ? undefined : peopleDecide,
  preconditions: async (_, { percent }, context) => (percent === 0 ? [] : dynexNow(context)),
  measure: shareOnDynex,
};

const sharesOf = ({ quantum }: Platform) => (stagesOf(quantum) ?? []).map(({ percent }) => percent);

/** People approved the first stage, and with it the others, in their order; not against another incident. */
function isNextStage(platform: Platform, view: View, { incident, percent }: { incident: string; percent: number }): boolean {
  const stages = sharesOf(platform);
  const held = shareHeld(view, incident);
  const begun = held === undefined ? -1 : stages.indexOf(held);
  return begun >= 0 && stages[begun + 1] === percent && !isHeldByOthers(view, incident);
}

const isHeldByOthers = (view: View, incident: string) => settingNow(view).holders.some(holder => holder.incident !== incident);

function stagesAhead(platform: Platform, percent: number): string[] {
  const stages = sharesOf(platform);
  const ahead = stages.slice(stages.indexOf(percent) + 1);
  if (!stages.includes(percent) || ahead.length === 0) return [];
  return [
    `Approved with it: ${ahead.join(', ')}%, each after the stage before was measured healthy; back to 0% at a faulty measurement; then the fallback is switched off.`,
  ];
}

/** @throws `NotConsumed`: a share that no pod reads while it runs moves no job. */
function followed(view: View): View {
  if (view.workloads.some(({ follows }) => follows)) return view;
  throw stopped('NotConsumed', `${whyNot(view)} Nothing was changed.`);
}

function whyNot(view: View): string {
  const { share } = view;
  if (share === undefined)
    return 'Jobs return here with a restart (quantum.ramp), so there is no share: use quantum.setFallback.';
  if (settingNow(view).value(share) === null)
    return `${placeName(view)} has no ${share}, so no pod reads it: add it, 100 while all is well, then retry.`;
  const names = view.workloads.map(({ workload }) => workload.name).join(' and ');
  return `No pod of ${names} reads ${share} while it runs: mount ${placeName(view)} without subPath, or say who asks the API server for it (quantum.share.polledBy), then retry.`;
}
