/** When a watch has seen enough: the rule by itself, without a clock. */

import { z } from 'zod';
import type { Finding, Watching } from '../workflows/contract/index.ts';
import { verdicts } from '../workflows/contract/vocabulary.ts';

/** The memory of a watch between its samples, and across its attempts. Times in milliseconds. */
export const watchedSchema = z.object({
  began: z.number(),
  /** How long it has been healthy, gaps left out. */
  held: z.number(),
  /** Healthy looks since it was last faulty. */
  samples: z.number(),
  faultyInARow: z.number(),
  last: z.object({ at: z.number(), verdict: z.enum(verdicts) }).optional(),
});
export type Watched = z.infer<typeof watchedSchema>;

export const watchFrom = (now: number): Watched => ({ began: now, held: 0, samples: 0, faultyInARow: 0 });

/** The memory after one more look. Time counts between two healthy looks that are not too far apart. */
export function afterLook(watched: Watched, { verdict }: Pick<Finding, 'verdict'>, now: number, every: number): Watched {
  const { began, last } = watched;
  const next = { began, last: { at: now, verdict } };
  if (verdict === 'faulty') return { ...next, held: 0, samples: 0, faultyInARow: watched.faultyInARow + 1 };
  if (verdict === 'unknown') return { ...watched, ...next, faultyInARow: 0 };
  const elapsed = last?.verdict === 'healthy' ? now - last.at : 0;
  const counted = elapsed <= 2 * every + tolerance ? elapsed : 0;
  return { ...next, held: watched.held + counted, samples: watched.samples + 1, faultyInARow: 0 };
}

/** A look takes its time too, in milliseconds. */
const tolerance = 10_000;

/** The verdict, once there is one. */
export function settled(
  { began, held, samples, faultyInARow, last }: Watched,
  watching: Watching,
  now: number,
): Finding['verdict'] | undefined {
  if (last?.verdict === 'healthy' && held >= watching.for && samples >= watching.atLeast) return 'healthy';
  if (watching.upTo === undefined && faultyInARow >= 2) return 'faulty';
  if (now - began < (watching.upTo ?? 3 * watching.for)) return undefined;
  return watching.upTo !== undefined && last?.verdict === 'faulty' ? 'faulty' : 'unknown';
}
