/** Planned work on the platform: the alerts that it may fire. */

import { z } from 'zod';

/** Whole names, as rules call them: no pattern. */
export const alertName = z.string().regex(/^[A-Za-z_]\w{0,199}$/, 'is the whole name of one alert, without a pattern');

export const maintenance = z
  .strictObject({
    alerts: z
      .array(alertName)
      .max(20)
      .default([])
      .describe('Alerts that planned work may fire, by their whole names: silenced while the maintenance window is open'),
  })
  .prefault({})
  .describe('The maintenance window; an alert of P0, a proof of detection or an outside probe is never silenced');
