/** How a platform charges its customers: the job that does it, the prices that were reviewed, and how much may be corrected. */

import { z } from 'zod';

const name = z.string().min(1).max(253);
const minorUnits = z.int().min(0).max(1_000_000_000);

const priceList = z.strictObject({
  version: name.describe('As the platform calls it'),
  from: z.iso.datetime().describe('In force from then on, RFC 3339 in UTC'),
  plans: z
    .record(name, minorUnits)
    .refine(plans => Object.keys(plans).length > 0, 'name at least one plan')
    .describe('Minor units a month, by the plan, which is the lookup key of its price at Stripe'),
});
export type PriceList = z.infer<typeof priceList>;

const fields = z.strictObject({
  charging: z
    .strictObject({
      namespace: name.describe('One of `namespaces`, by its name there'),
      cronJob: name.describe('The CronJob that charges'),
      configMap: name.describe('The ConfigMap that it reads, one of `configMaps`'),
      key: name.default('BILLING_CHARGING_ENABLED').describe('"false" there: no new charges; usage is metered all the same'),
      shareKey: name.default('BILLING_CHARGING_PERCENT').describe('How many of a hundred customers are charged'),
    })
    .describe('What creates charges, apart from Stripe itself'),
  currency: z
    .string()
    .regex(/^[a-z]{3}$/, 'write it as Stripe does, in small letters: usd')
    .describe('Of the reviewed prices; a charge in another one is wrong'),
  prices: z
    .array(priceList)
    .min(1)
    .max(100)
    .refine(
      lists => lists.every(({ from }, index) => index === 0 || from > (lists[index - 1]?.from ?? '')),
      'order them by `from`',
    )
    .refine(lists => new Set(lists.map(({ version }) => version)).size === lists.length, 'each version stands there once')
    .describe('Every reviewed price list, oldest first: a charge is judged by the one of its date'),
  meters: z
    .record(z.enum(['jobs', 'qpu_time_ms', 'calls']), name)
    .default({ jobs: 'jobs', qpu_time_ms: 'qpu_time_ms', calls: 'calls' })
    .describe('What is metered, and the lookup key of its price at Stripe'),
  customerKey: name
    .default('nqba_customer')
    .describe("The metadata of a subscription that names the platform's own id of its customer; else it is that of Stripe"),
  caps: z
    .strictObject({
      perIncident: z.number().positive().default(50_000),
      perDay: z.number().positive().default(100_000),
      items: z.int().min(1).max(10_000).default(10_000),
      secondAbove: z
        .number()
        .positive()
        .default(10_000)
        .describe('Above it, and where another currency is among them, a second person approves'),
    })
    .prefault({})
    .describe('Most that is refunded, and most that is tried again: sums in major units of each currency, items of one list'),
  recovery: z
    .strictObject({ charges: z.int().min(1).default(20) })
    .prefault({})
    .describe('Fewest charges of the last day that count as recovered'),
  underBilling: z
    .enum(['ask', 'never'])
    .default('never')
    .describe('Whether the contracts let charge later what was too little: "never" leaves it out of every list'),
});
export type Billing = z.infer<typeof fields>;

export const billing = fields.optional().describe('Absent where no one is charged: runbooks that need it are not available then');
