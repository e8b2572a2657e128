/** An incident's own channel: one however often it is declared, and none of its faults keeps the declaration back. */

import assert from 'node:assert/strict';
import test from 'node:test';
import type { Declaration } from '../../activities/comms.ts';
import { createActivities } from '../../activities/index.ts';
import { channelName, topicOf } from '../../activities/messages/incident.ts';
import { type OnCall, parseOnCall } from '../../activities/people.ts';
import { slack } from '../../lab/stand-ins/slack.ts';
import { Workspace } from '../../lab/stand-ins/slack-history.ts';
import { type Message, surroundings } from '../../lab/stand-ins/stand-in.ts';
import type { Call } from '../../workflows/contract/index.ts';
import { aPlatform, activitiesWith, connected, running, virtualClock } from './bare.ts';
import { about, done } from './outcomes.ts';

const call = (step = 'Declare Incident'): Call => ({ key: `run-1/${step}/1`, about });
const name = 'inc-20261124-k7fp';
const rota = parseOnCall(
  JSON.stringify({
    people: {
      ann: { slack: 'U0ALICE' },
      bob: { slack: 'U0BOB' },
      carla: { slack: 'U0CARLA' },
      dan: { slack: 'U0GONE' },
      eve: {},
      fay: { slack: 'U0FAY', hours: { timeZone: 'UTC', at: ['Mon-Sun 08:00-18:00'] } },
    },
    roles: { primary: ['ann'], secondary: ['bob', 'ann'], quantum: ['carla'], finance: ['dan', 'eve', 'fay'] },
  }),
);

/** One workspace; every `worker` has an artifact store of its own. */
function workspace(onCall: OnCall = rota) {
  const clock = virtualClock();
  const messages: Message[] = [];
  let kept: unknown;
  const shelf = { read: <T>(_: unknown, otherwise: T) => otherwise, write: (state: unknown) => void (kept = state) };
  const app = slack(surroundings({ ...clock, shelf, record: message => void messages.push(message) }));
  const worker = (token = 'xoxb-test') => {
    const systems = connected({ slack: { url: 'http://slack/api/', token, fetch: app.fetch } }, clock);
    return createActivities({ platform: aPlatform, systems, rota: async () => ({ onCall }), ...clock, running }).comms;
  };
  const texts = () => messages.map(({ to, text }) => `${to}: ${text.split('\n', 1)[0]}`);
  const channels = () => Workspace.parse(kept).channels.filter(one => one.name.startsWith('inc-'));
  const create = (name: string) => app.request('/api/conversations.create', { method: 'POST', ...jsonOf({ name }) });
  return { worker, texts, channels, create, messages, sleep: clock.sleep };
}

