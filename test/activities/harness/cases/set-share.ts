/** A share of the jobs by a key that pods read while they run: one ConfigMap, and no pod starts again. */

import { at } from '../../stage.ts';
import type { Act, SettingCase } from '../case.ts';
import { settled } from './settled.ts';

const share = 'QUANTUM_SHARE_PERCENT';
const of =
  (percent: number): Act =>
  ({ quantum }, call) =>
    quantum.setShare({ percent }, call);

export const setShare: SettingCase = {
  is: 'setting',
  name: 'setShare',
  stays: true,
  to: 'kubernetes',
  platform: platform => ({
    ...platform,
    quantum: { ...platform.quantum, ramp: 'runtime', share: { key: share, polledBy: [] } },
  }),
  async world({ on }) {
    const mount = { name: 'settings', mountPath: '/etc/nqba' };
    const volumes = [{ name: 'settings', configMap: { name: 'nqba-config' } }];
    const containers = [{ name: 'worker', volumeMounts: [mount] }];
    await on.you.patch(at.config, { data: { [share]: '100' } });
    await on.you.patch(at.worker, { spec: { template: { spec: { containers, volumes } } } });
    await settled(on, at.worker);
    return {
      act: of(50),
      otherwise: of(60),
      touches: [at.config, at.worker, at.batch],
      meddle: () => on.bob.patch(at.config, { data: { [share]: '12' } }),
      harmless: () => on.bob.patch(at.worker, { spec: { replicas: 3 } }),
    };
  },
};
