/** The price list in force at the platform, by its version: its record in the artifact store. */

import assert from 'node:assert/strict';
import { billingOf, type Platform } from '../../../../activities/platform.ts';
import type { Nqba } from '../../../support/nqba.ts';
import type { Stage } from '../../stage.ts';
import type { Act, SettingCase } from '../case.ts';

const of =
  (version: string): Act =>
  ({ billing }, call) =>
    billing.applyPricing({ version }, call);

/** As somebody else. */
async function select({ operators: { billing } }: Stage, version: string) {
  const now = await billing.prices();
  if (now.version !== version) await billing.selectPrices(version, now.version);
}

function twoReviewed(nqba: Nqba): Platform {
  const billing = billingOf(nqba);
  const [first] = billing.prices;
  assert.ok(first);
  return {
    ...nqba,
    billing: { ...billing, prices: [{ ...first, version: 'payment-document', from: '2024-01-01T00:00:00Z' }, first] },
  };
}

export const applyPricing: SettingCase = {
  is: 'setting',
  name: 'applyPricing',
  stays: true,
  to: 'api',
  platform: twoReviewed,
  async world({ on }) {
    await select(on, 'pricing-json');
    return {
      act: of('reviewed'),
      otherwise: of('payment-document'),
      touches: ['/prices'],
      meddle: () => select(on, 'payment-document'),
      harmless: () => on.hub('/intake', { method: 'PUT', body: JSON.stringify({ percent: 50 }) }),
    };
  },
};
