/** The two writes of a change: the ConfigMap with its record, and the restart of each workload with its record. */

import type { Patch } from '../connectors/kubernetes.ts';
import type { Draft } from './draft.ts';
import { restartStamp } from './view.ts';

/** A version makes the API server refuse the patch when somebody was faster. */
export const configMapPatch = ({ fields, annotations }: Draft['configMap'], resourceVersion?: string): Patch => ({
  as: 'merge',
  body: {
    metadata: { ...(resourceVersion && { resourceVersion }), annotations },
    ...(fields.length > 0 && { data: Object.fromEntries(fields.map(({ field, after }) => [field, after])) }),
  },
});

/** The stamp is the key, so that a retry is no second rollout. */
export const workloadPatch = (
  { restart, annotations }: Draft['workloads'][number],
  key: string,
  resourceVersion?: string,
): Patch => ({
  as: 'strategic',
  body: {
    metadata: { ...(resourceVersion && { resourceVersion }), annotations },
    ...(restart && { spec: { template: { metadata: { annotations: { [restartStamp]: key } } } } }),
  },
});
