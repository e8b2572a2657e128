/** The intake of the hub: its record in the artifact store, and an end that nobody has to order. */

import type { Stage } from '../../stage.ts';
import type { Act, SettingCase } from '../case.ts';

const of =
  (percent: number): Act =>
  ({ quantum }, call) =>
    quantum.setIntake({ percent }, call);

const put = (on: Stage, path: string, body: object) => on.hub(path, { method: 'PUT', body: JSON.stringify(body) });

export const setIntake: SettingCase = {
  is: 'setting',
  name: 'setIntake',
  to: 'api',
  notOffered: ['404'],
  async world({ on }) {
    await put(on, '/intake', { percent: 100 });
    return {
      act: of(50),
      otherwise: of(60),
      touches: ['/intake'],
      meddle: () => put(on, '/intake', { percent: 12 }),
      harmless: () => put(on, '/order', { classes: ['urgent', 'high'] }),
    };
  },
};
