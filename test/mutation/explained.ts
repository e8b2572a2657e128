// The mutants that may live, each with why: what nobody could notice, or what the tests should not say a second time.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Mutant } from './mutants.ts';

const explanation = z.object({
  file: z.string(),
  /** The line as it is written, so that it is found again when others move it. */
  code: z.string(),
  change: z.string(),
  why: z.string().min(10),
});
export type Explanation = z.infer<typeof explanation>;

export const explanations = z
  .array(explanation)
  .parse(JSON.parse(readFileSync(new URL('survivors.json', import.meta.url), 'utf8')));

export const explains = ({ file, code, change }: Explanation, mutant: Mutant) =>
  mutant.file === file && mutant.code === code && mutant.change === change;
