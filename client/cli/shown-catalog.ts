/** The data of the written document as `runbooks catalog` prints it. */

import { z } from 'zod';
import { document } from '../../activities/platform/document.ts';

export const catalog = z.object({
  document: document.meta({ description: 'The written runbooks; absent where the platform description does not name them' }),
  review: z.string().optional().meta({ description: 'What people are asked about it; absent while its review lies ahead' }),
  severities: z.array(
    z.object({
      severity: z.string(),
      acknowledge: z.number().optional().meta({ description: 'Minutes' }),
      restore: z.number().optional().meta({ description: 'Minutes' }),
      pages: z.array(
        z.object({ after: z.number().meta({ description: 'Minutes since the first page' }), roles: z.array(z.string()) }),
      ),
    }),
  ),
  channels: z.record(z.string(), z.string()),
  contacts: z.array(z.object({ role: z.string(), people: z.array(z.string()), reached: z.string() })),
  runbooks: z.array(
    z.object({
      slug: z.string(),
      title: z.string(),
      kind: z.enum(['incident', 'operation']),
      severity: z.string(),
      owner: z.string(),
      starts: z.string().optional().meta({ description: 'When it starts by itself' }),
    }),
  ),
});
