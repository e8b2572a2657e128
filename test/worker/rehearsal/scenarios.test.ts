// What a rehearsal is told to play, and what is said of what cannot be rehearsed.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { schemaFile, schemaText } from '../../../worker/rehearsal/schema.ts';
import { sourceOf } from '../../../activities/own-runbooks/described.ts';
import { titlesIn } from '../../../worker/rehearsal/titles.ts';
import { runbooks } from '../../client/command-line.ts';

const folder = 'worker/rehearsal/scenarios/dynex-outage';
const execute = promisify(execFile);
const printing = 'test/support/printed-rehearsals.ts';
const run = runbooks({});
const rehearse = (...args: string[]) => run('rehearse', 'dynex-outage', ...args);

test('the same scenario gives the same bytes in whichever time zone the machine is', async () => {
  const scenarios = ['worker/rehearsal/scenarios/dynex-outage.json', `${folder}/again-after-days.json`];
  const said = await Promise.all(
    ['UTC', 'Asia/Kolkata', 'America/St_Johns'].map(async TZ => {
      const command = ['--disable-warning=ExperimentalWarning', printing, 'dynex-outage', ...scenarios];
      const env = { PATH: process.env.PATH, HOME: process.env.HOME, TZ };
      return (await execute(process.execPath, command, { env, maxBuffer: 2 ** 24 })).stdout;
    }),
  );
  const [first, ...others] = said;
  assert.equal(first?.match(/^ *"closed": true|^Closed: recovered/gm)?.length, 2 * 3, 'three incidents, printed twice');
  assert.deepEqual(others, [first, first]);
});

test('a rehearsal until a step ends with that step', async () => {
  const [first = '', ...others] = titlesIn(sourceOf('dynex-outage')).written;
  const { code, stdout } = await rehearse('--until', first);
  assert.equal(code, 0);
  assert.equal(stdout.includes(first), true);
  assert.equal(stdout.includes(others.at(-1) ?? first), false);
});

test('the published schema of a scenario is current', () => {
  assert.deepEqual(JSON.parse(readFileSync(schemaFile, 'utf8')), JSON.parse(schemaText()), 'node worker/rehearsal/schema.ts');
});

describe('what cannot be rehearsed is told with what there is', () => {
  const at = '2026-11-24T03:00:00+01:00';
  const inFile = (scenario: object) => {
    const file = join(mkdtempSync(join(tmpdir(), 'scenario-')), 'scenario.json');
    writeFileSync(file, JSON.stringify(scenario));
    return file;
  };

  const cases: [string, string[], RegExp][] = [
    ['a runbook that does not exist', ['nope'], /The catalog has no runbook nope/],
    ['a file that is not there', ['dynex-outage', '--scenario', 'nowhere.json'], /nowhere\.json cannot be read/],
    ['a step that does not exist', ['dynex-outage', '--until', 'Wake the mayor'], /No step is called “Wake the mayor”.*\n {2}\w/],
    [
      'a title that does not exist',
      ['dynex-outage', '--scenario', inFile({ title: 'x', at, world: { 'Wake the mayor': { done: 'Awake.' } } })],
      /answers for “Wake the mayor”, and there is no step.*\n {2}\w/,
    ],
    [
      'a time without a zone',
      ['dynex-outage', '--scenario', inFile({ title: 'x', at: '2026-11-24T03:00:00' })],
      /is no scenario:\n {2}“at” is "2026-11-24T03:00:00": expected a moment: .*Example: "at": .*\n.*scenario\.schema\.json/,
    ],
  ];
  for (const [what, args, said] of cases)
    test(what, async () => {
      const { code, stdout, stderr } = await run('rehearse', ...args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, said);
    });

  test('a scenario that ends otherwise than it expects', async () => {
    const { code, stderr } = await rehearse(
      '--scenario',
      inFile({ title: 'x', at, atMost: '1 hour', expects: { outcome: 'recovered' } }),
    );
    assert.deepEqual([code, stderr], [1, 'It should have ended as “recovered”, but ended still open.\n']);
  });

  const withBody = async (body: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'runbook-'));
    await run('new', 'Queue Stuck', '--runbooks', folder);
    writeFileSync(
      join(folder, 'queue-stuck.ts'),
      `import { runbook } from 'nqba-runbooks/kit';\n// step('Look') in a remark, and new Date()\n${body}`,
    );
    return run('rehearse', 'queue-stuck', '--runbooks', folder);
  };

  test('two equal titles in a runbook', async () => {
    const look = "await check('Look').observe.probe({ url: 'api' });";
    const { code, stderr } = await withBody(
      `export const queueStuck = runbook('Queue Stuck', async ({ check }) => { ${look} ${look} });`,
    );
    assert.equal(code, 2);
    assert.match(stderr, /two steps that are called “Look”/);
  });

  test('a body that reads the clock or catches an outcome', async () => {
    const body = "if (Date.now() > 0) await check('Look').observe.probe({ url: 'api' }).catch(() => undefined);";
    const { code, stderr } = await withBody(
      `export const queueStuck = runbook('Queue Stuck', async ({ check }) => { ${body} });`,
    );
    assert.equal(code, 2);
    assert.match(stderr, /^A runbook branches only on what its words return, and queue-stuck does not:\n/);
    assert.match(stderr, /queue-stuck\.ts:3: Date reads this machine's clock: take the time from the facts of a check\./);
    assert.match(stderr, /queue-stuck\.ts:3: \.catch\( catches an outcome/);
  });
});
