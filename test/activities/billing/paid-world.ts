/** An account at the stand-in of Stripe that keeps what it did, with charges that tests make as the platform would. */

import type { UsageDifference, WrongCharge } from '../../../activities/billing/items.ts';
import type { Fetch } from '../../../activities/connectors/http.ts';
import { freeze } from '../../../activities/engine/frozen-list.ts';
import { createActivities } from '../../../activities/index.ts';
import type { Platform } from '../../../activities/platform.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { stripe } from '../../../lab/stand-ins/stripe.ts';
import type { State } from '../../../lab/world/systems.ts';
import { aPlatform, armed, connected, running, virtualClock } from '../bare.ts';
import { planned } from '../outcomes.ts';
import { paying } from '../paid.ts';

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

  return {
    clock,
    artifacts,
    ...paying(fetch, clock),
    become: (next: State) => {
      state = next;
    },
    /** Money that moved, as Stripe recorded it: `refund: 400 usd of ch_1`, without the ids of what was made. */
    moved: (what: string) =>
      record.filter(({ text }) => text.startsWith(`${what} `)).map(({ text }) => text.replace(/^([a-z ]+?) \w+_\d+:/, '$1:')),
    keysOf: (what: string) => record.filter(({ text }) => text.startsWith(`${what} `)).map(({ key }) => key),

    activities({ platform = aPlatform, between = it => it, kubernetes = armed, heartbeat }: Options = {}): Activities {
      const systems = connected(
        { kubernetes: { fetch: kubernetes }, stripe: { url: 'http://stripe', key: 'sk_test_x', fetch: between(fetch) } },
        clock,
      );
      const beating = heartbeat ? () => ({ ...running(), heartbeat }) : running;
      return createActivities({ platform, systems: { ...systems, artifacts }, ...clock, running: beating });
    },

    listOf: (name: string, items: object[]) => freeze(artifacts, name, items),

    /** The wrong charges of one list. */
    async refunding(items: WrongCharge[], options: Options = {}): Promise<Act> {
      const list = await this.listOf('wrong charges', items);
      const { billing } = this.activities(options);
      return call => billing.correctCharges({ list, as: 'refund' }, call);
    },
  };
}
export type PaidWorld = ReturnType<typeof paidWorld>;

export const wrong = (
  charge: Pick<WrongCharge, 'charge' | 'customer' | 'amount' | 'currency'>,
  excess: number,
  more: Partial<WrongCharge> = {},
): WrongCharge => ({ ...charge, refunded: 0, excess, rule: 'price', ...more });

/** Usage of an invoice that was billed too high. */
export const difference = (
  { invoice, customer }: { invoice: string; customer: string },
  amount: number,
  more: Partial<UsageDifference> = {},
): UsageDifference => ({
  customer,
  stripeCustomer: customer,
  invoice,
  line: `il_${invoice}`,
  meter: 'jobs',
  from: '2026-11-01',
  to: '2026-11-24',
  billed: 200,
  metered: 100,
  difference: amount,
  currency: 'usd',
  notes: [],
  refunded: 0,
  ...more,
});

let count = 0;
/** Of a new incident each time. */
export const aKey = (title = 'Reverse incorrect charges') => `incident-${(count += 1)}/Resolution Steps/${title}/1`;

type Act = (call: { key: string; dryRun?: true; approved?: string }) => ReturnType<Activities['billing']['correctCharges']>;

/** The call with the approval of what is planned now. */
export async function approved(act: Act, key = aKey()) {
  const { digest } = planned(await act({ key, dryRun: true }));
  return { key, approved: digest };
}
