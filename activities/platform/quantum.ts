/** How a platform runs its quantum jobs. */

import { z } from 'zod';

const name = z.string().min(1).max(253);

const fields = z.strictObject({
  workloads: z.array(name).min(1).describe('Who runs quantum jobs'),
  configMap: name.default('quantum').describe('The ConfigMap with the setting, one of `configMaps`'),
  fallback: z.record(name, z.string()).describe('Keys of the ConfigMap that send every job to the classical solvers'),
  ramp: z
    .enum(['restart', 'runtime'])
    .describe('How jobs return to Dynex: all at once with a restart, or in stages by a share that pods read while they run'),
  share: z
    .strictObject({
      key: name.describe('Key of the ConfigMap: how many of a hundred jobs go to Dynex, whatever a pod was started with'),
      polledBy: z
        .array(name)
        .default([])
        .describe('Who asks the API server for it; of everybody else it is looked up whether the pods have it mounted'),
    })
    .optional()
    .describe('Needed for "runtime"'),
  key: z
    .strictObject({
      namespace: name.describe('One of `namespaces`, by its name there'),
      secret: name,
      key: name,
      env: name,
      rotation: z.array(name).default([]).describe('Secrets that a new key may be put into; the worker may read no others'),
      maxAgeDays: z.int().min(1).default(90).describe('An older key is to be rotated: the weekly check leaves a follow-up'),
    })
    .describe('Where the Dynex API key lies; never the key'),
  solvers: z.record(z.enum(['dynex', 'classical']), name).describe('The solvers as the metrics and the NQBA API call them'),
  queues: z
    .array(name)
    .min(1)
    .optional()
    .describe("Celery's queues in Redis; default, batch and quantum_batch where it is absent"),
  minJobs: z.int().min(1).default(5).describe('Fewest jobs that count as a measurement'),
  successRate: z.number().min(0).max(1).default(0.95),
  windowMinutes: z.number().positive().default(10).describe('How far the job metrics look back, before pace'),
  recovery: z
    .strictObject({
      jobs: z.int().min(1).default(20),
      canaries: z.int().min(1).max(5).default(3),
      share: z.number().min(0).max(1).default(0.95).describe('Part of the jobs that must run on Dynex, of each workload'),
    })
    .prefault({})
    .describe('Fewest successes that count as recovered'),
});
export type Quantum = z.infer<typeof fields>;

export const quantum = fields
  .refine(({ ramp, share }) => ramp !== 'runtime' || share !== undefined, {
    path: ['share'],
    error: '"runtime" needs the key that pods read while they run: { "key": "QUANTUM_SHARE_PERCENT" }',
  })
  .optional()
  .describe('Absent where no quantum jobs run: runbooks that need it are not available then');
