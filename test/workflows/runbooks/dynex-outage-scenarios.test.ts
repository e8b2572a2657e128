// Dynex Outage as its scenarios play it on the command line.
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { report } from '../../../client/report.ts';
import { runbooks } from '../../client/command-line.ts';
import { neverPlayed } from '../../support/mapped-steps.ts';

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
/** One scenario may be several incidents. */
const all = z.object({ incidents: z.array(z.object({ report })) });
const rehearsed = async (name: string) => {
  const { stdout } = await rehearse('--scenario', `${folder}/${name}.json`, '-o', 'json');
  return printed.parse(JSON.parse(stdout)).incidents[0];
};

describe('shipped scenarios of dynex-outage', () => {
  const reports: z.infer<typeof report>[] = [];
  for (const file of globSync(`${folder}{.json,/*.json}`).toSorted())
    test(`ends as it expects: ${file}`, async () => {
      const { code, stdout, stderr } = await rehearse('--scenario', file, '-o', 'json');
      assert.deepEqual([code, stderr.replaceAll(/^This rehearsal never came to .*\n/gm, '')], [0, '']);
      reports.push(...all.parse(JSON.parse(stdout)).incidents.map(one => one.report));
    });

  test('come to every step that is mapped', () => assert.deepEqual(neverPlayed('dynex-outage', reports), []));
});

describe('a shipped scenario', () => {
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
