// The written mail address of incidents learns of the beginning and the end of each, once, in one thread.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { createActivities } from '../../activities/index.ts';
import { headerOf } from '../../lab/stand-ins/mail.ts';
import { mailing } from './mailing.ts';
import { about, done } from './outcomes.ts';

const call = { key: 'run-1/Declare Incident/1', about };

test('an incident is one mail at its declaration and one at its end, in the same thread', async t => {
  const { deps, messages } = await mailing(t, { mailboxes: ['incidents@flyfoxai.io'] });
  const { comms } = createActivities(deps);
  for (const state of [undefined, 'acknowledged', 'mitigated'])
    await comms.declareIncident({ title: 'Dynex Outage' }, { ...call, about: { ...about, state } });
  for (let times = 0; times < 2; times += 1) await comms.resolveIncident({ summary: 'Dynex is back.' }, call);
  assert.deepEqual(
    messages.map(({ to, text }) => [to, headerOf(text, 'Subject')]),
    [
      ['incidents@flyfoxai.io', 'P1 Dynex Outage: dynex-outage-20261124-k7fp'],
      ['incidents@flyfoxai.io', 'Resolved: Dynex is back. (dynex-outage-20261124-k7fp)'],
    ],
  );
  const [declared = '', ended = ''] = messages.map(({ text }) => text.replaceAll('=\r\n', ''));
  assert.match(declared, /No probe reaches Dynex/);
  assert.match(declared, /acknowledge: runbooks ack dynex-outage-20261124-k7fp/);
  assert.equal(headerOf(ended, 'In-Reply-To'), headerOf(declared, 'Message-ID'));
});

test('a mail server that is out of order is tried again, and an incident without a measured recovery is not called resolved', async t => {
  const { deps, messages, states } = await mailing(t, { mailboxes: ['incidents@flyfoxai.io'] });
  const { comms } = createActivities(deps);
  states.mail = 'down';
  await assert.rejects(comms.resolveIncident({ summary: 'Given up.', resolved: false }, call), { nonRetryable: false });
  states.mail = 'healthy';
  await comms.resolveIncident({ summary: 'Given up.', resolved: false }, call);
  assert.deepEqual(
    messages.map(({ text }) => headerOf(text, 'Subject')),
    ['Closed, not resolved: Given up. (dynex-outage-20261124-k7fp)'],
  );
});

test('a fault of the mail server keeps the message in Slack from no one, and the next try sends what is missing', async t => {
  const { deps, messages, states, posts } = await mailing(t, {
    mailboxes: ['incidents@flyfoxai.io'],
    at: Date.parse(about.fired),
  });
  const { comms } = createActivities(deps);
  states.mail = 'refused';
  await assert.rejects(comms.declareIncident({ title: 'Dynex Outage' }, call));
  assert.equal(posts.length, 1);
  states.mail = 'healthy';
  const { note } = done(await comms.declareIncident({ title: 'Dynex Outage' }, call));
  assert.match(note, /Mailed to incidents@flyfoxai\.io\./);
  assert.deepEqual([posts.length, messages.length], [1, 1]);
});

test('a mail is marked as sent only after the server has taken it: whoever dies before sends it again, as the same mail', async t => {
  const marks = () => readdirSync(on.folder).includes('incident-mails');
  const atEnd = (): 'takes' | 'cut' => {
    seen.push(marks());
    return seen.length === 1 ? 'cut' : 'takes';
  };
  const seen: boolean[] = [];
  const on = await mailing(t, { mailboxes: ['incidents@flyfoxai.io'], atEnd });
  const { comms } = createActivities(on.deps);
  await assert.rejects(comms.resolveIncident({ summary: 'Dynex is back.' }, call), { nonRetryable: false });
  for (let times = 0; times < 2; times += 1) await comms.resolveIncident({ summary: 'Dynex is back.' }, call);
  assert.deepEqual(seen, [false, false]);
  assert.ok(marks());
  const [first, second, ...more] = on.messages.map(({ key }) => key);
  assert.equal(first, second);
  assert.deepEqual(more, []);
});
