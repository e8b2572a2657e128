/**
 * `npm run bench`: our kit against a workflow written by hand that calls the same activities, in one run on one machine.
 * Prints ratios, never milliseconds. `--bare FILE` takes another's workflow; `--strict` fails when a goal is missed.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Command, Sandbox } from '../../worker/rehearsal/sandbox.ts';
import { finding } from '../support/rehearsing.ts';
import { codeOf, sandboxOf, whole } from './outage.ts';

interface Row {
  what: string;
  value: number;
  goal?: number;
  /** Part of the goal by which a measurement may miss it. */
  tolerance?: number;
}

const at = (file: string) => new URL(file, import.meta.url).pathname;
const { values: options } = parseArgs({
  options: { bare: { type: 'string', default: at('bare.ts') }, strict: { type: 'boolean', default: false } },
});

const codes = [await codeOf(), await codeOf(options.bare)] as const;
const [kit, bare] = [await sandboxOf(codes[0]), await sandboxOf(codes[1])];
const rows: Row[] = [
  { what: 'A rehearsal, CPU time', value: await rehearsals(), goal: 2.5, tolerance: 0.15 },
  ...memory(),
  { what: 'First activity scheduled, as event number', value: firstActivity(await whole(kit)), goal: 6 },
  { what: 'Events the kit adds to an undisturbed step', value: await addedToStep(), goal: 0 },
];
print(rows);
process.exit(options.strict && rows.some(row => verdict(row) === 'missed') ? 1 : 0);

/** Both in turn, so that a busy machine slows both; of each the best round counts. */
async function rehearsals(): Promise<number> {
  const best = { kit: Number.POSITIVE_INFINITY, bare: Number.POSITIVE_INFINITY };
  for (let round = 0; round < 40; round += 1) {
    best.kit = Math.min(best.kit, await cpu(kit));
    best.bare = Math.min(best.bare, await cpu(bare));
  }
  return best.kit / best.bare;
}

/** CPU time of some rehearsals, each replayed once, in microseconds. */
async function cpu(sandbox: Sandbox): Promise<number> {
  const before = process.cpuUsage();
  for (let count = 0; count < 4; count += 1) await whole(sandbox);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** In a process each, because what one leaves behind would count for the other. */
function memory(): Row[] {
  const measured = z.object({ each: z.number(), process: z.number() });
  const folder = mkdtempSync(join(tmpdir(), 'nqba-bench-'));
  const [mine, theirs] = codes.map((code, index) => {
    const bundle = join(folder, `${index}.js`);
    writeFileSync(bundle, code);
    return measured.parse(
      JSON.parse(execFileSync(process.execPath, ['--expose-gc', at('memory.ts'), bundle], { encoding: 'utf8' })),
    );
  });
  rmSync(folder, { recursive: true });
  if (!mine || !theirs) throw new Error('Memory was not measured.');
  return [
    { what: 'Heap that each of 300 open incidents adds', value: mine.each / theirs.each, goal: 1.15, tolerance: 0.05 },
    { what: 'A whole process with 300 open incidents', value: mine.process / theirs.process },
  ];
}

/** Before it: started, signalled, and the task that was scheduled, started and completed. */
function firstActivity([first = []]: Command[][]): number {
  return 6 + first.findIndex(({ scheduleActivity }) => scheduleActivity != null);
}

/** The same outage with one step more and less: what more there is, besides its one activity. */
async function addedToStep(): Promise<number> {
  const less = await whole(kit, { 'Activate Circuit Breaker: measured': finding('faulty') });
  const [more, fewer] = [await whole(kit), less].map(tasks => tasks.flat().length);
  return (more ?? 0) - (fewer ?? 0) - 1;
}

function verdict({ value, goal, tolerance = 0 }: Row): string {
  if (goal === undefined) return '';
  if (value <= goal) return 'met';
  return value <= goal * (1 + tolerance) ? 'within tolerance' : 'missed';
}

function print(measured: Row[]) {
  const shown = (value: number) => (Number.isInteger(value) ? `${value}` : `${value.toFixed(2)} ×`);
  const lines = measured.map(row => [
    row.what,
    shown(row.value),
    row.goal === undefined ? '' : `≤ ${row.goal}${row.tolerance ? ` (+${row.tolerance * 100} %)` : ''}`,
    verdict(row),
  ]);
  const table = [['our kit against the same by hand', 'measured', 'goal', ''], ...lines];
  const widths = [0, 1, 2, 3].map(column => Math.max(...table.map(line => line[column]?.length ?? 0)));
  for (const line of table)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}
