/** The order of waiting jobs, and those that are held: its record in the artifact store. */

import type { Stage } from '../../stage.ts';
import type { Act, SettingCase } from '../case.ts';

const held =
  (hold: string[]): Act =>
  ({ quantum }, call) =>
    quantum.prioritizeJobs({ classes: ['urgent', 'high'], hold }, call);

const put = (on: Stage, path: string, body: object) => on.hub(path, { method: 'PUT', body: JSON.stringify(body) });

export const prioritizeJobs: SettingCase = {
  is: 'setting',
  name: 'prioritizeJobs',
  to: 'api',
  notOffered: ['404'],
  async world({ on }) {
    await put(on, '/order', { classes: ['urgent', 'high', 'normal', 'low'] });
    return {
      act: held(['low']),
      otherwise: held(['low', 'normal']),
      touches: ['/order'],
      meddle: () => put(on, '/order', { classes: ['low'] }),
      harmless: () => put(on, '/intake', { percent: 50 }),
    };
  },
};
