/** What creates charges: the settings of a CronJob and its ConfigMap, and no pod starts again. */

import { at } from '../../stage.ts';
import type { Act, SettingCase } from '../case.ts';

const of =
  (customers: '0%' | '5%' | '100%'): Act =>
  ({ billing }, call) =>
    billing.setCharging({ customers }, call);

export const setCharging: SettingCase = {
  is: 'setting',
  name: 'setCharging',
  stays: true,
  to: 'kubernetes',
  world: async ({ on }) => ({
    act: of('0%'),
    otherwise: of('5%'),
    touches: [at.charging, at.billing],
    meddle: () => on.bob.patch(at.billing, { data: { BILLING_CHARGING_ENABLED: 'perhaps' } }),
    harmless: () => on.bob.patch(at.charging, { spec: { successfulJobsHistoryLimit: 7 } }),
  }),
};
