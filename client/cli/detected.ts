import { z } from 'zod';

/** Alertmanager's Watchdog, as far as one came. */
export const detection = z.array(
  z.object({
    cluster: z.string(),
    last: z.string().optional().meta({ description: 'RFC 3339; absent where no worker answers' }),
    absent: z.string().optional().meta({ description: 'Since when people are paged for its absence' }),
    seldom: z.literal(true).optional().meta({ description: 'It comes so seldom that its absence pages no one' }),
    failure: z.string().optional(),
  }),
);
