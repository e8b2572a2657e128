/** A value of a ConfigMap, and a restart of the Deployment that reads it at start. */

import { at } from '../../stage.ts';
import type { Act, SettingCase } from '../case.ts';
import { image } from './set-fallback.ts';

const to =
  (timeout: string): Act =>
  ({ kubernetes }, call) =>
    kubernetes.setConfigMap({ configMap: 'quantum', values: { QUANTUM_TIMEOUT: timeout } }, call);

export const setConfigMap: SettingCase = {
  is: 'setting',
  name: 'setConfigMap',
  to: 'kubernetes',
  rolls: true,
  world: async ({ on }) => ({
    act: to('300'),
    otherwise: to('200'),
    touches: [at.config, at.worker, at.batch],
    meddle: () => on.bob.patch(at.config, { data: { QUANTUM_TIMEOUT: '450' } }),
    rests: () => on.bob.patch(at.worker, image('nqba/worker:2')),
    harmless: () => on.bob.patch(at.worker, { spec: { replicas: 3 } }),
  }),
};
