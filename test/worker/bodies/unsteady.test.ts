// A body branches only on what its words return: lint says so of what is shipped, and a rehearsal of what is not.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { faultsOf } from '../../../worker/bodies/faults-of.ts';

const root = join(import.meta.dirname, '../../..');
const scratch = mkdtempSync(join(tmpdir(), 'bodies-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const folder = join(scratch, 'workflows/runbooks');
mkdirSync(folder, { recursive: true });

const page = "step('Notify Team').oncall.page({ roles: ['primary'] })";
const look = "check('Look').observe.probe({ url: 'api' })";

/** What stands in a body, and what is said of it: line and words, or nothing. */
const bodies: Record<string, [body: string, said?: RegExp]> = {
  'the time of the machine': ['if (Date.now() > 0) return;', /^5: Date reads this machine's clock: take the time from the facts/],
  'the time that has passed': ['if (performance.now() > 9) return;', /^5: performance reads this machine's clock/],
  chance: ['if (Math.random() > 0.5) return;', /^5: Math\.random is chance: let a check choose/],
  'a random name': ['return crypto.randomUUID();', /^5: crypto is chance: let a check choose/],
  'a timer': ['setTimeout(() => undefined, 9);', /^5: setTimeout waits by itself: let a watch wait/],
  'a call of its own': ["await fetch('https://dynex.co');", /^5: fetch touches the world: an activity does that/],
  try: [`try { await ${look}; } catch { return; }`, /^5: try catches an outcome: a step that fails is put before people/],
  catch: [`await ${page}.catch(() => undefined);`, /^5: \.catch\( catches an outcome/],
  finally: [`await ${page}.finally(() => undefined);`, /^5: \.finally\( catches an outcome/],
  'a second handler': [`await ${page}.then(() => 1, () => 2);`, /^5: \.then\( catches an outcome/],
  'the first of several': [
    `await Promise.race([${page}, ${look}]);`,
    /^5: Promise\.race hides what a word returned: await Promise\.all/,
  ],
  'any of several': [`await Promise.any([${page}, ${look}]);`, /^5: Promise\.any hides/],
  'all, whatever became of them': [`await Promise.allSettled([${page}, ${look}]);`, /^5: Promise\.allSettled hides/],
  'a change of what all incidents share': ["seen.push('x');", /^5: What changes seen is shared by every open incident/],
  'a step that nobody awaits': [
    `${page};`,
    /^5: This promise is not awaited: await it, or put it into the Promise\.all that is awaited next/,
  ],
  'a step that is thrown away': [`void ${page};`, /^5: This promise is not awaited/],
  'a promise that is awaited only after another word': [
    `const told = ${page}; await ${look}; await told;`,
    /^5: This promise is not awaited/,
  ],
  'a promise that is not awaited when the body returns': [
    `const told = tell(); if (seen.length > 0) return; await told;`,
    /^5: This promise is not awaited/,
  ],
  'a promise that is awaited next': [`const told = tell(); const later = () => ${look}; await Promise.all([told, later()]);`],
  'a phase that runs several side by side': [`await phase('All', () => Promise.all([${page}, ${look}]));`],
  'a name that is its own': ['const performance = await look(); return performance;'],
};

const wholeOf = (body: string) => `import { runbook } from 'nqba-runbooks/kit';
import type { Finding } from '../contract/index.ts';
export const seen: string[] = [];
export const stuck = runbook('Stuck', async ({ phase, step, check }) => {
  ${body}
  async function tell() { await ${page}; }
  async function look(): Promise<Finding> { return ${look}; }
});
`;

const names = Object.keys(bodies);
const fileOf = (name: string) => join(folder, `body-${names.indexOf(name)}.ts`);
for (const [name, [body]] of Object.entries(bodies)) writeFileSync(fileOf(name), wholeOf(body));
writeFileSync(join(folder, 'varies.ts'), 'export let count = 0;\n');
writeFileSync(join(folder, 'around.ts'), "import { sleep } from '@temporalio/workflow';\nexport const wait = () => sleep(1);\n");

for (const [name, [, said]] of Object.entries(bodies))
  test(`${said ? 'refuses' : 'accepts'} ${name}`, () => {
    const lines = faultsOf(fileOf(name)).map(line => line.slice(fileOf(name).length + 1));
    assert.equal(lines.length, said ? 1 : 0, lines.join('\n'));
    if (said) assert.match(lines[0] ?? '', said);
  });

test('refuses what varies beside the body, and the SDK behind the words', () => {
  assert.match(faultsOf(join(folder, 'varies.ts'))[0] ?? '', /varies\.ts:1: What varies beside the body is shared by every open/);
  assert.match(faultsOf(join(folder, 'around.ts'))[0] ?? '', /around\.ts:1: @temporalio\/workflow goes around the words/);
});

test('reads what a runbook imports from its own folder, and nothing outside it', () => {
  const outside = "import { faultsOf } from '../../worker/bodies/faults-of.ts';\n";
  writeFileSync(
    join(folder, 'importing.ts'),
    `${outside}import { count } from './varies.ts';\nexport const x = [count, faultsOf];\n`,
  );
  assert.match(faultsOf(join(folder, 'importing.ts')).join('\n'), /^[^\n]*varies\.ts:1: What varies[^\n]*$/);
});

test('lint says the same of each, line for line', () => {
  copyFileSync(join(root, '.oxlintrc.json'), join(scratch, '.oxlintrc.json'));
  for (const room of ['worker', 'node_modules']) symlinkSync(join(root, room), join(scratch, room));
  const { stdout } = lint(scratch, ['workflows']);
  const steady = reports(stdout);
  const read = readdirSync(folder).flatMap(name => faultsOf(join(folder, name)).map(line => line.slice(folder.length + 1)));
  assert.deepEqual([...new Set(steady)].sort(), [...new Set(read)].sort());
});

test('the runbooks that are shipped, and the example, are what lint looks at and finds in order', () => {
  const { stdout, status } = lint(root, ['workflows/runbooks', 'examples']);
  assert.deepEqual([status, reports(stdout)], [0, []]);
  const shipped = globSync(['workflows/runbooks/*.ts', 'examples/*/*.ts'], { cwd: root });
  assert.equal(shipped.length >= 3, true);
  assert.deepEqual(
    shipped.flatMap(file => faultsOf(join(root, file))),
    [],
  );
});

const lint = (cwd: string, paths: string[]) =>
  spawnSync(process.execPath, [join(root, 'node_modules/oxlint/bin/oxlint'), '-f', 'json', ...paths], { cwd, encoding: 'utf8' });

/** `file:line: message` of the rule about bodies. */
function reports(stdout: string): string[] {
  const { diagnostics }: Reported = JSON.parse(stdout);
  return diagnostics
    .filter(({ code }) => code === 'bodies(steady)')
    .map(({ filename, labels: [label], message }) => `${filename.split('/').at(-1)}:${label?.span.line}: ${message}`);
}

interface Reported {
  diagnostics: { code: string; filename: string; message: string; labels: { span: { line: number } }[] }[];
}