const jsonOf = (body: object) => ({
  headers: { Authorization: 'Bearer xoxb-test', 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});
const declared = '#nqba-incidents: P1 Dynex Outage: dynex-outage-20261124-k7fp';
const ui = 'http://localhost:8233/namespaces/default/workflows/incident%3Adynex-outage%3Anqba-production';
const topic = `#${name}: topic: P1 Dynex Outage: ${ui}`;
const invited = (user: string) => `#${name}: ${user} was invited`;

test('an incident gets a channel with its topic and who is on call, and its message leads there', async () => {
  const { worker, texts, channels, messages } = workspace();
  const { note } = done(await worker().declareIncident({ title: 'Dynex Outage', channel: true }, call()));
  assert.equal(note, `Posted in #nqba-incidents. Its channel is #${name}. Invited: ann, bob.`);
  assert.deepEqual(texts(), [declared, topic, invited('U0ALICE'), invited('U0BOB')]);
  const [made] = channels();
  assert.equal(made?.is_private, false);
  assert.match(messages[0]?.text ?? '', new RegExp(`\\nChannel: <#${made?.id}>\\n`));
});

test('the same declaration again writes nothing more, also where the store has forgotten the channel', async () => {
  const { worker, texts, channels } = workspace();
  const first = worker();
  await first.declareIncident({ title: 'Dynex Outage', channel: true }, call());
  const once = texts();
  for (const comms of [first, worker()]) {
    const { note } = done(await comms.declareIncident({ title: 'Dynex Outage', channel: true }, call()));
    assert.match(note, /^Updated the message in #nqba-incidents\. .* Invited: ann, bob\.$/);
  }
  assert.deepEqual([texts(), channels().length], [once, 1]);
});

test('a declaration without a channel makes none', async () => {
  const { worker, texts, channels } = workspace();
  await worker().declareIncident({ title: 'Dynex Outage', channel: false }, call());
  assert.deepEqual([texts(), channels()], [[declared], []]);
});

test('a token that may make no channel declares the incident all the same, and the step says why', async () => {
  const { worker, texts } = workspace();
  const { note } = done(await worker('xoxb-messages').declareIncident({ title: 'Dynex Outage', channel: true }, call()));
  const why = 'Slack answered 403: missing_scope, needs channels:manage';
  assert.equal(note, `Posted in #nqba-incidents. The channel #${name} is not made: ${why}.`);
  assert.deepEqual(texts(), [declared]);
});

test('who cannot be invited is named, and keeps nobody else out', async () => {
  const { worker, texts } = workspace();
  const { note } = done(await worker().declareIncident({ title: 'Dynex Outage', channel: { roles: ['finance'] } }, call()));
  assert.match(note, /Invited: ann, bob\. Not invited: eve \(has no member ID in roles\.json\)\. Not invited: dan \(Slack/);
  assert.match(note, /user_not_found\)\.$/, 'who may not be reached at this hour is left alone');
  assert.deepEqual(texts().slice(2), [invited('U0ALICE'), invited('U0BOB')]);
});

test('a private channel has those whose subject it is, and needs a right of its own', async () => {
  const { worker, channels, texts } = workspace();
  const asked: Declaration = { title: 'Dynex Outage', channel: { private: true, roles: ['quantum'] } };
  const refused = done(await worker('xoxb-public').declareIncident(asked, call()));
  assert.match(refused.note, /not made: Slack answered 403: missing_scope, needs groups:write\.$/);
  done(await worker().declareIncident(asked, call()));
  assert.partialDeepStrictEqual(channels(), [{ name, is_private: true, members: ['U0RUNBOOKS', 'U0ALICE', 'U0BOB', 'U0CARLA'] }]);
  const once = texts();
  done(await worker().declareIncident(asked, call()));
  assert.deepEqual(texts(), once, 'found again by its name');
});

test('a name that a channel of another kind has is not taken for ours', async () => {
  const { worker, create, texts } = workspace();
  await create(name);
  const { note } = done(await worker().declareIncident({ title: 'Dynex Outage', channel: { private: true } }, call()));
  assert.match(note, /not made: Slack answered 400: name_taken\.$/);
  assert.deepEqual(texts(), [declared]);
});

test('over its limit of calls the incident is declared, and the channel is made when Slack allows it', async () => {
  const { worker, create, texts, sleep } = workspace();
  for (let made = 0; made < 20; made++) await create(`inc-other-${made}`);
  const comms = worker();
  const declare = () => comms.declareIncident({ title: 'Dynex Outage', channel: true }, call());
  await assert.rejects(declare(), {
    type: 'Refused',
    nonRetryable: false,
    nextRetryDelay: 60_000,
    message: /429.*is declared in/,
  });
  assert.deepEqual(texts(), [declared]);
  await sleep(60_000);
  done(await declare());
  assert.deepEqual(texts(), [declared, declared, topic, invited('U0ALICE'), invited('U0BOB')], 'the message leads there now');
});

test('the channel is archived when the incident ends, however often that is told', async () => {
  const { worker, texts, channels } = workspace();
  const comms = worker();
  await comms.declareIncident({ title: 'Dynex Outage', channel: true }, call());
  for (const _ of [1, 2]) {
    const { note } = done(await comms.resolveIncident({ summary: 'Over.' }, call('resolve')));
    assert.match(note, new RegExp(`Updated the message in #nqba-incidents\\. #${name} is archived\\.$`));
  }
  assert.deepEqual(texts().slice(4), [
    '#nqba-incidents: Resolved: P1 Dynex Outage: dynex-outage-20261124-k7fp',
    `#${name}: archived`,
  ]);
  assert.equal(channels()[0]?.is_archived, true);
});

test('without Slack the channel is a line to paste', async () => {
  const outcome = await activitiesWith({}).comms.declareIncident({ title: 'Dynex Outage', channel: { private: true } }, call());
  assert.match(
    'byHand' in outcome ? outcome.byHand.paste : '',
    /\n\nCreate the private channel #inc-20261124-k7fp\. Its topic: P1 Dynex/,
  );
});

test('the name of a channel is one that Slack takes, whatever the incident is called', () => {
  assert.equal(channelName({ ...about, incident: 'Über Größe', fired: '' }), 'inc--ber-gr-e');
  assert.equal(channelName({ ...about, incident: 'x'.repeat(200) }).length, 80);
});

test('a topic fits, mentions nobody, and ends with the way to the incident', () => {
  const title = `<!channel> ${'&'.repeat(300)}`;
  const href = 'https://temporal.example.com/?a=1&b=2';
  const linked = topicOf(title, about, { href, text: 'Temporal UI' });
  assert.match(linked, /^P1 &lt;!channel&gt; (&amp;)+…: https:\/\/temporal\.example\.com\/\?a=1&amp;b=2$/);
  assert.ok(linked.length <= 250);
  const long = topicOf(title, about, { href: `https://x/${'y'.repeat(300)}`, text: 'Temporal UI' });
  assert.match(long, /…: runbooks show dynex-outage-20261124-k7fp$/);
  assert.ok(long.length <= 250);
});
