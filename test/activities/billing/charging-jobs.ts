/** Jobs as the CronJob that charges makes them, on a real API server with its controllers: they run until they are stopped. */

import assert from 'node:assert/strict';
import { z } from 'zod';
import { eventually } from '../../support/eventually.ts';
import { at, type Stage } from '../stage.ts';

const read = z.looseObject({
  metadata: z.looseObject({ name: z.string(), uid: z.string() }),
  spec: z.looseObject({ suspend: z.boolean().default(false) }),
  status: z.looseObject({ active: z.number().default(0), ready: z.number().default(0) }).prefault({}),
});

export const jobAt = async (on: Stage, name: string) => read.parse(await on.you.get(`${at.jobs}/${name}`));

/** @param owned by the CronJob, as those that it makes */
export async function charging(on: Stage, names: string[], owned = true) {
  const { metadata } = await on.you.get(at.charging);
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata['name'], uid: metadata['uid'], controller: true };
  for (const name of names)
    await on.you.create(at.jobs, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name, ownerReferences: owned ? [owner] : [] },
      spec: {
        template: {
          metadata: { annotations: { 'practice.nqba/runs-on': 'true' } },
          spec: { restartPolicy: 'Never', containers: [{ name: 'charge', image: 'nqba/billing:latest' }] },
        },
      },
    });
  return eventually(async () => {
    const found = await Promise.all(names.map(name => jobAt(on, name)));
    assert.ok(found.every(({ status }) => status.active === 1 && status.ready === 1));
    return found.map(({ metadata: { name, uid } }) => ({ namespace: 'nqba-platform', name, uid }));
  });
}
