/** A rollout of one Deployment under an autoscaler, and nothing else. */

import type { Workload } from '../../../../workflows/contract/index.ts';
import { at } from '../../stage.ts';
import type { Act, SettingCase } from '../case.ts';
import { image } from './set-fallback.ts';

const of =
  (workload: Workload): Act =>
  ({ kubernetes }, call) =>
    kubernetes.restart({ workload }, call);

export const restart: SettingCase = {
  is: 'setting',
  name: 'restart',
  to: 'kubernetes',
  rolls: true,
  undo: 'a restart is an event',
  world: async ({ on }) => ({
    act: of('worker'),
    otherwise: of('batch'),
    touches: [at.worker],
    meddle: () => on.bob.patch(at.worker, image('nqba/worker:2')),
    harmless: () => on.bob.patch(at.worker, { spec: { replicas: 3 } }),
  }),
};
