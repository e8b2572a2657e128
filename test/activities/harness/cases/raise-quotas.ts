/** Quotas of customers, by the platform's own API: one customer, as each is a call of its own. */

import { freeze } from '../../../../activities/engine/frozen-list.ts';
import type { Override } from '../../../../activities/connectors/operator-api/entitlements.ts';
import type { Stage } from '../../stage.ts';
import type { Act, SettingCase } from '../case.ts';

const customer = 'customer-7';

const override = ({ operator }: Stage, raised: Omit<Override, 'until'>) => {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  return operator(`/v1/entitlements/user/${customer}/override`, { method: 'PUT', body: JSON.stringify({ ...raised, until }) });
};

export const raiseQuotas: SettingCase = {
  is: 'setting',
  name: 'raiseQuotas',
  stays: true,
  to: 'api',
  notOffered: ['404'],
  async world({ on, incident }) {
    await on.operators.entitlements.clearOverride(customer);
    const item = { customer, of: 'jobs_per_month', used: 1000, allowed: 1000 };
    const list = await freeze(on.artifacts(incident), 'customers near their quota', [item]);
    const by =
      (part: number): Act =>
      ({ gateway }, call) =>
        gateway.raiseQuotas({ list, by: part }, call);
    return {
      act: by(0.5),
      otherwise: by(0.2),
      touches: [`/v1/entitlements/user/${customer}`],
      meddle: () => override(on, { jobs_per_month: 1200 }),
      harmless: () => on.hub('/intake', { method: 'PUT', body: JSON.stringify({ percent: 50 }) }),
    };
  },
};
