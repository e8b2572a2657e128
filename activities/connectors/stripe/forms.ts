/** The forms of single fields of Stripe's objects. Amounts are minor units of their currency; times become RFC 3339. */

import { z } from 'zod';

export const id = z.string().min(1).max(255);
export const time = z
  .number()
  .int()
  .transform(seconds => new Date(seconds * 1000).toISOString());
export const amount = z.int();
export const currency = z
  .string()
  .max(8)
  .transform(code => code.toLowerCase());
export const metadata = z
  .record(z.string(), z.string())
  .nullish()
  .transform(all => all ?? {});
/** Its id, whether Stripe sent the object or only its id. */
export const reference = z
  .union([id, z.looseObject({ id }).transform(one => one.id)])
  .nullish()
  .transform(one => one ?? undefined);
export const word = z
  .string()
  .nullish()
  .transform(text => text ?? undefined);
export const listOf = <T extends z.ZodType>(item: T) =>
  z
    .looseObject({ data: z.array(item), has_more: z.boolean().default(false) })
    .nullish()
    .transform(list => list ?? { data: [], has_more: false });
