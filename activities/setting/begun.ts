/** The draft that a key has begun to carry out, kept outside the cluster before the first write. */

import { z } from 'zod';
import { type Artifacts, sha256 } from '../connectors/artifacts.ts';
import { stopped } from '../failures.ts';

const begunSchema = z.object({ input: z.string(), draft: z.unknown() });

const recordOf = (key: string) => `begun/${sha256(key)}`;

/** @throws `BadInput` when the key was used for something else. */
export async function begun<D>(artifacts: Artifacts, key: string, input: string, schema: z.ZodType<D>): Promise<D | undefined> {
  const text = await artifacts.read(recordOf(key));
  if (text === undefined) return undefined;
  const record = begunSchema.parse(JSON.parse(text));
  if (record.input === input) return schema.parse(record.draft);
  throw stopped('BadInput', `The key ${key} belongs to another action: start the step anew instead of repeating it.`);
}

export const begin = (artifacts: Artifacts, key: string, input: string, draft: object) =>
  artifacts.write(recordOf(key), JSON.stringify({ input, draft }));
