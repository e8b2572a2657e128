/** How far a step has come with its list: kept from before its first item on, and found again by every later try. */

import { z } from 'zod';
import type { Artifacts } from '../connectors/artifacts.ts';
import { progressPlace } from './frozen-list.ts';
import type { ActionContext } from './action.ts';
import { usedOtherwise } from './saved-draft.ts';

const progressSchema = z.object({
  input: z.string(),
  done: z.record(z.string(), z.string()),
  /** Tries that were definitely refused. */
  refused: z.record(z.string(), z.number()).default({}),
});
export interface Progress extends z.infer<typeof progressSchema> {
  /** From before the first item on, in every later try too. */
  begun: boolean;
  /** The item that is being done, and how far it came before. */
  at?: string | undefined;
  save: () => Promise<void>;
}

/**
 * @param named the action and its input
 * @param again results of items that are done again
 * @throws `BadInput` when the key was used for something else
 */
export async function progressOf(
  named: string,
  again: readonly string[] = [],
  { call, deps: { systems } }: ActionContext,
): Promise<Progress> {
  const place = progressPlace(call.key);
  const text = await systems.artifacts.read(place);
  const begun = text !== undefined;
  const known = progressSchema.parse(text === undefined ? { input: named, done: {} } : JSON.parse(text));
  if (known.input !== named) throw usedOtherwise(call.key);
  known.done = Object.fromEntries(Object.entries(known.done).filter(([, result]) => !again.includes(result)));
  return { ...known, begun, save: () => systems.artifacts.write(place, JSON.stringify(known)) };
}

/** By item, of those that are done. @throws SystemError */
export async function resultsOf(artifacts: Artifacts, key: string): Promise<Readonly<Record<string, string>>> {
  const text = await artifacts.read(progressPlace(key));
  return text === undefined ? {} : progressSchema.parse(JSON.parse(text)).done;
}
