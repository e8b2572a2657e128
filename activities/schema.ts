/** `node activities/schema.ts` writes platform.schema.json and roles.schema.json again after what they describe has changed. */

import { writeFile } from 'node:fs/promises';
import { onCallJsonSchema } from './people.ts';
import { platformJsonSchema } from './platform.ts';

const write = (file: string, schema: object) => writeFile(file, `${JSON.stringify(schema, undefined, 2)}\n`);

await write('platform.schema.json', platformJsonSchema());
await write('roles.schema.json', onCallJsonSchema());
