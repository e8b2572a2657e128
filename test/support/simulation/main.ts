/**
 * `npm run simulate -- --seeds N [--from SEED]`: incidents with seeded faults; a seed that breaks an invariant is printed
 * with the command that repeats it. `--turn FILE` turns each comparison of a file of the workflows. `--bug FILE` plants a bug in a scratch copy: exit 0 found, 1 not found, 2 it does not work.
 */

import { parseArgs } from 'node:util';
import { hunt } from './bug.ts';
import { search } from './search.ts';
import { subject } from './subject.ts';
import { turned } from './turned.ts';

const text = (value: string) => ({ type: 'string', default: value }) as const;
const { values } = parseArgs({
  options: { seeds: text('100'), from: text('1'), least: text('0'), bug: { type: 'string' }, turn: { type: 'string' } },
});
const say = (line: string) => console.log(line);
process.exit(values.turn ? await turn(values.turn) : values.bug ? await bug(values.bug) : await faults());

async function faults(): Promise<number> {
  const { seeds, from, least } = values;
  const found = await search(await subject(), { from: Number(from), seeds: Number(seeds), least: Number(least), say });
  return found.violations.length + found.missing.length > 0 ? 1 : 0;
}

async function bug(patch: string): Promise<number> {
  const hunted = await hunt(patch, await subject());
  if ('doesNotWork' in hunted) say(hunted.doesNotWork);
  if ('notFound' in hunted) say(`not found in ${hunted.notFound} seeds`);
  if ('found' in hunted) say(`found: seed ${hunted.found.seed}: ${hunted.found.violation?.message}`);
  return 'found' in hunted ? 0 : 'notFound' in hunted ? 1 : 2;
}

async function turn(file: string): Promise<number> {
  let missed = 0;
  for await (const { mutant, hunt } of turned(file, await subject(), Number(values.seeds))) {
    const found = 'found' in hunt ? `seed ${hunt.found.seed}: ${hunt.found.violation?.message.split('\n')[0]}` : 'NOT FOUND';
    if (!('found' in hunt)) missed += 1;
    say(`${mutant.file}:${mutant.line}  ${mutant.change}\n    ${found}`);
  }
  return missed > 0 ? 1 : 0;
}
