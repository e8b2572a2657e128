/** Prices and their lookup keys: https://docs.stripe.com/api/prices. */

import { z } from 'zod';
import { born, happened, type Ledger } from './ledger.ts';
import { listRoute, searchRoute } from './lists.ts';
import type { Price } from './objects.ts';
import { invalid, missing } from './refusals.ts';
import { type Route, route } from './route.ts';
import { amount, boolean, integer, merged, metadata } from './sent.ts';

const PriceCreate = z.strictObject({
  currency: z.string(),
  unit_amount: amount,
  active: boolean.optional(),
  nickname: z.string().optional(),
  product: z.string().optional(),
  product_data: z.strictObject({ name: z.string() }).optional(),
  lookup_key: z.string().optional(),
  transfer_lookup_key: boolean.optional(),
  recurring: z
    .strictObject({ interval: z.enum(['day', 'week', 'month', 'year']), interval_count: integer.optional() })
    .optional(),
  metadata,
});
const PriceUpdate = z.strictObject({
  active: boolean.optional(),
  nickname: z.string().optional(),
  lookup_key: z.string().optional(),
  transfer_lookup_key: boolean.optional(),
  metadata,
});
const nothing = z.strictObject({});

export function priceOf({ kept }: Ledger, id: string, param?: string): Price {
  const found = kept.prices[id];
  if (!found) throw missing('price', id, param);
  return found;
}

/** https://docs.stripe.com/api/prices/create#create_price-lookup_key: one active price has it, unless it is transferred. */
function freeKey(
  { kept }: Ledger,
  sent: { lookup_key?: string | undefined; transfer_lookup_key?: boolean | undefined },
): string | null {
  const { lookup_key: key = null, transfer_lookup_key: transfers } = sent;
  const taken = key === null ? undefined : Object.values(kept.prices).find(one => one.lookup_key === key);
  if (taken && !transfers)
    throw invalid(`A price (\`${taken.id}\`) already uses that lookup key.`, 'resource_already_exists', 'lookup_key');
  if (taken) taken.lookup_key = null;
  return key;
}

function addPrice(sent: z.output<typeof PriceCreate>, ledger: Ledger): Price {
  const { currency, unit_amount, active = true, nickname = null, product, recurring } = sent;
  if (product === undefined && sent.product_data === undefined)
    throw invalid('You must specify either `product` or `product_data` when creating a price.', 'parameter_missing');
  const lookup_key = freeKey(ledger, sent);
  const price: Price = {
    ...born(ledger, 'price', 'price'),
    active,
    currency,
    unit_amount,
    billing_scheme: 'per_unit',
    lookup_key,
    nickname,
    product: product ?? born(ledger, 'prod', 'product').id,
    type: recurring ? 'recurring' : 'one_time',
    recurring: recurring ? { interval: recurring.interval, interval_count: recurring.interval_count ?? 1 } : null,
    metadata: merged({}, sent.metadata),
  };
  ledger.kept.prices[price.id] = price;
  happened(ledger, 'price.created', price);
  return price;
}

const prices = ({ kept }: Ledger) => Object.values(kept.prices);

export const priceRoutes: Route[] = [
  listRoute('/v1/prices', prices, {
    active: ({ active }, value) => String(active) === value,
    currency: ({ currency }, value) => currency === value,
    product: ({ product }, value) => product === value,
    type: ({ type }, value) => type === value,
    lookup_keys: ({ lookup_key: key }, value) => typeof value === 'object' && key !== null && Object.values(value).includes(key),
  }),
  searchRoute('/v1/prices/search', prices),
  route('POST', '/v1/prices', PriceCreate, addPrice),
  route('GET', '/v1/prices/:id', nothing, (_, ledger, id) => priceOf(ledger, id)),
  route('POST', '/v1/prices/:id', PriceUpdate, (sent, ledger, id) => {
    const price = priceOf(ledger, id);
    const lookup_key = sent.lookup_key === undefined ? price.lookup_key : freeKey(ledger, sent);
    const { active = price.active, nickname = price.nickname } = sent;
    return Object.assign(price, { active, nickname, lookup_key, metadata: merged(price.metadata, sent.metadata) });
  }),
];
