/** Charges of a frozen list at a stand-in of Stripe, each refunded in part. */

import { freeze } from '../../../../activities/engine/frozen-list.ts';
import type { Act, ListCase } from '../case.ts';

export const correctCharges: ListCase = {
  is: 'list',
  name: 'correctCharges',
  to: 'stripe',
  async world({ on, incident }) {
    const charges = [];
    for (const amount of [10_000, 20_000, 30_000]) charges.push(await on.paying.charge(amount));
    const items = charges.map(charge => ({ ...charge, refunded: 0, excess: 100, rule: 'price' }));
    const listed = async (these: object[]): Promise<Act> => {
      const list = await freeze(on.artifacts(incident), 'wrong charges', these);
      return (by, call) => by.billing.correctCharges({ list, as: 'refund' }, call);
    };
    return {
      act: await listed(items),
      otherwise: await listed(items.slice(1)),
      tooMany: await listed(Array.from({ length: 10_001 }, (_, index) => ({ ...items[0], charge: `ch_${index}` }))),
      items: charges.map(({ charge }) => charge),
    };
  },
};
