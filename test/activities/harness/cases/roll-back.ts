/** The whole pod template of a Deployment under an autoscaler: back to the release that served. */

import { connectKubernetes } from '../../../../activities/connectors/kubernetes.ts';
import { connectPrometheus } from '../../../../activities/connectors/prometheus.ts';
import { replicaSets } from '../../../../activities/connectors/resources.ts';
import { prometheus } from '../../../../lab/stand-ins/prometheus.ts';
import { surroundings } from '../../../../lab/stand-ins/stand-in.ts';
import type { Workload } from '../../../../workflows/contract/index.ts';
import { at, clock, type Stage } from '../../stage.ts';
import type { Act, SettingCase } from '../case.ts';
import { settled } from './settled.ts';

const of =
  (workload: Workload): Act =>
  ({ kubernetes }, call) =>
    kubernetes.rollBack({ workload }, call);

const release = (on: Stage, tag: string) =>
  on.bob.patch(at.api, { spec: { template: { spec: { containers: [{ name: 'api', image: `nqba-platform/api:${tag}` }] } } } });

/** A Prometheus that has seen the pods of this release ready for an hour. */
async function served(on: Stage, tag: string) {
  const kubernetes = connectKubernetes({ kubeconfig: on.cluster.kubeconfigs.you }, clock);
  const all = await kubernetes.list(replicaSets, 'nqba-platform', { component: 'api' });
  const sets = all
    .filter(({ spec }) => spec.template.spec.containers.some(({ image = '' }) => image.endsWith(`:${tag}`)))
    .flatMap(({ metadata: { name } }) => [
      { set: name, from: Date.now() - 3_600_000, wanted: 3, ready: 3 },
      { set: name, from: Date.now(), wanted: 3, ready: 0 },
    ]);
  const around = surroundings({ state: () => 'healthy', record: () => undefined });
  const { fetch } = prometheus(around, () => ({ pods: [], systems: [], sets }));
  return { prometheus: connectPrometheus({ url: 'http://prometheus' }, { ...clock, fetch: async request => fetch(request) }) };
}

export const rollBack: SettingCase = {
  is: 'setting',
  name: 'rollBack',
  stays: true,
  to: 'kubernetes',
  alone: 'a second incident would roll back further',
  async world({ on }) {
    for (const tag of ['1.4.0', '1.5.0']) {
      await release(on, tag);
      await settled(on, at.api);
    }
    return {
      act: of('api'),
      otherwise: of('worker'),
      touches: [at.api],
      meddle: () => release(on, '1.5.1'),
      harmless: () => on.bob.patch(at.api, { spec: { replicas: 4 } }),
      systems: await served(on, '1.4.0'),
    };
  },
};
