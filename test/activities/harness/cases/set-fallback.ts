/** The circuit breaker, opened and closed: a ConfigMap, and a Deployment under an autoscaler that restarts with it. */

import type { Act, Prepared, SettingCase, Situation } from '../case.ts';
import { at } from '../../stage.ts';

const turned =
  (enabled: boolean): Act =>
  ({ quantum }, call) =>
    quantum.setFallback({ enabled }, call);

const around = ({ on }: Prepared): Omit<Situation, 'act' | 'otherwise'> => ({
  touches: [at.config, at.worker, at.batch],
  meddle: () => on.bob.patch(at.config, { data: { QUANTUM_BACKEND: 'hybrid' } }),
  rests: () => on.bob.patch(at.worker, image('nqba/worker:2')),
  harmless: () => on.bob.patch(at.worker, { spec: { replicas: 3 } }),
});

export const image = (name: string) => ({ spec: { template: { spec: { containers: [{ name: 'worker', image: name }] } } } });

export const opening: SettingCase = {
  is: 'setting',
  name: 'setFallback',
  way: 'on',
  to: 'kubernetes',
  rolls: true,
  world: async prepared => ({ ...around(prepared), act: turned(true), otherwise: turned(false) }),
};

const asOpened = async (prepared: Prepared) => {
  const { takeBack } = await prepared.carriedOut(turned(true), `${prepared.incident}/Phase/Open/1`);
  if (!takeBack) throw new Error('The breaker was not opened');
  return takeBack;
};

export const closing: SettingCase = {
  is: 'setting',
  name: 'setFallback',
  way: 'off',
  to: 'kubernetes',
  rolls: true,
  restores: true,
  undo: 'it is a way back itself',
  async world(prepared) {
    await asOpened(prepared);
    return { ...around(prepared), act: turned(false), otherwise: turned(true) };
  },
};

export const takingBack: SettingCase = {
  is: 'setting',
  name: 'takeBack',
  to: 'kubernetes',
  rolls: true,
  restores: true,
  undo: 'it is a way back itself',
  async world(prepared) {
    const takeBack = await asOpened(prepared);
    const other = { ...takeBack, key: `${prepared.incident}/Phase/Other/1` };
    return {
      ...around(prepared),
      act: ({ kubernetes }, call) => kubernetes.takeBack({ takeBack }, call),
      otherwise: ({ kubernetes }, call) => kubernetes.takeBack({ takeBack: other }, call),
    };
  },
};
