/** A platform description as `runbooks init` proposes it, and the fields that people must look at. */

import { z } from 'zod';
import { bold, line } from './text.ts';

const mark = z.object({
  field: z.string().meta({ description: 'Path in the description' }),
  is: z.enum(['missing', 'confirm']).meta({ description: 'missing: not found there; confirm: read, but not for certain' }),
  text: z.string(),
});

export const initiated = z.object({
  description: z.record(z.string(), z.unknown()).meta({ description: 'As platform.schema.json has it' }),
  marks: z.array(mark),
});
type Mark = z.infer<typeof mark>;

export const markLines = (marks: Mark[]): string[] => [
  ...under('Not found: write it, or leave it out', marks, 'missing'),
  ...under('Found: confirm it', marks, 'confirm'),
];

function under(heading: string, marks: Mark[], is: Mark['is']): string[] {
  const some = marks.filter(one => one.is === is);
  return some.length === 0 ? [] : [bold(heading), ...some.map(({ field, text }) => line`  ${field}: ${text}`)];
}
