/** How people log in to a platform: who serves it, and the settings that were reviewed. The account that tries it is in variables. */

import { z } from 'zod';

const name = z.string().min(1).max(253);

const fields = z.strictObject({
  workload: name.default('api').describe('The workload whose pods serve logins, one of `workloads`'),
  behind: name
    .optional()
    .describe('A single sign-on that stands before the platform, by its name: the login check sees only what is behind it'),
  reviewed: z
    .strictObject({
      algorithm: name.default('HS256').describe('Of the signature of tokens'),
      accessMinutes: z.number().positive().default(30),
      refreshDays: z.number().positive().default(7),
      lockAfter: z.int().min(1).default(5).describe('So many failures lock an account'),
      lockMinutes: z.number().positive().default(30),
      hosts: z.array(name).min(1).describe('Public hosts, which every pod must serve'),
      passwords: z
        .strictObject({ length: z.int().min(1), classes: z.int().min(1).max(4), cost: z.int().min(1) })
        .optional()
        .describe('Fewest characters, kinds of characters, and the cost of the hash'),
    })
    .describe('Settings that every pod must have'),
  secret: z
    .strictObject({ name, key: name })
    .optional()
    .describe('The Secret that the key of the signature lies in, for people; never the key, and nothing reads it'),
  configuration: z
    .strictObject({
      configMap: name.describe('One of `configMaps`'),
      values: z.record(name, z.string()).describe('Reviewed values of the keys that logins depend on'),
    })
    .optional()
    .describe('Settings that the pods read from a ConfigMap'),
});
export type Access = z.infer<typeof fields>;

export const access = fields
  .optional()
  .describe('Absent where no one logs in to the platform itself: runbooks that need it are not available then');
