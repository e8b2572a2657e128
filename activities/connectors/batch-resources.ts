/** Jobs and what makes them, as far as their ends say whether the work was done. */

import { z } from 'zod';
import { count, kubeObject, type Resource } from './resources.ts';

/** RFC 3339. */
const time = z.string().nullish();

const job = kubeObject.extend({
  spec: z.looseObject({ suspend: z.boolean().default(false) }).prefault({}),
  status: z
    .looseObject({
      active: count,
      /** Pods that end, and work on until they have: they are not active. */
      terminating: count,
      succeeded: count,
      failed: count,
      startTime: time,
      completionTime: time,
      conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
    })
    .prefault({}),
});
export type Job = z.infer<typeof job>;

const schedule = kubeObject.extend({
  spec: z.looseObject({ schedule: z.string().default(''), suspend: z.boolean().default(false) }).prefault({}),
  status: z.looseObject({ lastSuccessfulTime: time }).prefault({}),
});
export type JobSchedule = z.infer<typeof schedule>;

const api = '/apis/batch/v1';
export const jobs: Resource<Job> = { kind: 'Job', api, plural: 'jobs', schema: job };
export const jobSchedules: Resource<JobSchedule> = { kind: 'CronJob', api, plural: 'cronjobs', schema: schedule };
