// Quota Exhaustion as its scenarios play it: one for each cause, and for whatever may go wrong beside it.
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { before, describe, test } from 'node:test';
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

const slug = 'quota-exhaustion';
const limited = 'Implement Rate Limiting';

/** Of each scenario what must be so, besides the outcome that it expects. */
const holds: Record<string, (played: Played) => void> = {
  'quota-exhaustion'({ report, effects }) {
    assert.equal(suggested(report), 'Legitimate High Usage');
    assert.ok(asked(report).includes('Increase quota limits for affected customers'));
    assert.deepEqual(changed(effects), [limited]);
  },
  abuse({ report, messages }) {
    assert.equal(suggested(report), 'API Abuse');
    assert.deepEqual(asked(report).slice(-2), ['Implement stricter rate limiting', 'Block abusive IPs/users']);
    assert.match(remarks(messages), /This is a P1.*31% of all calls/);
  },
  configuration({ report, effects }) {
    assert.equal(suggested(report), 'Configuration Issue');
    assert.deepEqual(changed(effects), [limited, 'Adjust quota settings', 'Restart quota service']);
  },
  rates({ messages }) {
    assert.match(remarks(messages), /runbooks open api-rate-limit-exceeded/);
  },
  'nobody-answers'({ effects }) {
    assert.deepEqual(changed(effects), [limited]);
  },
  'every-system-fails'({ effects, questions }) {
    assert.deepEqual(changed(effects), []);
    assert.ok(questions.some(({ title }) => title === limited));
  },
  'alert-resolves-in-phase-one'({ effects }) {
    assert.deepEqual(changed(effects), [limited]);
  },
};

const suggested = ({ questions }: Played['report']) => questions.findLast(({ title }) => title === 'What is the cause?')?.suggest;
const asked = ({ questions }: Played['report']) => questions.map(({ title }) => title);
const changed = (effects: Played['effects']) =>
  effects.filter(one => 'changes' in one && (one.changes ?? []).length > 0).map(({ title }) => title);
const remarks = (messages: Played['messages']) => JSON.stringify(messages.filter(({ type }) => type === 'remark'));

describe('shipped scenarios of quota-exhaustion', () => {
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
});
