/** How a platform limits calls and blocks sources, the limits that were reviewed, and the addresses that neither ever touches. */

import { z } from 'zod';
import { rangeOf } from '../gateway/ranges.ts';

const name = z.string().min(1).max(253);
const cidrs = z
  .array(z.string().refine(text => rangeOf(text) !== undefined, 'write an address or a CIDR, such as 203.0.113.0/24'))
  .max(200)
  .default([]);
const path = z.string().regex(/^\/[^\s*]{0,200}$/, 'write the beginning of a path, such as /api/v1/auth');

const limit = z.strictObject({
  perMinute: z.int().min(1).max(1_000_000),
  burst: z.int().min(1).max(100).default(5).describe('So many times the limit at once'),
});
export type ReviewedLimit = z.infer<typeof limit>;

const fields = z.strictObject({
  form: z
    .enum(['ingress', 'api'])
    .describe(
      'Who limits and blocks: annotations that an ingress controller reads, or the API of the platform (NQBA_API_URL, NQBA_API_TOKEN), whose scopes `limits` names then',
    ),
  ingress: z
    .strictObject({
      namespace: name.describe('One of `namespaces`, by its name there'),
      annotations: name.default('nginx.ingress.kubernetes.io').describe('Prefix of the annotations that its controller reads'),
      objects: z
        .record(name, name)
        .describe(
          'Ingresses by the class of their routes; an annotation binds a whole Ingress, so a class that is limited first has none but its routes',
        ),
      own: name
        .optional()
        .describe(
          'Name of an Ingress that an incident may make for the routes of low priority where they share theirs, once people approve; it is removed with the limit',
        ),
    })
    .refine(({ own, objects }) => own === undefined || !Object.values(objects).includes(own), {
      path: ['own'],
      error: 'name one that is not among `objects`: an incident makes it, and removes it again',
    })
    .optional()
    .describe('Needed for "ingress"'),
  routes: z
    .strictObject({
      essential: z.array(path).min(1).describe('Never limited below their reviewed limit: login, job status, health'),
      low: z.array(path).default([]).describe('Limited first: batch, exports, demos, analytics'),
    })
    .describe('Beginnings of paths'),
  limits: z
    .record(z.string().regex(/^(class|tier|route):[\w-]{1,60}$/, 'write class:<name>, tier:<name> or route:<name>'), limit)
    .describe('Reviewed limits, by their scope'),
  settings: z
    .strictObject({
      configMap: name.describe('One of `configMaps`'),
      values: z.record(name, z.string()).describe('Reviewed values of the keys that limit calls in the code'),
    })
    .optional()
    .describe('Limits that the code reads from a ConfigMap'),
  tiers: z
    .record(
      name,
      z.strictObject({
        jobsPerMonth: z.int().min(0),
        callsPerDay: z.int().min(0),
        price: z.int().min(0).optional().describe('Minor units a month'),
      }),
    )
    .default({})
    .describe('Reviewed quotas and prices by tier: those of the code and of the price list are held against them'),
  never: z
    .strictObject({
      own: cidrs.describe('Of the platform itself, its load balancers and offices'),
      monitoring: cidrs.describe('Probes and synthetic customers'),
      allowed: cidrs.describe('Customers and partners that are never limited'),
      cdn: cidrs.describe('Behind which many customers have one address'),
      webhooks: cidrs.describe('Payment providers that call us'),
      egress: cidrs.describe('The addresses that our own calls come from'),
    })
    .prefault({})
    .describe('Addresses that are never limited by address, and never blocked'),
});
export type Gateway = z.infer<typeof fields>;

export const gateway = fields
  .refine(({ form, ingress }) => form !== 'ingress' || ingress !== undefined, {
    path: ['ingress'],
    error: '"ingress" needs its Ingresses: { "namespace": "platform", "objects": { "all": "my-ingress" } }',
  })
  .optional()
  .describe('Absent where runbooks limit and block nothing: runbooks that need it are not available then');
