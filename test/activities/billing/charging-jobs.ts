/** Jobs as the CronJob that charges makes them, on a real API server with its controllers: they run until they are stopped. */

import assert from 'node:assert/strict';
import { z } from 'zod';
import { eventually } from '../../support/eventually.ts';
import { at, type Stage } from '../stage.ts';

const count = z.number().default(0);
const read = z.looseObject({
  metadata: z.looseObject({ name: z.string(), uid: z.string() }),
  spec: z.looseObject({ suspend: z.boolean().default(false) }),
  status: z.looseObject({ active: count, ready: count, succeeded: count }).prefault({}),
});

export const jobAt = async (on: Stage, name: string) => read.parse(await on.you.get(`${at.jobs}/${name}`));

interface Made {
  owned?: boolean;
  managedBy?: string;
  completes?: boolean;
}

async function create(on: Stage, name: string, { owned = true, completes = false, ...more }: Made = {}) {
  const { metadata } = await on.you.get(at.charging);
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata['name'], uid: metadata['uid'], controller: true };
  const template = {
    metadata: { annotations: completes ? {} : { 'practice.nqba/runs-on': 'true' } },
    spec: { restartPolicy: 'Never', containers: [{ name: 'charge', image: 'nqba/billing:latest' }] },
  };
  await on.you.create(at.jobs, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, ownerReferences: owned ? [owner] : [] },
    spec: { template, ...more },
  });
}

/** @param owned by the CronJob, as those that it makes */
export async function charging(on: Stage, names: string[], owned = true) {
  for (const name of names) await create(on, name, { owned });
  return eventually(async () => {
    const found = await Promise.all(names.map(name => jobAt(on, name)));
    assert.ok(found.every(({ status }) => status.active === 1 && status.ready === 1));
    return found.map(({ metadata: { name, uid } }) => ({ namespace: 'nqba-platform', name, uid }));
  });
}

/** A Job of the CronJob that no controller looks after: its pod is still to come. */
export const withoutPod = (on: Stage, name: string) => create(on, name, { managedBy: 'nqba.example/the-test' });

/** A Job of the CronJob that has done its work. */
export async function completed(on: Stage, name: string) {
  await create(on, name, { completes: true });
  return eventually(async () => {
    const { metadata, status } = await jobAt(on, name);
    assert.equal(status.succeeded, 1);
    return { namespace: 'nqba-platform', name, uid: metadata.uid };
  });
}
