// What a process that tries mutants is told, and what it says.
import { z } from 'zod';

export const job = z.object({
  /** Address of each mutated file to its text. */
  texts: z.record(z.string(), z.string()),
  /** Addresses of the test files. */
  tests: z.array(z.string()),
  mutants: z.array(z.number()),
  /** The one mutant is chosen before anything is loaded. */
  atLoad: z.boolean(),
  /** File of a bundle of the workflows in which all calls stand behind a switch, and of the tests that prove nothing of a call. */
  rehearsing: z.object({ bundle: z.string(), skipped: z.array(z.string()) }).optional(),
});
export type Job = z.infer<typeof job>;
export type Rehearsing = NonNullable<Job['rehearsing']>;

export const said = z.union([
  /** It is loaded, and all tests together take so many milliseconds without a mutant. */
  z.object({ allTake: z.number() }),
  /** What became of a mutant: the test that failed, or nothing. */
  z.object({ mutant: z.number(), failed: z.string().optional() }),
  /** The tests fail without any mutant, so that nothing can be learnt from them. */
  z.object({ broken: z.string() }),
]);
export type Said = z.infer<typeof said>;

/** At least one piece, which may be empty: it shows that the tests pass without a mutant. */
export const inPieces = <T>(all: T[], size: number): T[][] =>
  Array.from({ length: Math.max(1, Math.ceil(all.length / size)) }, (_, index) => all.slice(index * size, (index + 1) * size));
