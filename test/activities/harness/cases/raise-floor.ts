/** The floor of an autoscaler, which then adds the pods by itself. */

import { at } from '../../stage.ts';
import type { Act, SettingCase } from '../case.ts';

const to =
  (atLeast: number): Act =>
  ({ kubernetes }, call) =>
    kubernetes.raiseFloor({ workload: 'worker', atLeast }, call);

export const raiseFloor: SettingCase = {
  is: 'setting',
  name: 'raiseFloor',
  to: 'kubernetes',
  world: async ({ on }) => ({
    act: to(4),
    otherwise: to(3),
    touches: [at.floor],
    meddle: () => on.bob.patch(at.floor, { spec: { minReplicas: 3 } }),
    harmless: () => on.bob.patch(at.worker, { spec: { replicas: 3 } }),
  }),
};
