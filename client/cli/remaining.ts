/** The answer of `uninstall --plan`: all that is left of the product, step by step. */

import { z } from 'zod';

const remaining = z.object({
  what: z.string(),
  command: z.string().nullable().meta({ description: 'What to type; null where people must look first' }),
});
export type Remaining = z.infer<typeof remaining>;

const step = z.object({
  step: z.string(),
  left: z.array(remaining),
  unread: z.array(z.string()).meta({ description: 'What could not be read, and why: something may be left there' }),
});
export type Step = z.infer<typeof step>;

export const remains = z.object({
  cluster: z
    .object({ context: z.string(), cluster: z.string(), server: z.string() })
    .nullable()
    .meta({ description: 'Where it was looked, as KUBECONFIG calls it; null where KUBECONFIG cannot be read' }),
  steps: z.array(step).meta({ description: 'In the order in which they should be done' }),
  unseen: z.array(z.string()).meta({ description: 'Places that are never looked at' }),
});
export type Remains = z.infer<typeof remains>;
