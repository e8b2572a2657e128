// An alert whose end no sender sends: people read how to send it, or close over it truthfully.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { questionLines } from '../../../client/cli/question-lines.ts';
import { webhookBody, alertOf, postedAlert } from '../../../client/intake/body.ts';
import { anAlert, aStart, effects, minutes, questionOf, rehearsal, threeAtNight } from '../../support/rehearsing.ts';

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
    const { alerts } = webhookBody.parse(JSON.parse(because.slice(because.indexOf('{'))));
    const end = alertOf(postedAlert.parse(alerts[0]), 'nqba-production', threeAtNight + minutes(150));
    const { report, closed } = await rehearsal({ args, messages: [{ after: minutes(150), signal: 'alert', args: [end] }] });
    assert.deepEqual([closed, report.outcome], [true, 'recovered']);
    assert.equal(questionOf(report, title)?.withdrawn, 'the alert has resolved');
  });

test('a body too long for the board is whole in `runbooks show`, which the board and the announcement name', async () => {
  const long = { service: 's'.repeat(100), pod: 'p'.repeat(100) };
  const start = aStart(anAlert({ labels: { ...labels, ...long } }));
  const rehearsed = await rehearsal({ args: [start], messages: [], atMost: minutes(200) });
  const { report, board } = rehearsed;
  const question = questionOf(report, title);
  const { alerts } = webhookBody.parse(JSON.parse(question?.because?.slice(question.because.indexOf('{')) ?? ''));
  assert.partialDeepStrictEqual(postedAlert.parse(alerts[0]).labels, long);
  assert.match(board, /^`runbooks show \S+` prints the whole text\.$/m);
  const announced = effects(rehearsed, 'announce').map(({ args }) => JSON.stringify(args));
  assert.ok(announced.some(text => text.includes(`… runbooks show ${report.incident} prints the whole text.`)));
  assert.ok(
    question && questionLines(report.incident, 'w', question, threeAtNight).some(one => one.includes(question.because ?? '')),
  );
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
  const note = { text: 'the sender is gone', by: 'ann' };
  const messages = [
    { after: minutes(130), signal: 'note', args: [note] },
    { after: minutes(135), signal: 'decide', args: [decision] },
  ];
  const closed = async (rollOver: boolean) => (await rehearsal({ args: sentByHand(), messages, rollOver })).report.times.closed;
  assert.equal(Math.round((Date.parse((await closed(true)) ?? '') - Date.parse((await closed(false)) ?? '')) / 60_000), 0);
});

test('where only a person opened it there is no sender to wait for', async () => {
  const { report } = await rehearsal({ args: sentByHand({ source: 'person' }), messages: [], atMost: minutes(200) });
  assert.equal(questionOf(report, title), undefined);
});
