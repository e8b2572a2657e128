/** A replica less, the floor of the autoscaler first: two objects, no pod starts again. */

import { at } from '../../stage.ts';
import type { Act, SettingCase } from '../case.ts';
import { limited, settled } from './settled.ts';

const forThe =
  (role: 'worker' | 'batch'): Act =>
  ({ kubernetes }, call) =>
    kubernetes.giveBackReplica({ for: [role] }, call);

export const giveBackReplica: SettingCase = {
  is: 'setting',
  name: 'giveBackReplica',
  to: 'kubernetes',
  async world({ on }) {
    const scaled = async (count: number, hard: string, used: string) => {
      await limited(on, '100');
      await on.bob.patch(at.floor, { spec: { minReplicas: count } });
      await on.bob.patch(at.worker, { spec: { replicas: count } });
      await settled(on, at.worker);
      await limited(on, hard, used);
    };
    await scaled(3, '27', '26');
    return {
      act: forThe('worker'),
      otherwise: forThe('batch'),
      touches: [at.floor, at.worker],
      meddle: () => on.bob.patch(at.worker, { spec: { replicas: 0 } }),
      rests: () => scaled(2, '23', '22'),
      harmless: () => on.bob.patch(at.worker, { metadata: { labels: { seen: 'yes' } } }),
      second: async () => {
        await settled(on, at.worker);
        await limited(on, '23', '22');
      },
      room: () => limited(on, '100'),
    };
  },
};
