/** Where records are pinned, by two keys of a ConfigMap, and a restart of who reads them. */

import type { Platform } from '../../../../activities/platform.ts';
import type { Nqba } from '../../../support/nqba.ts';
import { at } from '../../stage.ts';
import type { Act, Prepared, SettingCase, Situation } from '../case.ts';
import { image } from './set-fallback.ts';

const to =
  (input: { target: 'backup'; enabled: boolean; other?: boolean }): Act =>
  ({ ipfs }, call) =>
    ipfs.setPinning(input, call);

const toBackup = to({ target: 'backup', enabled: true, other: false });

const around = ({ on }: Prepared): Omit<Situation, 'act' | 'otherwise'> => ({
  touches: [at.config, at.worker, at.batch],
  meddle: () => on.bob.patch(at.config, { data: { IPFS_BACKUP_ENABLED: 'perhaps' } }),
  rests: () => on.bob.patch(at.worker, image('nqba/worker:2')),
  harmless: () => on.bob.patch(at.worker, { spec: { replicas: 3 } }),
});

/** On the practice platform the worker alone reads the ConfigMap. */
const platform = (nqba: Nqba): Platform => ({ ...nqba, ipfs: nqba.ipfs && { ...nqba.ipfs, workloads: ['worker'] } });

export const setPinning: SettingCase = {
  is: 'setting',
  name: 'setPinning',
  way: 'to the second',
  to: 'kubernetes',
  rolls: true,
  platform,
  world: async prepared => ({ ...around(prepared), act: toBackup, otherwise: to({ target: 'backup', enabled: true }) }),
};

export const pinningAsBefore: SettingCase = {
  is: 'setting',
  name: 'setPinning',
  way: 'as before',
  to: 'kubernetes',
  rolls: true,
  restores: true,
  undo: 'it is a way back itself',
  platform,
  async world(prepared) {
    await prepared.carriedOut(toBackup, `${prepared.incident}/Phase/Activate/1`);
    return { ...around(prepared), act: to({ target: 'backup', enabled: false, other: true }), otherwise: toBackup };
  },
};
