// Billing Drift as its scenarios play it: one for each cause, and for whatever may go wrong beside it.
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { before, test } from 'node:test';
import { workflowBundle } from '../../../worker/bundle.ts';
import { effectsOf } from '../../../worker/rehearsal/effects.ts';
import { rehearseAll } from '../../../worker/rehearsal/incidents.ts';
import { Sandbox } from '../../../worker/rehearsal/rehearse.ts';
import { scenarioIn, writtenRunbook } from '../../../worker/rehearsal/scenario.ts';
import { neverPlayed } from '../../support/mapped-steps.ts';
import { nqba } from '../../support/nqba.ts';

type Played = ReturnType<typeof effectsOf>;

let sandbox: Sandbox;
before(async () => {
  sandbox = await Sandbox.load((await workflowBundle()).code, []);
});

const slug = 'billing-drift';
const reversed = ['Correct pricing configuration', 'Reverse incorrect charges', 'Update customer accounts'];
const resumed = ['Resume Billing: 5%', 'Resume Billing: 100%'];

/** Of each scenario what must be so, besides the outcome that it expects. */
const holds: Record<string, (played: Played) => void> = {
  [slug]({ report, effects }) {
    assert.equal(causeIn(report), 'Pricing Error');
    assert.deepEqual(changed(effects), ['Pause Billing', ...reversed, ...resumed]);
    assert.deepEqual(approversOf(report, 'Reverse incorrect charges'), ['finance', 'management']);
    assert.deepEqual(approversOf(report, 'Correct pricing configuration'), ['finance', undefined]);
  },
  'usage-mismatch'({ report, effects }) {
    assert.equal(causeIn(report), 'Usage Mismatch');
    assert.deepEqual(changed(effects), ['Pause Billing', 'Adjust billing accordingly', 'Update customer records', ...resumed]);
    assert.deepEqual(approversOf(report, 'Adjust billing accordingly'), ['finance', undefined]);
  },
  'usage-not-durable'({ effects }) {
    assert.deepEqual(changed(effects), ['Pause Billing', ...resumed], 'nothing is charged from what is left');
  },
  'payment-issue'({ report, effects }) {
    assert.equal(causeIn(report), 'Payment Processing Issue');
    assert.deepEqual(changed(effects), ['Pause Billing', 'Retry failed charges', ...resumed]);
  },
  'wrong-again'({ report, effects }) {
    const again = ['Resume Billing: 5%', 'Pause Billing: again at 5%'];
    assert.deepEqual(changed(effects), ['Pause Billing', ...reversed, ...again, ...reversed, ...resumed]);
    assert.match(causesIn(report).at(-1)?.because ?? '', /Tried without success: Pricing Error\./);
  },
  'nobody-answers'({ effects }) {
    assert.deepEqual(changed(effects), ['Pause Billing'], 'only people resume');
  },
  'every-system-fails'({ effects, questions }) {
    assert.deepEqual(changed(effects), []);
    assert.ok(questions.some(({ title }) => title === 'Pause Billing'));
  },
};

const causesIn = ({ questions }: Played['report']) => questions.filter(({ title }) => title === 'What is the cause?');
const causeIn = (report: Played['report']) => causesIn(report)[0]?.suggest;
const approversOf = ({ questions }: Played['report'], of: string) => {
  const asked = questions.find(({ title }) => title === of);
  return [asked?.owner, asked?.second];
};
const changed = (effects: Played['effects']) =>
  effects.filter(one => 'changes' in one && (one.changes ?? []).length > 0).map(({ title }) => title);

const reports: Played['report'][] = [];
for (const file of globSync(`worker/rehearsal/scenarios/{${slug}.json,${slug}/*.json}`).toSorted())
  test(`ends as it expects: ${file}`, async () => {
    const { setting, expects } = scenarioIn(file, writtenRunbook(slug));
    const { incidents, unheard } = await rehearseAll(sandbox, setting);
    const [rehearsed] = incidents;
    assert.ok(rehearsed && incidents.length === 1);
    assert.deepEqual([unheard, rehearsed.differing], [[], []]);
    const played = effectsOf(rehearsed, { platform: await nqba(), onCall: { people: {}, roles: {} } });
    reports.push(played.report);
    assert.deepEqual({ outcome: rehearsed.closed ? rehearsed.report.outcome : null }, expects);
    const hold = holds[basename(file, '.json')];
    assert.ok(hold, 'say here what holds of it');
    hold(played);
  });

test('come to every step that is mapped', () => assert.deepEqual(neverPlayed(slug, reports), []));
