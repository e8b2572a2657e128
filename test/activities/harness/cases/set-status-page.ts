/** The public page: one component, its record in the artifact store. */

import type { ComponentStatus } from '../../../../activities/comms/status-page.ts';
import type { Act, SettingCase } from '../case.ts';
import type { Stage } from '../../stage.ts';

const saying =
  (status: ComponentStatus): Act =>
  ({ comms }, call) =>
    comms.setStatusPage({ component: 'quantum', status, text: 'degraded' }, call);

/** Components as the page of the practice platform has them. */
const [quantum, billing] = ['qc7c0mput1ng', 'b1ll1ng00000'];

const shows = (on: Stage, id: string, status: string) =>
  on.page(`/components/${id}`, { method: 'PATCH', body: JSON.stringify({ component: { status } }) });

export const setStatusPage: SettingCase = {
  is: 'setting',
  name: 'setStatusPage',
  to: 'statuspage',
  async world({ on }) {
    await shows(on, quantum, 'operational');
    await shows(on, billing, 'operational');
    return {
      act: saying('partial_outage'),
      otherwise: saying('major_outage'),
      touches: ['/components'],
      meddle: () => shows(on, quantum, 'degraded_performance'),
      harmless: () => shows(on, billing, 'partial_outage'),
    };
  },
};
