/** NetworkPolicies and Ingresses, as far as we read them. */

import { z } from 'zod';
import { kubeObject, type KubeObject, labels, type Resource } from './resources.ts';

const selector = z.looseObject({
  matchLabels: labels,
  matchExpressions: z
    .array(z.looseObject({ key: z.string(), operator: z.string(), values: z.array(z.string()).default([]) }))
    .default([]),
});
export type Selector = z.infer<typeof selector>;

/** A rule without peers is for all of them, one without ports for all ports. */
const egressRule = z.looseObject({
  to: z
    .array(z.looseObject({ ipBlock: z.looseObject({ cidr: z.string(), except: z.array(z.string()).default([]) }).optional() }))
    .default([]),
  ports: z
    .array(
      z.looseObject({
        protocol: z.string().default('TCP'),
        port: z.union([z.number(), z.string()]).optional(),
        endPort: z.number().optional(),
      }),
    )
    .default([]),
});
export type EgressRule = z.infer<typeof egressRule>;

const networkPolicy = kubeObject.extend({
  spec: z.looseObject({
    podSelector: selector.prefault({}),
    policyTypes: z.array(z.string()).optional(),
    egress: z.array(egressRule).default([]),
  }),
});
export type NetworkPolicy = z.infer<typeof networkPolicy>;

export const networkPolicies: Resource<NetworkPolicy> = {
  kind: 'NetworkPolicy',
  api: '/apis/networking.k8s.io/v1',
  plural: 'networkpolicies',
  schema: networkPolicy,
};

export const ingresses: Resource<KubeObject> = {
  kind: 'Ingress',
  api: '/apis/networking.k8s.io/v1',
  plural: 'ingresses',
  schema: kubeObject,
};
