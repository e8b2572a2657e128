/** Stripe on the stage: charges as the platform makes them, and what our workers have moved. */

import { z } from 'zod';
import type { Clock, Fetch } from '../../activities/connectors/http.ts';
import { connectStripe } from '../../activities/connectors/stripe.ts';

/** Keeps what moves money, by the item that it is of: `refund/ch_1`, `pay/in_1`. */
export const notingMoney =
  (noted: string[], fetch: Fetch): Fetch =>
  async request => {
    const moved = await moneyMovedBy(request.clone());
    const answer = await fetch(request);
    if (answer.ok && moved !== undefined) noted.push(moved);
    return answer;
  };

/** Nothing for a read, or for what only leaves a mark. */
async function moneyMovedBy(request: Request): Promise<string | undefined> {
  const { pathname } = new URL(request.url);
  if (request.method !== 'POST') return undefined;
  const [, invoice] = /^\/v1\/invoices\/([^/]+)\/pay$/.exec(pathname) ?? [];
  if (invoice !== undefined) return `pay/${invoice}`;
  return pathname === '/v1/refunds' ? `refund/${new URLSearchParams(await request.text()).get('charge')}` : undefined;
}

const made = z.looseObject({ id: z.string().optional(), latest_charge: z.string().nullish() });

/** The platform's own calls, each under a key of its own, which has a limit of its own. */
export function paying(fetch: Fetch, clock: Clock) {
  const second = connectStripe({ url: 'http://stripe', key: 'sk_test_finance' }, { ...clock, fetch });

  async function post(path: string, form: Record<string, string>) {
    const headers = { authorization: `Bearer sk_test_${crypto.randomUUID()}` };
    const body = new URLSearchParams(form);
    const answer = await fetch(new Request(`http://stripe/v1/${path}`, { method: 'POST', headers, body }));
    return made.parse(await answer.json());
  }

  async function customer(method?: string): Promise<string> {
    const card: Record<string, string> = method ? { 'invoice_settings[default_payment_method]': method } : {};
    return (await post('customers', { name: 'A customer', ...card })).id ?? '';
  }

  return {
    /** As finance in the dashboard. */
    second,
    post,

    async charge(amount: number, { method = 'pm_card_visa', currency = 'usd' } = {}) {
      const of = await customer();
      const form = { amount: String(amount), currency, customer: of, payment_method: method, confirm: 'true' };
      const { latest_charge: charge } = await post('payment_intents', form);
      return { charge: charge ?? '', customer: of, amount, currency };
    },

    /** Paid, or open where the card was declined. */
    async invoice(amount: number, { method = 'pm_card_visa', currency = 'usd' } = {}) {
      const of = await customer(method);
      await post('invoiceitems', { customer: of, amount: String(amount), currency });
      const include = { pending_invoice_items_behavior: 'include' };
      const { id = '' } = await post('invoices', { customer: of, currency, auto_advance: 'false', ...include });
      await post(`invoices/${id}/finalize`, {});
      await post(`invoices/${id}/pay`, {});
      const [charge] = (await second.charges({ customer: of })).items;
      return { invoice: id, charge: charge?.id ?? '', customer: of, amount, currency };
    },
  };
}
