/** The items of lists of customers whose jobs an incident hit, as a check freezes them and mails take them. */

import { z } from 'zod';

export const customerJobs = z.object({
  /** As the platform names its owner. */
  customer: z.string().min(1).max(320),
  of: z.enum(['delayed', 'failed']),
  jobs: z.int().min(1),
  /** Minutes that the one which waited longest has waited; of delayed ones. */
  longest: z.number().min(0).optional(),
  /** RFC 3339: of the jobs that came in between. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type CustomerJobs = z.output<typeof customerJobs>;
