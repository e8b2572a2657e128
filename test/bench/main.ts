/**
 * `npm run bench`: our kit against a workflow written by hand that calls the same activities, in one run on one machine.
 * Prints ratios and counts, never milliseconds. `--bare FILE` takes another's workflow; `--strict` fails when a goal is
 * missed; `--without-server` leaves out what takes longest. `npm run bench -- storm` measures the intake instead, and fails
 * when an alert is lost or handled twice.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gravest } from './grave.ts';
import { growth } from './growth.ts';
import { memory } from './heap.ts';
import { codeByHand, ourCode, sandboxOf } from './outage.ts';
import { type Row, table, verdict } from './row.ts';
import { inTheSandbox } from './sandbox.ts';
import { simulation } from './seeds.ts';
import { onAServer } from './server.ts';
import { storm } from './storm/storm.ts';

const flag = { type: 'boolean', default: false } as const;
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    bare: { type: 'string', default: new URL('bare.ts', import.meta.url).pathname },
    strict: flag,
    'without-server': flag,
  },
});
const say = (line: string) => console.error(line);

const folder = mkdtempSync(join(tmpdir(), 'nqba-bench-'));
const codes = { kit: await ourCode(), bare: await codeByHand(options.bare) };
const bundles = { kit: join(folder, 'kit.js'), bare: join(folder, 'bare.js') };
writeFileSync(bundles.kit, codes.kit);
writeFileSync(bundles.bare, codes.bare);

const isStorm = positionals.includes('storm');
const rows: Row[] = [];
const ofTheKit: [string, () => Promise<Row[]> | Row[]][] = [
  ['the sandbox', async () => inTheSandbox({ kit: await sandboxOf(codes.kit), bare: await sandboxOf(codes.bare) })],
  ['long incidents', growth],
  ['a P0 of four hours', gravest],
  ['memory', () => memory(bundles)],
  ['the simulation', simulation],
  ['a real server', () => (options['without-server'] ? [] : onAServer(bundles, say))],
];
const ofTheIntake: typeof ofTheKit = [['a storm of alerts', () => storm(bundles, say)]];
for (const [what, measure] of isStorm ? ofTheIntake : ofTheKit) {
  say(`… ${what}`);
  rows.push(...(await measure()));
}
rmSync(folder, { recursive: true });
console.log(table(rows, isStorm ? 'the intake' : undefined));
const missed = rows.filter(row => verdict(row) === 'missed');
process.exit(missed.some(row => options.strict || row.promise) ? 1 : 0);
