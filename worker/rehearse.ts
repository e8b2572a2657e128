/** `node worker/rehearse.ts <runbook> [--scenario FILE] [--until STEP] [--json]`: prints whole incidents in virtual time. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { joinCatalog, OwnRunbookError } from '../activities/own-runbooks.ts';
import { nobody, readOnCall } from '../activities/people.ts';
import { type Platform, readPlatform } from '../activities/platform.ts';
import { notAvailable, type Written } from '../workflows/catalog/index.ts';
import type { Report } from '../workflows/contract/index.ts';
import { faultsOf } from './bodies/faults-of.ts';
import { workflowBundle } from './bundle.ts';
import { fileOf, undescribed, undescribedText } from '../activities/own-runbooks/described.ts';
import { type Rehearsed, rehearseAll } from './rehearsal/incidents.ts';
import { asData, asText } from './rehearsal/printed.ts';
import type { Reach } from './rehearsal/recipients.ts';
import { Sandbox } from './rehearsal/rehearse.ts';
import {
  type Scenario,
  ScenarioError,
  scenarioIn,
  shippedScenario,
  usualScenario,
  writtenRunbook,
} from './rehearsal/scenario.ts';
import { type Titles, titlesIn } from './rehearsal/titles.ts';

const failed = 1;
const wrong = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scenario: { type: 'string' },
    until: { type: 'string' },
    json: { type: 'boolean', default: false },
    runbooks: { type: 'string' },
    platform: { type: 'string' },
  },
});
const ours = join(import.meta.dirname, '../platform.json');
const own = values.runbooks ?? process.env['RUNBOOKS_FOLDER'];

/** The exit code. */
async function main(slug: string): Promise<number> {
  if (own) joinCatalog(own);
  const reach = await whoIsThere();
  const scenario = scenarioOf(slug, reach.platform);
  for (const one of scenario.runbooks) refuseLacking(writtenRunbook(one), reach.platform);
  const titles = scenario.runbooks.map(soundTitles);
  const until = values.until === undefined ? {} : { until: ended(knownStep(values.until, titles)) };
  const sandbox = await Sandbox.load((await workflowBundle(own)).code, []);
  const rehearsed = await rehearseAll(sandbox, scenario.setting, until);
  if (values.until === undefined) sayUnused(scenario.unused(), titles);
  const print = values.json ? asData : asText;
  process.stdout.write(`${print(scenario, rehearsed, reach)}\n`);
  return verdict(scenario, rehearsed);
}

/** The platform that is named; else the one that lies here, or ours: a rehearsal touches none of them. Who is on call stands beside it. */
async function whoIsThere(): Promise<Reach> {
  const file = values.platform ?? process.env['RUNBOOKS_PLATFORM'] ?? (existsSync('platform.json') ? 'platform.json' : ours);
  try {
    const onCall = await readOnCall(process.env['RUNBOOKS_ROLES'] ?? join(dirname(file), 'roles.json'));
    return { platform: await readPlatform(file), onCall: onCall ?? nobody };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ScenarioError(`${why}\nName another platform with --platform or RUNBOOKS_PLATFORM.`, { cause: error });
  }
}

function scenarioOf(slug: string, platform: Platform): Scenario {
  const runbook = writtenRunbook(slug);
  const candidates = [...(own ? [join(own, `${slug}.scenario.json`)] : []), shippedScenario(slug)];
  const file = values.scenario ?? candidates.find(existsSync);
  return file === undefined ? usualScenario(runbook, platform) : scenarioIn(file, runbook, platform);
}

/** @throws ScenarioError for what the platform does not have */
function refuseLacking(runbook: Written, platform: Platform) {
  const lacking = notAvailable(runbook, platform);
  if (lacking !== undefined) throw new ScenarioError(`It cannot be rehearsed: ${lacking}.`);
  const lines = undescribed(platform, runbook, own).map(one => undescribedText(platform, one));
  if (lines.length > 0) throw new ScenarioError(`${runbook.slug} names what this platform does not have:\n${lines.join('\n')}`);
}

function soundTitles(slug: string): Titles {
  const source = fileOf(slug, own);
  const titles = titlesIn(source);
  refuseUnsound(slug, titles, faultsOf(source));
  return titles;
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

function knownStep(title: string, titles: Titles[]): string {
  if (titles.some(({ knows }) => knows(title))) return title;
  throw new ScenarioError(`No step is called “${title}”. There are:\n${stepsOf(titles)}`);
}

/** A detail that is computed is shown as `…`. */
const stepsOf = (titles: Titles[]) =>
  titles.flatMap(({ written }) => written.map(one => `  ${one.replace(/\$\{.*?\}/g, '…')}`)).join('\n');

/** Ended, or left to people. */
const ended = (until: string) => (report: Report) =>
  report.steps.some(({ title, state }) => title === until && state !== 'running') ||
  report.questions.some(({ title }) => title === until);

/** A title that does not exist is an error; one that this rehearsal did not come to is said. */
function sayUnused(unused: string[], titles: Titles[]) {
  const unknown = unused.filter(title => !titles.some(({ knows }) => knows(title)));
  if (unknown.length > 0)
    throw new ScenarioError(
      `The scenario has answers for ${unknown.map(title => `“${title}”`).join(', ')}, and there is no step, question or ` +
        `activity of that name. The steps are:\n${stepsOf(titles)}`,
    );
  for (const title of unused) process.stderr.write(`This rehearsal never came to “${title}”.\n`);
}

function verdict({ expects }: Scenario, { incidents }: Rehearsed): number {
  if (incidents.some(({ differing }) => differing.length > 0)) {
    process.stderr.write('Replayed, it asked for something else: a runbook may branch only on what its words return.\n');
    return failed;
  }
  if (values.until !== undefined || expects === undefined) return 0;
  const outcomes = incidents.map(({ report }) => report.outcome ?? null);
  const expected = 'outcomes' in expects ? expects.outcomes : outcomes.map(() => expects.outcome);
  if (JSON.stringify(outcomes) === JSON.stringify(expected)) return 0;
  process.stderr.write(`It should have ended ${results(expected)}, but ended ${results(outcomes)}.\n`);
  return failed;
}

const results = (outcomes: (string | null)[]) =>
  outcomes.map(outcome => (outcome ? `as “${outcome}”` : 'still open')).join(', then ');

try {
  process.exitCode = await main(positionals[0] ?? '');
} catch (error) {
  if (!(error instanceof ScenarioError || error instanceof OwnRunbookError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = wrong;
}
