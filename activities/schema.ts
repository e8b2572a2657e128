/** `node activities/schema.ts` writes platform.schema.json anew after the description has changed. */

import { writeFile } from 'node:fs/promises';
import { platformJsonSchema } from './platform.ts';

await writeFile('platform.schema.json', `${JSON.stringify(platformJsonSchema(), undefined, 2)}\n`);
