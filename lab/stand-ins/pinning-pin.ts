/** Pins as the service keeps them, what it takes as one, and which of them a query means. */

import { z } from 'zod';

const statuses = ['queued', 'pinning', 'pinned', 'failed'] as const;
type Status = (typeof statuses)[number];

/** Version 0 in base 58, or version 1 in base 32, 36 or 58 (https://github.com/multiformats/cid). */
const cid = z
  .string()
  .regex(/^(Qm[1-9A-HJ-NP-Za-km-z]{44}|b[a-z2-7]{20,}|k[a-z0-9]{20,}|z[1-9A-HJ-NP-Za-km-z]{20,})$/, 'not a CID');
const name = z.string().max(255);
const meta = z.record(z.string(), z.string());

/** https://ipfs.github.io/pinning-services-api-spec/#section/Schemas/Objects */
export const PinFields = z.object({
  cid,
  name: name.optional(),
  origins: z.array(z.string()).max(20).optional(),
  meta: meta.optional(),
});
export type Pin = z.infer<typeof PinFields>;

/** `at`: milliseconds since 1970, no two alike; `settled` once its content was found, or given up. */
const Stored = z.object({
  requestid: z.string(),
  at: z.number(),
  pin: PinFields,
  settled: z.enum(['pinned', 'failed']).optional(),
});
export type Stored = z.infer<typeof Stored>;
export const Kept = z.object({ pins: z.array(Stored) });
export type Kept = z.infer<typeof Kept>;

/** A list in one parameter: `?status=queued,pinning`. */
const several = <T extends z.ZodType<unknown, string>>(item: T, most: number) =>
  z
    .string()
    .transform(text => text.split(','))
    .pipe(z.array(item).min(1).max(most))
    .refine(all => new Set(all).size === all.length, 'not unique');

function decoded(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('not JSON');
    return z.NEVER;
  }
}

const moment = z.iso.datetime({ offset: true }).transform(Date.parse);

/** https://ipfs.github.io/pinning-services-api-spec/#section/Pagination-and-filtering */
export const Query = z.object({
  cid: several(cid, 10).optional(),
  name: name.optional(),
  match: z.enum(['exact', 'iexact', 'partial', 'ipartial']).default('exact'),
  status: several(z.enum(statuses), statuses.length).default(['pinned']),
  before: moment.optional(),
  after: moment.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(10),
  meta: z.string().transform(decoded).pipe(meta).optional(),
});
export type Query = z.infer<typeof Query>;

export const isMeant = ({ at, pin }: Stored, status: Status, query: Query): boolean =>
  query.status.includes(status) &&
  (query.cid?.includes(pin.cid) ?? true) &&
  at < (query.before ?? Number.POSITIVE_INFINITY) &&
  at > (query.after ?? Number.NEGATIVE_INFINITY) &&
  isCalled(pin.name ?? '', query) &&
  Object.entries(query.meta ?? {}).every(([key, value]) => pin.meta?.[key] === value);

function isCalled(given: string, { name: asked, match }: Query): boolean {
  if (asked === undefined) return true;
  const [one, other] = match.startsWith('i') ? [given.toLowerCase(), asked.toLowerCase()] : [given, asked];
  return match.endsWith('partial') ? one.includes(other) : one === other;
}
