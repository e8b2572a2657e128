/** The output of `runbooks catalog` and `runbooks activities`. */

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

export const activity = z.object({
  name: z.string().meta({ description: 'As a runbook calls it: subject.name' }),
  is: z.enum(['action', 'check', 'message']),
  does: z.string(),
  input: z.record(z.string(), z.string()).meta({ description: 'A word on each field' }),
  asks: z.string().optional().meta({ description: 'When people are asked first' }),
  undo: z.string().optional(),
});
