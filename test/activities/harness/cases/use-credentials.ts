/** The credentials of IPFS from a Secret, in three Deployments that take none so far; a real Kubo accepts them. */

import { at } from '../../stage.ts';
import type { Stage } from '../../stage.ts';
import type { Act, SettingCase } from '../case.ts';

const from =
  (secret: string): Act =>
  ({ kubernetes }, call) =>
    kubernetes.useSecret({ secret, of: 'ipfs' }, call);

const elsewhere = {
  name: 'IPFS_PROJECT_ID',
  valueFrom: { secretKeyRef: { name: 'bobs', key: 'project-id', optional: true } },
};
const encoded = (text: string) => Buffer.from(text).toString('base64');
const dataOf = (secret: string) => ({ 'project-id': encoded('nqba'), 'project-secret': encoded(secret) });

async function put(on: Stage, name: string) {
  await on.you.remove(`${at.secrets}/${name}`).catch(() => undefined);
  await on.you.create(at.secrets, { metadata: { name }, data: dataOf(`of ${name}`) });
}

export const useCredentials: SettingCase = {
  is: 'setting',
  name: 'useSecret',
  way: 'of IPFS',
  stays: true,
  to: 'kubernetes',
  rolls: true,
  async world({ on }) {
    await on.ipfsRuns();
    await put(on, 'nqba-ipfs-a');
    await put(on, 'nqba-ipfs-b');
    return {
      act: from('nqba-ipfs-a'),
      otherwise: from('nqba-ipfs-b'),
      touches: [at.worker, at.batch, at.api],
      meddle: () =>
        on.bob.patch(at.batch, { spec: { template: { spec: { containers: [{ name: 'worker', env: [elsewhere] }] } } } }),
      rests: () => on.you.patch(`${at.secrets}/nqba-ipfs-a`, { data: dataOf('another') }),
      harmless: () => on.bob.patch(at.worker, { spec: { replicas: 3 } }),
      systems: { kubo: on.pins },
    };
  },
};
