/** Jobs as the CronJob that charges makes them, on a real API server with its controllers: they run until they are stopped. */

import assert from 'node:assert/strict';
import { z } from 'zod';
import { eventually } from '../../support/eventually.ts';
import { at, type Stage } from '../stage.ts';

const jobs = '/apis/batch/v1/namespaces/nqba-platform/jobs';
const label = 'nqba.example/of-a-test';

const read = z.looseObject({
  metadata: z.looseObject({ name: z.string(), uid: z.string() }),
  spec: z.looseObject({ suspend: z.boolean().default(false) }),
  status: z.looseObject({ active: z.number().default(0) }).prefault({}),
});

export const jobAt = async (on: Stage, name: string) => read.parse(await on.you.get(`${jobs}/${name}`));

/** Instead of those that an earlier test has left. @param owned by the CronJob, as those that it makes */
export async function charging(on: Stage, names: string[], owned = true) {
  await on.you.remove(`${jobs}?labelSelector=${encodeURIComponent(label)}&propagationPolicy=Background`);
  const { metadata } = await on.you.get(at.charging);
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata['name'], uid: metadata['uid'], controller: true };
  for (const name of names)
    await on.you.create(jobs, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name, labels: { [label]: 'true' }, ownerReferences: owned ? [owner] : [] },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'charge', image: 'nqba/billing:latest' }] } } },
    });
  return eventually(async () => {
    const found = await Promise.all(names.map(name => jobAt(on, name)));
    assert.ok(found.every(({ status }) => status.active === 1));
    return found.map(({ metadata: { name, uid } }) => ({ namespace: 'nqba-platform', name, uid }));
  });
}
