/** `node worker/rehearse.ts <runbook> [--scenario FILE] [--until STEP] [--json]`: prints a whole incident in virtual time. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { joinCatalog, OwnRunbookError } from '../activities/own-runbooks.ts';
import type { Report } from '../workflows/contract/index.ts';
import { faultsOf } from './bodies/faults-of.ts';
import { workflowBundle } from './bundle.ts';
import { effectsOf } from './rehearsal/effects.ts';
import { type Rehearsal, rehearse, Sandbox } from './rehearsal/rehearse.ts';
import {
  type Scenario,
  ScenarioError,
  scenarioIn,
  shippedScenario,
  usualScenario,
  writtenRunbook,
} from './rehearsal/scenario.ts';
import { sourceOf, type Titles, titlesIn } from './rehearsal/titles.ts';
import { told } from './rehearsal/told.ts';

const failed = 1;
const wrong = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scenario: { type: 'string' },
    until: { type: 'string' },
    json: { type: 'boolean', default: false },
    runbooks: { type: 'string' },
  },
});
const own = values.runbooks ?? process.env['RUNBOOKS_FOLDER'];

/** The exit code. */
async function main(slug: string): Promise<number> {
  if (own) joinCatalog(own);
  const scenario = scenarioOf(slug);
  const source = own && existsSync(join(own, `${slug}.ts`)) ? join(own, `${slug}.ts`) : sourceOf(slug);
  const titles = titlesIn(source);
  refuseUnsound(slug, titles, faultsOf(source));
  const sandbox = await Sandbox.load((await workflowBundle(own)).code, []);
  const until = values.until === undefined ? {} : { until: ended(knownStep(values.until, titles)) };
  const rehearsal = await rehearse(sandbox, { ...scenario.script, ...until });
  if (values.until === undefined) sayUnused(scenario.unused(), titles);
  const text = values.json
    ? JSON.stringify({ title: scenario.title, at: scenario.at, ...effectsOf(rehearsal) }, undefined, 2)
    : undefined;
  process.stdout.write(`${text ?? told(scenario, rehearsal).join('\n')}\n`);
  return verdict(scenario, rehearsal);
}

function scenarioOf(slug: string): Scenario {
  const runbook = writtenRunbook(slug);
  const candidates = [...(own ? [join(own, `${slug}.scenario.json`)] : []), shippedScenario(slug)];
  const file = values.scenario ?? candidates.find(existsSync);
  return file === undefined ? usualScenario(runbook) : scenarioIn(file, runbook);
}

function refuseUnsound(slug: string, { twice }: Titles, faults: string[]) {
  if (twice.length > 0)
    throw new ScenarioError(
      `${slug} has two steps that are called ${twice.map(title => `“${title}”`).join(', ')}. ` +
        'A title is the id of its step: put a colon and a detail behind one of them.',
    );
  if (faults.length > 0)
    throw new ScenarioError(`A runbook branches only on what its words return, and ${slug} does not:\n${faults.join('\n')}`);
}

function knownStep(title: string, { written, knows }: Titles): string {
  if (knows(title)) return title;
  throw new ScenarioError(`No step is called “${title}”. There are:\n${written.map(one => `  ${one}`).join('\n')}`);
}

/** Ended, or left to people. */
const ended = (until: string) => (report: Report) =>
  report.steps.some(({ title, state }) => title === until && state !== 'running') ||
  report.questions.some(({ title }) => title === until);

/** A title that does not exist is an error; one that this rehearsal did not come to is said. */
function sayUnused(unused: string[], { written, knows }: Titles) {
  const unknown = unused.filter(title => !knows(title));
  if (unknown.length > 0)
    throw new ScenarioError(
      `The scenario has answers for ${unknown.map(title => `“${title}”`).join(', ')}, and there is no step, question or ` +
        `activity of that name. The steps are:\n${written.map(one => `  ${one}`).join('\n')}`,
    );
  for (const title of unused) process.stderr.write(`This rehearsal never came to “${title}”.\n`);
}

function verdict({ expects }: Scenario, { report, differing }: Rehearsal): number {
  if (differing.length > 0) {
    process.stderr.write('Replayed, it asked for something else: a runbook may branch only on what its words return.\n');
    return failed;
  }
  if (values.until !== undefined || expects === undefined || (report.outcome ?? null) === expects.outcome) return 0;
  process.stderr.write(`It should have ended ${fate(expects.outcome)}, but ended ${fate(report.outcome)}.\n`);
  return failed;
}

const fate = (outcome: string | null | undefined) => (outcome ? `as “${outcome}”` : 'still open');

try {
  process.exitCode = await main(positionals[0] ?? '');
} catch (error) {
  if (!(error instanceof ScenarioError || error instanceof OwnRunbookError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = wrong;
}
