/** Where records are pinned, by two keys of a ConfigMap, and a restart of who reads them. */

import { at } from '../../stage.ts';
import type { Act, SettingCase } from '../case.ts';
import { image } from './set-fallback.ts';

const to =
  (input: { target: 'backup'; enabled: boolean; other?: boolean }): Act =>
  ({ ipfs }, call) =>
    ipfs.setPinning(input, call);

export const setPinning: SettingCase = {
  is: 'setting',
  name: 'setPinning',
  to: 'kubernetes',
  rolls: true,
  // On the practice platform the worker alone reads the ConfigMap.
  platform: nqba => ({ ...nqba, ipfs: nqba.ipfs && { ...nqba.ipfs, workloads: ['worker'] } }),
  world: async ({ on }) => ({
    act: to({ target: 'backup', enabled: true, other: false }),
    otherwise: to({ target: 'backup', enabled: true }),
    touches: [at.config, at.worker, at.batch],
    meddle: () => on.bob.patch(at.config, { data: { IPFS_BACKUP_ENABLED: 'perhaps' } }),
    rests: () => on.bob.patch(at.worker, image('nqba/worker:2')),
    harmless: () => on.bob.patch(at.worker, { spec: { replicas: 3 } }),
  }),
};
