/** Fields that objects of Stripe share. */

import { z } from 'zod';

export const base = { id: z.string(), created: z.number(), livemode: z.literal(false) };
export const metadata = z.record(z.string(), z.string());
export const text = z.string().nullable();
export const count = z.number().nullable();
