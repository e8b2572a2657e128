/** The draft that a key has begun to carry out, kept outside the cluster before the first write. */

import { z } from 'zod';
import { type Artifacts, sha256 } from '../connectors/artifacts.ts';
import { stopped } from '../failures.ts';
import { writeSchema } from './write.ts';

const draft = z.object({
  writes: z.array(writeSchema),
  /** Why it was given up; since then it only goes back. */
  failed: z.string().optional(),
});
export type Draft = z.infer<typeof draft>;

const saved = z.object({ input: z.string(), draft });

const nameOf = (key: string) => `begun/${sha256(key)}`;

/** @throws `BadInput` when the key was used for something else. */
export async function savedDraft(artifacts: Artifacts, key: string, input: string): Promise<Draft | undefined> {
  const text = await artifacts.read(nameOf(key));
  if (text === undefined) return undefined;
  const { input: former, draft } = saved.parse(JSON.parse(text));
  if (former === input) return draft;
  throw usedOtherwise(key);
}

/** One key is one action with one input. */
export const usedOtherwise = (key: string) =>
  stopped('BadInput', `The key ${key} belongs to another action: start the step again instead of repeating it.`);

export const saveDraft = (artifacts: Artifacts, key: string, input: string, draft: Draft) =>
  artifacts.write(nameOf(key), JSON.stringify({ input, draft }));
