/** HorizontalPodAutoscalers with what they scale by, and what they measure now. */

import { z } from 'zod';
import { autoscaler } from './health-resources.ts';
import { count, type Resource } from './resources.ts';

const named = z.looseObject({ name: z.string() });
const onMetric = z.looseObject({ metric: named });

/** An entry without its type stands for a metric that could not be read. */
const metric = z
  .looseObject({
    type: z.string().default(''),
    resource: named.optional(),
    containerResource: named.optional(),
    pods: onMetric.optional(),
    object: onMetric.optional(),
    external: onMetric.optional(),
  })
  .transform(({ resource, containerResource, pods, object, external }) => {
    const custom = pods ?? object ?? external;
    return { name: (resource ?? containerResource ?? custom?.metric)?.name, isResource: custom === undefined };
  });

const metrics = z
  .array(metric)
  .nullish()
  .transform(all => all ?? []);

const scaled = autoscaler.extend({
  spec: autoscaler.shape.spec.extend({ metrics }),
  status: autoscaler.shape.status.unwrap().extend({ currentReplicas: count, currentMetrics: metrics }).prefault({}),
});
export type Scaled = z.infer<typeof scaled>;

export const scaledBy: Resource<Scaled> = {
  kind: 'HorizontalPodAutoscaler',
  api: '/apis/autoscaling/v2',
  plural: 'horizontalpodautoscalers',
  schema: scaled,
};
