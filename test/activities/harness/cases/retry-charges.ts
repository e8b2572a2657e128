/** Open invoices of a frozen list at a stand-in of Stripe, whose charges have failed at the provider. */

import { freeze } from '../../../../activities/engine/frozen-list.ts';
import type { Act, ListCase } from '../case.ts';

export const retryCharges: ListCase = {
  is: 'list',
  name: 'retryCharges',
  to: 'stripe',
  async world({ on, incident }) {
    on.set('stripe', 'failing');
    const invoices = [];
    for (const amount of [10_000, 20_000, 30_000]) invoices.push(await on.paying.invoice(amount));
    on.set('stripe', 'healthy');
    const items = invoices.map(invoice => ({ ...invoice, reason: 'processing_error' }));
    const listed = async (these: object[]): Promise<Act> => {
      const list = await freeze(on.artifacts(incident), 'failed charges', these);
      return (by, call) => by.billing.retryCharges({ list }, call);
    };
    return {
      act: await listed(items),
      otherwise: await listed(items.slice(1)),
      tooMany: await listed(Array.from({ length: 10_001 }, (_, index) => ({ ...items[0], invoice: `in_${index}` }))),
      items: invoices.map(({ invoice }) => invoice),
    };
  },
};
