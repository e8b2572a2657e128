/** Requests and limits of a container of a Deployment under an autoscaler. */

import { at } from '../../stage.ts';
import type { Act, SettingCase } from '../case.ts';
import { image } from './set-fallback.ts';

const to =
  (cpu: string): Act =>
  ({ kubernetes }, call) =>
    kubernetes.setResources({ workload: 'worker', requests: { cpu: '2', memory: '4Gi' }, limits: { cpu } }, call);

export const setResources: SettingCase = {
  is: 'setting',
  name: 'setResources',
  to: 'kubernetes',
  rolls: true,
  world: async ({ on }) => ({
    act: to('5'),
    otherwise: to('6'),
    touches: [at.worker],
    meddle: () => {
      const containers = [{ name: 'worker', resources: { limits: { cpu: '6' } } }];
      return on.bob.patch(at.worker, { spec: { template: { spec: { containers } } } });
    },
    rests: () => on.bob.patch(at.worker, image('nqba/worker:2')),
    harmless: () => on.bob.patch(at.worker, { spec: { replicas: 3 } }),
  }),
};
