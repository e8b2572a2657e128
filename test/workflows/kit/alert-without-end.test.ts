// An alert whose end no sender sends: people read how to send it, or close over it truthfully.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertmanagerBody, alertOf, postedAlert } from '../../../client/intake/body.ts';
import { anAlert, aStart, minutes, questionOf, rehearsal, threeAtNight } from '../../support/rehearsing.ts';

const title = 'The alert still fires';
const labels = {
  ...anAlert().labels,
  alertname: 'DynexHealthCheckFailed',
  cluster: 'nqba-production',
  instance: 'x'.repeat(100),
};
const sentByHand = (change = {}) => [aStart(anAlert({ labels, ...change }))];

for (const fingerprint of ['f00d', 'long'.repeat(40)])
  test(`what people are told to send ends the alert, as the intake reads it: a fingerprint of ${fingerprint.length} characters`, async () => {
    const args = sentByHand({ fingerprint });
    const open = await rehearsal({ args, messages: [], atMost: minutes(200) });
    const because = questionOf(open.report, title)?.because ?? '';
    const { alerts } = alertmanagerBody.parse(JSON.parse(because.slice(because.indexOf('{'))));
    const end = alertOf(postedAlert.parse(alerts[0]), 'nqba-production', threeAtNight + minutes(150));
    const { report, closed } = await rehearsal({ args, messages: [{ after: minutes(150), signal: 'alert', args: [end] }] });
    assert.deepEqual([closed, report.outcome], [true, 'recovered']);
    assert.equal(questionOf(report, title)?.withdrawn, 'the alert has resolved');
  });

test('a person may close over it and say that no sender will end it', async () => {
  const decision = { question: 'the-alert-still-fires', choice: 'close: no sender will end it', by: 'ann', reason: 'a drill' };
  const messages = [{ after: minutes(200), signal: 'decide', args: [decision] }];
  const { report, closed } = await rehearsal({ args: sentByHand(), messages });
  assert.equal(closed, true);
  const { choice, reason } = questionOf(report, title)?.answer ?? {};
  assert.deepEqual([choice, reason], [decision.choice, decision.reason]);
});

test('answered while it rolls over, it closes at once: the quiet time is not waited for once more', async () => {
  const decision = { question: 'the-alert-still-fires', choice: 'close: no sender will end it', by: 'ann', reason: 'a drill' };
  const messages = [{ after: minutes(200), signal: 'decide', args: [decision] }];
  const closed = async (rollOver: boolean) => (await rehearsal({ args: sentByHand(), messages, rollOver })).report.times.closed;
  assert.equal(Math.round((Date.parse((await closed(true)) ?? '') - Date.parse((await closed(false)) ?? '')) / 60_000), 0);
});

test('where only a person opened it there is no sender to wait for', async () => {
  const { report } = await rehearsal({ args: sentByHand({ source: 'person' }), messages: [], atMost: minutes(200) });
  assert.equal(questionOf(report, title), undefined);
});
