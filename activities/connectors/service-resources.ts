/** The ways to pods: Services, their EndpointSlices, and Ingresses. */

import { z } from 'zod';
import { kubeObject, labels, type Resource } from './resources.ts';

const port = z.looseObject({ name: z.string().default(''), port: z.number() });

const service = kubeObject.extend({
  spec: z.looseObject({ type: z.string().default('ClusterIP'), selector: labels, ports: z.array(port).default([]) }).prefault({}),
});
export type Service = z.infer<typeof service>;

/** An endpoint that does not say whether it is ready counts as ready. */
const endpoint = z.looseObject({
  conditions: z.looseObject({ ready: z.boolean().nullish() }).prefault({}),
});
const endpointSlice = kubeObject.extend({ endpoints: z.array(endpoint).nullish() });
export type EndpointSlice = z.infer<typeof endpointSlice>;

const backend = z.looseObject({
  service: z
    .looseObject({
      name: z.string(),
      port: z.looseObject({ name: z.string().optional(), number: z.number().optional() }).prefault({}),
    })
    .optional(),
});
export type Backend = z.infer<typeof backend>;

const ingress = kubeObject.extend({
  spec: z
    .looseObject({
      defaultBackend: backend.optional(),
      rules: z
        .array(
          z.looseObject({
            host: z.string().default(''),
            http: z
              .looseObject({ paths: z.array(z.looseObject({ path: z.string().default('/'), backend })).default([]) })
              .optional(),
          }),
        )
        .default([]),
      tls: z.array(z.looseObject({ secretName: z.string().optional() })).default([]),
    })
    .prefault({}),
  status: z
    .looseObject({
      loadBalancer: z
        .looseObject({
          ingress: z.array(z.looseObject({ ip: z.string().optional(), hostname: z.string().optional() })).default([]),
        })
        .prefault({}),
    })
    .prefault({}),
});
export type Ingress = z.infer<typeof ingress>;

export const services: Resource<Service> = { kind: 'Service', api: '/api/v1', plural: 'services', schema: service };
export const endpointSlices: Resource<EndpointSlice> = {
  kind: 'EndpointSlice',
  api: '/apis/discovery.k8s.io/v1',
  plural: 'endpointslices',
  schema: endpointSlice,
};
/** To read what it leads to; it is written as any object. */
export const ingressRoutes: Resource<Ingress> = {
  kind: 'Ingress',
  api: '/apis/networking.k8s.io/v1',
  plural: 'ingresses',
  schema: ingress,
};
