/** The API has no pod, and can get none: its template names a PriorityClass that is gone, while a condition still speaks of a quota. */

import type { Say } from '../guide/telling.ts';
import {
  apiIsServed,
  as,
  bobPatchesTheApi,
  deleteApiPods,
  type Ground,
  merge,
  outsideProbe,
  quota,
  refusalOfAPod,
  replicaFailure,
  rolloutOfTheApi,
  until,
} from './ground.ts';

const name = 'nqba-critical';
const value = 1_000_000;

export const missing = { name, command: `kubectl create priorityclass ${name} --value=${value}` };

export async function begin(ground: Ground, say: Say): Promise<void> {
  const { core } = as('lab', ground);
  await createClass(ground, 'lab');
  await bobPatchesTheApi(ground, { template: { spec: { priorityClassName: name } } });
  await until('the rollout of nqba-api is over', async () => (await rolloutOfTheApi(ground)).isOver);
  say(`  bob has given nqba-api the PriorityClass ${name}; the rollout went well: 3 of 3 pods are ready.`);
  await core.patchNamespacedResourceQuota({ ...quota, body: { spec: { hard: { pods: '1' } } } }, merge);
  await until('the quota refuses pods', async () => (await refusalOfAPod(ground)).includes('exceeded quota'));
  await deleteApiPods(ground);
  await until('the ReplicaSet names the quota', async () => (await replicaFailure(ground)).includes('exceeded quota'));
  say('  The nodes are drained while the quota for pods is too low: no new pod of nqba-api is admitted.');
  await as('lab', ground).scheduling.deletePriorityClass({ name });
  await until('the PriorityClass is gone', async () => (await refusalOfAPod(ground)).includes('no PriorityClass'));
  await core.patchNamespacedResourceQuota({ ...quota, body: { spec: { hard: { pods: '100' } } } }, merge);
  say(`  Someone raises the quota again. In the same clean-up the PriorityClass ${name} is deleted.`);
  await until('the outside probe fails', async () => (await outsideProbe(ground)) === 0);
  say('  nqba-api has 0 of 3 pods. Its condition ReplicaFailure still says what was true at first:');
  say(`    ${await replicaFailure(ground)}`);
}

/** What the newcomer is to do. */
export const told = [
  'Find what really stands in the way: ask the API server about one more pod, do not believe the condition.',
  'The incident has asked already (runbooks show). Then, as yourself:',
  `  ${missing.command}`,
  'The ReplicaSet tries again by itself, in growing intervals. This makes it try at once:',
  '  kubectl annotate deployment nqba-api practice.nqba/look-again=now --overwrite',
];

/** You run the command, and the API comes back. */
export async function repair(ground: Ground): Promise<void> {
  await createClass(ground, 'you');
  await apiIsServed(ground);
}

/** It may stand from a former run. */
const createClass = async (ground: Ground, user: 'you' | 'lab') => {
  const { scheduling } = as(user, ground);
  const { items } = await scheduling.listPriorityClass();
  if (!items.some(({ metadata }) => metadata?.name === name))
    await scheduling.createPriorityClass({ body: { metadata: { name }, value } });
};
