// The scenarios that are shipped, and what is said of those that cannot be rehearsed.
import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { report } from '../../../client/report.ts';
import { schemaFile, schemaText } from '../../../worker/rehearsal/schema.ts';
import { runbooks } from '../../client/command-line.ts';

const folder = 'worker/rehearsal/scenarios/dynex-outage';
const run = runbooks({});
const rehearse = (...args: string[]) => run('rehearse', 'dynex-outage', ...args);

const incident = z.object({
  incident: z.string(),
  closed: z.boolean(),
  report,
  effects: z.array(z.looseObject({ title: z.string(), key: z.string(), failed: z.string().optional() })),
  messages: z.array(
    z.looseObject({ type: z.string(), to: z.array(z.object({ to: z.string(), way: z.string().nullable() })), key: z.string() }),
  ),
  questions: z.array(z.looseObject({ title: z.string(), result: z.string() })),
});
const printed = z.object({ incidents: z.tuple([incident]) });
const rehearsed = async (name: string) => {
  const { stdout } = await rehearse('--scenario', `${folder}/${name}.json`, '-o', 'json');
  return printed.parse(JSON.parse(stdout)).incidents[0];
};

describe('a shipped scenario', () => {
  for (const file of ['worker/rehearsal/scenarios/dynex-outage.json', ...globSync(`${folder}/*.json`)])
    test(`ends as it expects: ${file}`, async () => {
      const { code, stderr } = await rehearse('--scenario', file);
      assert.deepEqual([code, stderr.replaceAll(/^This rehearsal never came to .*\n/gm, '')], [0, '']);
    });

  const p0 = 'worker/rehearsal/scenarios/p0-critical-incident-response';
  for (const file of [`${p0}.json`, ...globSync(`${p0}/*.json`)])
    test(`ends as it expects: ${file}`, async () => {
      const { code, stderr } = await run('rehearse', 'p0-critical-incident-response', '--scenario', file);
      assert.deepEqual([code, stderr.replaceAll(/^This rehearsal never came to .*\n/gm, '')], [0, '']);
    });

  test('of a P0 that nobody answers pages the same by day and at three on a Sunday', async () => {
    const [day, night] = await Promise.all(
      ['nobody-answers', 'nobody-answers-on-sunday'].map(async name => {
        const { stdout } = await run(
          'rehearse',
          'p0-critical-incident-response',
          '--scenario',
          `${p0}/${name}.json`,
          '-o',
          'json',
        );
        const [{ messages, report }] = printed.parse(JSON.parse(stdout)).incidents;
        const fired = Date.parse(report.times.fired);
        return messages
          .filter(({ type }) => type === 'page')
          .map(({ to, at }) => [Date.parse(String(at)) - fired, to.map(one => one.to)]);
      }),
    );
    assert.deepEqual(night, day);
    assert.deepEqual(day?.[0], [0, ['primary']]);
  });

  test('with a stuck breaker tries again under a new letter, because nothing was done', async () => {
    const { effects } = await rehearsed('stuck-breaker');
    const [first, second] = effects.filter(({ title }) => title === 'Activate Circuit Breaker');
    assert.match(first?.failed ?? '', /exceeded quota/);
    assert.equal(second?.key, `${first?.key}b`);
    const given = effects.filter(({ title }) => title.endsWith('Give back a replica: Activate Circuit Breaker'));
    assert.deepEqual(
      given.map(({ title }) => title.startsWith('Undo: ')),
      [false, false, true],
      'planned, approved, and returned',
    );
  });

  test('with a relapse opens the breaker again, and asks for the cause again', async () => {
    const { effects, questions } = await rehearsed('relapse');
    assert.equal(effects.filter(({ title }) => title === 'Activate Circuit Breaker: relapse').length, 1);
    assert.equal(questions.filter(({ title, result }) => title === 'What is the cause?' && result === 'answered').length, 2);
  });

  test('that returns in stages goes back to 0 at a relapse, and is approved once for each way back', async () => {
    const { effects, questions } = await rehearsed('in-stages');
    const stages = new Set(effects.filter(({ title }) => title.endsWith('%')).map(({ key }) => key.split(': ').at(-1)));
    assert.deepEqual(
      [...stages].map(stage => stage?.replace('%25', '')),
      ['10/1', '25/1', 'back to 0/1', '10/2', '25/2', '50/1', '100/1'],
    );
    assert.equal(questions.filter(({ title }) => title.startsWith('Gradual Rollback')).length, 2);
  });

  test('where nobody answers lets the question expire, changes nothing more and stays open', async () => {
    const { closed, effects, questions } = await rehearsed('nobody-answers');
    assert.equal(closed, false);
    assert.equal(questions.find(({ title }) => title === 'What is the cause?')?.result, 'expired');
    assert.deepEqual([...new Set(effects.map(({ title }) => title))], ['Activate Circuit Breaker']);
  });

  test('that only observes does nothing, pages all the same, and says what it would have done', async () => {
    const { report, messages } = await rehearsed('observe');
    assert.equal(
      report.steps.some(({ state, changes }) => state === 'done' && changes.length > 0),
      false,
    );
    assert.equal(report.steps.find(({ title }) => title === 'Activate Circuit Breaker')?.state, 'would have');
    const way = 'pagerduty PAGERDUTY_ROUTING_KEY';
    assert.deepEqual(messages.find(({ type }) => type === 'page')?.to, [
      { to: 'primary', way },
      { to: 'quantum', way },
    ]);
  });
});

test('the same scenario gives the same bytes in whichever time zone the machine is', async () => {
  const scenarios = ['worker/rehearsal/scenarios/dynex-outage.json', `${folder}/again-after-days.json`];
  const said = await Promise.all(
    ['UTC', 'Asia/Kolkata', 'America/St_Johns'].map(async TZ => {
      const there = runbooks({ TZ });
      const printed = scenarios.flatMap(file =>
        ['text', 'json'].map(format => there('rehearse', 'dynex-outage', '--scenario', file, '-o', format)),
      );
      return (await Promise.all(printed)).map(({ stdout }) => stdout);
    }),
  );
  const [first, ...others] = said;
  assert.ok(first?.every(text => /[Cc]losed/.test(text)));
  assert.deepEqual(others, [first, first]);
});

test('a rehearsal until a step ends with that step', async () => {
  const { code, stdout } = await rehearse('--until', 'Activate Circuit Breaker');
  assert.equal(code, 0);
  assert.match(stdout, /part {7}Activate Circuit Breaker/);
  assert.doesNotMatch(stdout, /Check Credentials/);
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
    ['one that is not written', ['log-review'], /log-review is not written as a workflow yet/],
    ['a file that is not there', ['dynex-outage', '--scenario', 'nowhere.json'], /nowhere\.json cannot be read/],
    [
      'a step that does not exist',
      ['dynex-outage', '--until', 'Wake the mayor'],
      /No step is called “Wake the mayor”.*\n {2}Declare/,
    ],
    [
      'a title that does not exist',
      ['dynex-outage', '--scenario', inFile({ title: 'x', at, world: { 'Wake the mayor': { done: 'Awake.' } } })],
      /answers for “Wake the mayor”, and there is no step.*\n {2}Declare Incident/,
    ],
    [
      'a time without a zone',
      ['dynex-outage', '--scenario', inFile({ title: 'x', at: '2026-11-24T03:00:00' })],
      /is no scenario:[^]*at at[^]*scenario\.schema\.json/,
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
