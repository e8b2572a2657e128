/** What 300 open incidents keep, in a process of its own: `node --expose-gc test/bench/memory.ts BUNDLE`. */

import { readFileSync } from 'node:fs';
import { opened, sandboxOf } from './outage.ts';

const incidents = 300;
const [bundle = ''] = process.argv.slice(2);
const { gc } = globalThis;
if (!gc) throw new Error('Memory is measured with node --expose-gc.');

const sandbox = await sandboxOf(readFileSync(bundle, 'utf8'));
const kept: unknown[] = [];

async function open(count: number) {
  for (let index = 0; index < count; index += 1) {
    const { execution } = await opened(sandbox);
    execution.tasks.length = 0; // a worker does not remember them either
    kept.push(execution);
  }
}

/** Bytes in use when everything that nobody needs is gone. */
async function settled() {
  for (let round = 0; round < 4; round += 1) {
    gc?.();
    await new Promise(setImmediate);
  }
  return process.memoryUsage();
}

await open(20);
const before = await settled();
await open(incidents);
const after = await settled();
console.log(JSON.stringify({ each: (after.heapUsed - before.heapUsed) / incidents, process: after.rss, kept: kept.length }));
process.exit(0);
