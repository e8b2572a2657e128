/** The Dynex key from another Secret: three Deployments, one after the other, one of them under an autoscaler. */

import { at } from '../../stage.ts';
import { next, putSecret } from '../../rotation.ts';
import type { Act, SettingCase } from '../case.ts';

const from =
  (secret: string): Act =>
  ({ kubernetes }, call) =>
    kubernetes.useSecret({ secret }, call);

const elsewhere = {
  name: 'DYNEX_API_KEY',
  valueFrom: { secretKeyRef: { name: 'bobs', key: 'dynex-api-key', optional: true } },
};

export const useSecret: SettingCase = {
  is: 'setting',
  name: 'useSecret',
  stays: true,
  to: 'kubernetes',
  rolls: true,
  async world({ on }) {
    await on.you.remove(`${at.secrets}/${next}`).catch(() => undefined);
    await putSecret(on, next, 'dnx_new_9b1d');
    return {
      act: from(next),
      otherwise: from('nqba-secrets'),
      touches: [at.worker, at.batch, at.api],
      meddle: () =>
        on.bob.patch(at.batch, { spec: { template: { spec: { containers: [{ name: 'worker', env: [elsewhere] }] } } } }),
      rests: () =>
        on.you.patch(`${at.secrets}/${next}`, { data: { 'dynex-api-key': Buffer.from('dnx_new_2c').toString('base64') } }),
      harmless: () => on.bob.patch(at.worker, { spec: { replicas: 3 } }),
    };
  },
};
