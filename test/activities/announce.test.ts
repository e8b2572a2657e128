/** What responders read of a question in the incident's channel: once, and nothing in it is interpreted. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { slack } from '../../lab/stand-ins/slack.ts';
import { type Message, surroundings } from '../../lab/stand-ins/stand-in.ts';
import type { Asked, Call } from '../../workflows/contract/index.ts';
import { activitiesWith, virtualClock } from './bare.ts';
import { about, done } from './outcomes.ts';

const call = (number: number): Call => ({ key: `run-1/Questions/${number}`, about });
const question: Asked = {
  title: 'What is the cause?',
  owner: 'commander',
  choices: ['Dynex Platform Issue', 'none of these (I will fix it manually)'],
  suggest: 'Dynex Platform Issue',
  because: 'Both probes fail <!channel>',
  expires: '2026-11-24T07:00:00Z',
  otherwise: 'none of these (I will fix it manually)',
  command: "runbooks decide dynex-outage-20261124-k7fp what-is-the-cause 'Dynex Platform Issue' --as YOU",
};

function channel() {
  const messages: Message[] = [];
  const looksBackTo: number[] = [];
  const clock = virtualClock();
  const around = surroundings({ ...clock, state: () => 'healthy', record: message => void messages.push(message) });
  const { fetch: served } = slack(around);
  const fetch = async (request: Request) => {
    const asked = new URLSearchParams(await request.clone().text());
    if (request.url.endsWith('conversations.history')) looksBackTo.push(Number(asked.get('oldest')) * 1000);
    return served(request);
  };
  const connected = { slack: { url: 'http://slack/api/', token: 'xoxb-test', fetch } };
  return { messages, looksBackTo, comms: activitiesWith(connected, clock).comms };
}

test('a question is one message, however often it is sent, with its choices and the line that answers it', async () => {
  const { comms, messages } = channel();
  await comms.announce({ question, reminder: 0 }, call(1));
  await comms.announce({ question, reminder: 0 }, call(1));
  assert.equal(messages.length, 1);
  const lines = messages[0]?.text.split('\n') ?? [];
  assert.equal(lines[0], 'Asked: What is the cause? (P1 dynex-outage-20261124-k7fp, for commander)');
  assert.equal(lines.at(-1), `\`${question.command}\``);
  assert.equal(lines.includes('Unanswered at 2026-11-24T07:00:00Z: none of these (I will fix it manually)'), true);
});

test('messages of an incident are sought from a day before it opened on, however old its alert is', async () => {
  const { comms, messages, looksBackTo } = channel();
  const old = { ...about, fired: '2026-08-01T00:00:00Z', opened: '2026-11-24T03:00:00Z' };
  for (const _ of ['once', 'twice']) {
    await comms.declareIncident({ title: 'Dynex Outage' }, { key: 'run-1/a/1', about: old });
    await comms.announce({ question, reminder: 0 }, { key: 'run-1/b/1', about: old });
    await comms.remark({ text: 'No written branch fits.' }, { key: 'run-1/c/1', about: old });
  }
  assert.equal(messages.length, 3, 'each is found again');
  assert.deepEqual(new Set(looksBackTo), new Set([Date.parse('2026-11-23T03:00:00Z')]));
});

test('a reminder is a message of its own, and says that it is still asked', async () => {
  const { comms, messages } = channel();
  await comms.announce({ question, reminder: 0 }, call(1));
  await comms.announce({ question, reminder: 1 }, call(2));
  assert.match(messages[1]?.text ?? '', /^Still asked: What is the cause\?/);
});

test('nothing in a question calls anybody or ends the line that answers it', async () => {
  const { comms, messages } = channel();
  await comms.announce({ question: { ...question, command: 'runbooks decide `x` <@U1>' }, reminder: 0 }, call(1));
  assert.doesNotMatch(messages[0]?.text ?? '', /<!channel>|<@U1>/);
  assert.equal(messages[0]?.text.split('`').length, 3);
});

test('a remark stands in the channel and in the record, with Slack and without', async () => {
  const text = 'No written branch fits.';
  const { comms, messages } = channel();
  assert.equal(done(await comms.remark({ text }, call(1))).note, `Posted in #nqba-incidents. ${text}`);
  assert.equal(messages[0]?.text, `P1 dynex-outage-20261124-k7fp: ${text}`);
  const unconnected = await activitiesWith({}, virtualClock()).comms.remark({ text }, call(1));
  assert.match(
    'byHand' in unconnected ? (unconnected.byHand.because ?? '') : 'said to be done',
    /not connected: the text is on the board only\. No written branch fits\.$/,
  );
});

test('a remark has each follow-up whole, and fits into one message of Slack whatever it has', async () => {
  const { comms, messages } = channel();
  const followUp = `operations | ${'why '.repeat(100)} runbooks open dynex-outage --because '…'`;
  await comms.remark({ text: 'done.', lines: [followUp, ...Array.from({ length: 100 }, () => '&'.repeat(800))] }, call(1));
  assert.equal(messages[0]?.text.split('\n')[1], followUp.replaceAll('  ', ' '));
  assert.ok(messages[0]?.text.endsWith('and 61 more: runbooks show dynex-outage-20261124-k7fp'));
});

test('without Slack it stands on the board, and nothing is left to paste', async () => {
  const outcome = await activitiesWith({}, virtualClock()).comms.announce({ question, reminder: 0 }, call(1));
  const because = 'Slack is not connected: the text is on the board only.';
  assert.deepEqual(outcome, { byHand: { system: 'Slack', because, paste: '' } });
});
