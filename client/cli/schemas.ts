/** `node client/cli/schemas.ts` writes the published JSON Schemas again after an output has changed. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { outputs } from './outputs.ts';

export const schemaFolder = join(import.meta.dirname, 'schemas');

/** File name and content of each. */
export const schemas = (): [string, string][] =>
  Object.entries(outputs).map(([command, schema]) => [
    `${command}.json`,
    `${JSON.stringify({ title: `runbooks ${command} -o json`, ...z.toJSONSchema(schema) }, undefined, 2)}\n`,
  ]);

if (import.meta.main) {
  mkdirSync(schemaFolder, { recursive: true });
  for (const [name, content] of schemas()) writeFileSync(join(schemaFolder, name), content);
}
