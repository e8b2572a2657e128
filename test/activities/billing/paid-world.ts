/** An account at the stand-in of Stripe that keeps what it did, with charges that tests make as the platform would. */

import { z } from 'zod';
import type { WrongCharge } from '../../../activities/billing/items.ts';
import type { Fetch } from '../../../activities/connectors/http.ts';
import { connectStripe } from '../../../activities/connectors/stripe.ts';
import { freeze } from '../../../activities/engine/frozen-list.ts';
import { createActivities } from '../../../activities/index.ts';
import type { Platform } from '../../../activities/platform.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { stripe } from '../../../lab/stand-ins/stripe.ts';
import type { State } from '../../../lab/world/systems.ts';
import { aPlatform, armed, connected, running, virtualClock } from '../bare.ts';
import { planned } from '../outcomes.ts';

export const aDay = 86_400_000;
type Activities = ReturnType<typeof createActivities>;

interface Options {
  platform?: Platform;
  /** Stands between the worker and Stripe. */
  between?: (fetch: Fetch) => Fetch;
  /** What the API server answers: by default a hold that holds nothing. */
  kubernetes?: Fetch;
  heartbeat?: (details?: unknown) => void;
}

export function paidWorld() {
  const clock = virtualClock();
  const record: Message[] = [];
  let state: State = 'healthy';
  const app = stripe(surroundings({ now: clock.now, state: () => state, record: message => record.push(message) }));
  const fetch: Fetch = request => app.fetch(request);
  const { artifacts } = connected({}, clock);
  const second = connectStripe({ url: 'http://stripe', key: 'sk_test_finance' }, { ...clock, fetch });

  async function post(path: string, form: Record<string, string>) {
    const headers = { authorization: 'Bearer sk_test_platform' };
    const answer = await app.fetch(
      new Request(`http://stripe/v1/${path}`, { method: 'POST', headers, body: new URLSearchParams(form) }),
    );
    // A second for every call keeps to the limit.
    await clock.sleep(1_000);
    return made.parse(await answer.json());
  }

  async function invoice(
    amount: number,
    { method = 'pm_card_visa', currency = 'usd' }: { method?: string | undefined; currency?: string } = {},
  ) {
    const of = await customer(method);
    await post('invoiceitems', { customer: of, amount: String(amount), currency });
    const include = { pending_invoice_items_behavior: 'include' };
    const { id = '' } = await post('invoices', { customer: of, currency, auto_advance: 'false', ...include });
    await post(`invoices/${id}/finalize`, {});
    await post(`invoices/${id}/pay`, {});
    const [charge] = (await second.charges({ customer: of })).items;
    return { invoice: id, charge: charge?.id ?? '', customer: of, amount, currency };
  }

  async function customer(method?: string): Promise<string> {
    const card: Record<string, string> = method ? { 'invoice_settings[default_payment_method]': method } : {};
    return (await post('customers', { name: 'A customer', ...card })).id ?? '';
  }

  return {
    clock,
    artifacts,
    /** As finance in the dashboard: not our worker. */
    second,
    post,
    customer,
    /** Paid, or open where the card was declined or there is none. */
    invoice,
    become: (next: State) => {
      state = next;
    },
    /** Money that moved, as Stripe recorded it: `refund: 400 usd of ch_1`, without the ids of what was made. */
    moved: (what: string) =>
      record.filter(({ text }) => text.startsWith(`${what} `)).map(({ text }) => text.replace(/^([a-z ]+?) \w+_\d+:/, '$1:')),
    keysOf: (what: string) => record.filter(({ text }) => text.startsWith(`${what} `)).map(({ key }) => key),

    async charge(amount: number, { method = 'pm_card_visa', currency = 'usd' } = {}) {
      const of = await customer();
      const form = { amount: String(amount), currency, customer: of, payment_method: method, confirm: 'true' };
      const { latest_charge: charge } = await post('payment_intents', form);
      return { charge: charge ?? '', customer: of, amount, currency };
    },

    activities({ platform = aPlatform, between = it => it, kubernetes = armed, heartbeat }: Options = {}): Activities {
      const systems = connected(
        { kubernetes: { fetch: kubernetes }, stripe: { url: 'http://stripe', key: 'sk_test_x', fetch: between(fetch) } },
        clock,
      );
      const beating = heartbeat ? () => ({ ...running(), heartbeat }) : running;
      return createActivities({ platform, systems: { ...systems, artifacts }, ...clock, running: beating });
    },

    listOf: (name: string, items: object[]) => freeze(artifacts, name, items),
  };
}
export type PaidWorld = ReturnType<typeof paidWorld>;

const made = z.looseObject({ id: z.string().optional(), latest_charge: z.string().nullish() });

export const wrong = (
  charge: Pick<WrongCharge, 'charge' | 'customer' | 'amount' | 'currency'>,
  excess: number,
  more: Partial<WrongCharge> = {},
): WrongCharge => ({ ...charge, refunded: 0, excess, rule: 'price', ...more });

let count = 0;
/** Of a new incident each time. */
export const aKey = (title = 'Reverse incorrect charges') => `incident-${(count += 1)}/Resolution Steps/${title}/1`;

type Act = (call: { key: string; dryRun?: true; approved?: string }) => ReturnType<Activities['billing']['correctCharges']>;

/** The call with the approval of what is planned now. */
export async function approved(act: Act, key = aKey()) {
  const { digest } = planned(await act({ key, dryRun: true }));
  return { key, approved: digest };
}
