/** A line of the written document, as `runbooks coverage -o json` prints it. */

import { z } from 'zod';
import { covers } from '../covered.ts';

export const writtenLine = z.object({
  id: z.string(),
  runbook: z.string().meta({ description: 'A slug, or a part of the document that holds for all incidents' }),
  text: z.string(),
  kind: z.string().meta({ description: 'What it is here; "unmapped" where it does not exist' }),
  places: z.array(z.string()).meta({ description: 'Titles of steps, or names of alert rules or fields' }),
  differs: z.array(z.string()).meta({ description: 'In which of these it is otherwise than specified: words, activity, who' }),
  ran: z
    .string()
    .meta({ description: 'How it came about when each runbook ran once on real servers; "not yet" where it did not' }),
  covered: z.enum(covers).optional().meta({
    description: 'Whether a rehearsal misses its call when it is taken out of the runbook; absent where it is no call',
  }),
  exception: z.string().optional().meta({ description: 'Why it does not run there, and is not expected to' }),
  explained: z.string().optional().meta({ description: 'The page that says how it runs, where that is otherwise than written' }),
});
