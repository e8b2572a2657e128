/** How a platform pins its records to IPFS, and with which settings that is switched. */

import { z } from 'zod';

const name = z.string().min(1).max(253);

const values = z.record(name, z.string()).refine(all => Object.keys(all).length > 0, 'name at least one key');
const switched = z.strictObject({ on: values, off: values });

const fields = z.strictObject({
  configMap: name.default('quantum').describe('The ConfigMap with the settings, one of `configMaps`'),
  workloads: z.array(name).min(1).describe('Who pins'),
  primary: switched.describe('Keys of the ConfigMap that let new records be pinned at the first provider, or pause that'),
  backup: switched.describe('The same for the second provider'),
  endpoint: name.optional().describe('Key of the ConfigMap with the address that is pinned to'),
  credentials: z
    .strictObject({
      namespace: name.describe('One of `namespaces`, by its name there'),
      secrets: z.array(name).min(1).describe('Secrets that new credentials may be put into; the worker may read no others'),
      keys: z.strictObject({ id: name, secret: name }).prefault({ id: 'project-id', secret: 'project-secret' }),
      env: z.strictObject({ id: name, secret: name }).prefault({ id: 'IPFS_PROJECT_ID', secret: 'IPFS_PROJECT_SECRET' }),
      workloads: z.array(name).min(1).describe('Who takes them'),
    })
    .optional()
    .describe('Where the credentials of the first provider lie; never the credentials'),
  gateways: z.array(z.url()).default([]).describe('Where anyone reads what is pinned: a test pin is read through two of them'),
  workload: name.optional().describe('The IPFS node itself, one of `workloads`; absent where the provider is hosted'),
  peers: z.int().min(0).default(1).describe('Fewest peers of a node of its own'),
  retentionDays: z.int().min(1).default(2555).describe('No pin of a younger record is ever removed'),
});
export type Ipfs = z.infer<typeof fields>;

export const ipfs = fields.optional().describe('Absent where nothing is pinned: runbooks that need it are not available then');
