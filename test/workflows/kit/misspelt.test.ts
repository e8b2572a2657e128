// A signal whose name nobody knows is refused and recorded, with the names that exist; a person learns of it where they look.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decision, json, signalled } from '../../support/payloads.ts';
import { effects, minutes, questionOf } from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

const names = 'acknowledge, alert, cancel, decide, extend, note, release, severity, takeOver, undone';

test('a misspelt decision is refused under its name, says which names there are, and the next one is accepted', async () => {
  const { report } = await trialOutage({
    people: {},
    jobs: [
      { after: minutes(1), job: signalled('decied', json(decision({ by: 'ann' }))) },
      { after: minutes(2), job: signalled('decide', json(decision({ by: 'ann' }))) },
    ],
    atMost: minutes(5),
  });
  assert.deepEqual(
    report.refusals.map(({ what, by, because }) => [what, by, because]),
    [['decied', 'ann', `unknown message; known messages: ${names}`]],
  );
  assert.equal(questionOf(report, 'What is the cause?')?.answer?.by, 'ann');
});

test('one that says nothing, or much too much, is refused all the same', async () => {
  const jobs = [[], [json(JSON.stringify({ by: 'x'.repeat(100_000) }))], [json('null'), json('null')]].map(payloads => ({
    after: minutes(1),
    job: signalled('x'.repeat(1000), ...payloads),
  }));
  const { report } = await trialOutage({ jobs });
  assert.equal(report.refusals.length, 3);
  assert.ok(report.refusals.every(({ what, by }) => what.length <= 200 && by === 'unknown'));
  assert.equal(report.outcome, 'recovered');
});

test('it costs the incident no command', async () => {
  const jobs = [{ after: minutes(1), job: signalled('Cancel', json('{"by":"bob"}')) }];
  const [told, untold] = await Promise.all([trialOutage({ jobs }), trialOutage()]);
  assert.equal(told.report.refusals.length, 1);
  assert.deepEqual(told.ran.map(({ title }) => title).toSorted(), untold.ran.map(({ title }) => title).toSorted());
  assert.equal(effects(told, 'takeBack').length, 0);
});
