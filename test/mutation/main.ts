/**
 * Mutants of the pure parts: small mistakes, each of which a test must notice. `--file F` narrows them down. With `--runbook SLUG`
 * instead: each activity call of that runbook is taken out, which its rehearsals must notice; it may be given several times. Each
 * result is kept for `runbooks coverage`; `--not-covered` tries only calls that no test has missed yet.
 */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inPieces, type Job } from './job.ts';
import { type Mutant, mutated } from './mutants.ts';
import { outcome, printed, tally } from './outcome.ts';
import { root, type Subject, subjects } from './subjects.ts';
import { tryAll, type Verdicts } from './trials.ts';
import { uncoveredIn } from './uncovered.ts';

/** Mutants that one process tries: enough to load the tests seldom, few enough to share the work. */
const atOnce = 100;

const {
  file,
  runbook,
  'not-covered': onlyNotCovered = false,
} = parseArgs({
  options: { file: { type: 'string' }, runbook: { type: 'string', multiple: true }, 'not-covered': { type: 'boolean' } },
}).values;
if (runbook) await takeOut(runbook).catch((error: unknown) => stop(error instanceof Error ? error.message : String(error)));
const mutants: Mutant[] = [];
const verdicts: Verdicts = new Map();

const jobs = subjects.flatMap(jobsOf);
if (mutants.length === 0) stop(`${file} is not mutated; these are: ${subjects.flatMap(({ files }) => files).join(', ')}`);
const heartbeat = setInterval(() => console.log(`… ${tally(mutants, verdicts)}`), 10_000);
await tryAll(jobs, verdicts).catch((error: unknown) => stop(error instanceof Error ? error.message : String(error)));
clearInterval(heartbeat);
const { lines, failed } = outcome(mutants, verdicts);
printed(mutants, verdicts, lines);
process.exit(failed ? 1 : 0);

function jobsOf({ files, tests }: Subject): Job[] {
  const first = mutants.length;
  const texts: Record<string, string> = {};
  for (const name of files.filter(one => file === undefined || one === file)) {
    const address = new URL(name, root);
    const { text, mutants: found } = mutated(name, readFileSync(address, 'utf8'), mutants.length + 1);
    texts[address.href] = text;
    mutants.push(...found);
  }
  const mine = mutants.slice(first);
  if (mine.length === 0) return [];
  const job = (atLoad: boolean, size: number) =>
    inPieces(
      mine.filter(mutant => mutant.atLoad === atLoad).map(({ id }) => id),
      size,
    ).map((piece): Job => ({ texts, tests: tests.map(test => new URL(test, root).href), mutants: piece, atLoad }));
  return [...job(false, atOnce), ...job(true, 1)];
}

/** Says at last what no rehearsal misses. */
async function takeOut(slugs: string[]): Promise<never> {
  const uncovered: string[] = [];
  const options = { say: (line: string) => console.log(line), onlyNotCovered, isKept: true };
  for (const slug of slugs) uncovered.push(...(await uncoveredIn(slug, options)));
  for (const line of uncovered) console.log(line);
  console.log(`${uncovered.length} calls are not covered`);
  process.exit(uncovered.length > 0 ? 1 : 0);
}

function stop(why: string): never {
  console.error(why);
  process.exit(2);
}
