/** The API has no ready pod: bob rolled out an image that never becomes ready, and then forced it through. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Say } from '../guide/telling.ts';
import { bobPatchesTheApi, crashLooping, type Ground, outsideProbe, rolloutOfTheApi, until } from './ground.ts';

export const images = { good: 'nqba-platform/api:1.41.0', bad: 'nqba-platform/api:1.42.0-bad' };

const strategy = (maxUnavailable: number | string) => ({
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable } },
});
const image = (image: string) => ({ template: { spec: { containers: [{ name: 'api', image }] } } });

export async function begin(ground: Ground, say: Say): Promise<void> {
  await bobPatchesTheApi(ground, { ...strategy(1), ...image(images.good) });
  await until('the rollout of nqba-api is over', async () => (await rolloutOfTheApi(ground)).isOver);
  say(`  bob rolls out ${images.good}: 3 of 3 pods are ready.`);
  // Long enough to be seen to have served well: five minutes of this world.
  await pause(5_000);
  await bobPatchesTheApi(ground, image(images.bad));
  await until('the bad rollout stands still', async () => {
    const [{ ready }, killed] = await Promise.all([rolloutOfTheApi(ground), crashLooping(ground)]);
    return ready === 2 && killed === 3;
  });
  say(`  bob rolls out ${images.bad}. Its pods are killed for their memory and never ready:`);
  say('  the rollout stands still with 2 of 3 old pods, as its strategy has it, and customers see nothing.');
  await bobPatchesTheApi(ground, strategy('100%'));
  await until('no pod of nqba-api is ready', async () => (await rolloutOfTheApi(ground)).ready === 0);
  say('  bob forces it through with maxUnavailable 100%: the old pods go, and 0 of 3 are ready.');
  await until('the outside probe fails', async () => (await outsideProbe(ground)) === 0);
}

/** What the newcomer is to do. */
export const told = [
  'Read what the incident found out about the last rollouts, and about which revision served well before.',
  'It proposes the way back as a plan. Approve it only if it names the revision that you expect:',
  `  ${images.good}, not simply the one before.`,
];
