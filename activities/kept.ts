/** Records that several processes keep in one folder of the artifact store: each in a file of its own, so that none is lost. */

import type { z } from 'zod';
import type { Artifacts } from './connectors/artifacts.ts';
import { jsonOf } from './connectors/http.ts';
import { SystemError } from './connectors/system-error.ts';

/** @throws SystemError, also for one that is not as we have written it: it is no empty answer. */
export async function keptIn<T>(artifacts: Artifacts, folder: string, schema: z.ZodType<T>): Promise<T[]> {
  const names = await artifacts.names(folder);
  return (await Promise.all(names.map(name => kept(artifacts, name, schema)))).filter(one => one !== undefined);
}

/** Nothing where there is none. @throws SystemError */
export async function kept<T>(artifacts: Artifacts, name: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await artifacts.read(name);
  if (text === undefined) return undefined;
  const read = schema.safeParse(jsonOf(text));
  if (read.success) return read.data;
  const unreadable = `has a record that cannot be read: correct or remove ${name}`;
  throw new SystemError({ system: 'The artifact store', fault: 'garbled', text: unreadable });
}
