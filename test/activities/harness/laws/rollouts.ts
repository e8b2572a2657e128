/** Law 11: a rollout is waited for while it comes on, and never called complete where it is not. */

import assert from 'node:assert/strict';
import type { Outcome } from '../../../../workflows/contract/index.ts';
import { settled } from '../cases/settled.ts';
import { hurried } from '../between.ts';
import { approvedCall, type Scene, settingScene } from '../scene.ts';
import type { SettingLaw } from './law.ts';

export const rolloutsAreWaitedFor: SettingLaw = {
  number: 11,
  of: 'setting',
  title: 'a slow rollout is waited for; one that never becomes ready ends in part or not at all, with the reason',
  async hold(theatre, of) {
    if (!of.rolls) return;
    const slow = await settingScene(theatre, of);
    for (const path of deployments(slow)) {
      await becomesReady(slow, path, '4');
      await settled(slow.on, path);
    }
    assert.doesNotMatch(await acted(slow), /not complete/);

    const never = await settingScene(theatre, of);
    for (const path of deployments(never)) await becomesReady(never, path, 'never');
    assert.match(await acted(never), /The rollout of Deployment \S+ is not complete, \d of \d pods are new/);
  },
};

const deployments = ({ situation }: Scene) => situation.touches.filter(path => path.includes('/deployments/'));

/** After so many seconds, or never, as the practice platform has it. */
const becomesReady = ({ on }: Scene, path: string, when: string) =>
  on.you.patch(path, { spec: { template: { metadata: { annotations: { 'practice.nqba/ready': when } } } } });

/** What is said of it: a receipt that claims no whole effect, or why it was given up. */
async function acted({ situation, worker, key }: Scene): Promise<string> {
  const call = await approvedCall(situation.act, worker(), key);
  return situation.act(worker({ clock: hurried }), call).then(told, String);
}

function told(outcome: Outcome): string {
  assert.ok('done' in outcome, JSON.stringify(outcome));
  const { measured, text } = outcome.done.effect;
  if (text.includes('not complete')) assert.ok(measured === 'part' || measured === 'none', measured);
  return text;
}
