/** Waking people: in their order, at their hours, each once, and the end of it told to those it was begun with, and to nobody else. */

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import test, { after, before } from 'node:test';
import { createActivities } from '../../activities/index.ts';
import { aboutOf } from '../../activities/messages/incident.ts';
import { type OnCall, parseOnCall } from '../../activities/people.ts';
import { parsePlatform } from '../../activities/platform.ts';
import { headerOf, type MailServed, serveMail } from '../../lab/stand-ins/mail.ts';
import { pagerduty } from '../../lab/stand-ins/pagerduty.ts';
import { type Message, surroundings } from '../../lab/stand-ins/stand-in.ts';
import { webhook } from '../../lab/stand-ins/webhook.ts';
import type { State } from '../../lab/world/systems.ts';
import type { About, Role } from '../../workflows/contract/index.ts';
import platformJson from '../../platform.json' with { type: 'json' };
import { connected, running } from './bare.ts';
import { done } from './outcomes.ts';

const people = {
  ann: { webhook: 'ANN', mail: 'ann@example.com' },
  bob: { webhook: 'BOB', hours: { timeZone: 'UTC', at: ['Mon-Fri 08:00-18:00'] } },
  carla: { mail: 'carla@example.com' },
  dan: { webhook: 'DAN' },
};
const about = aboutOf(undefined, 'run-1');
const noon = '2026-11-24T12:00:00Z';
const night = '2026-11-24T03:00:00Z';
const describe = (roles: Partial<Record<Role, string[]>>): OnCall => parseOnCall(JSON.stringify({ people, roles }));
const nowhere = Object.fromEntries(Object.keys(platformJson.roles).map(role => [role, 'none']));

/** One real mail server for all; each test has messages and mailboxes of its own. */
let served: MailServed;
let messages: Message[] = [];
let states: Record<string, State> = {};
const mailboxes: string[] = [];
const around = (name: string) =>
  surroundings({ state: () => states[name] ?? 'healthy', record: message => messages.push(message) });

before(async () => void (served = await serveMail(around('mail'), { mailboxes })));
after(() => served.close());
test.beforeEach(() => {
  messages = [];
  states = {};
  mailboxes.splice(0, Infinity, 'ann@example.com', 'carla@example.com');
});

interface Given {
  order: Partial<Record<Role, string[]>>;
  /** The roles' own ways; PagerDuty for most of them unless told. */
  own?: Record<string, string>;
  now?: string;
  /** So much shorter is waiting; only where somebody is late, as a busy machine would make everybody late. */
  shorter?: number;
}

function onCall({ order, own = {}, now = noon, shorter = 1 }: Given) {
  const { $schema: _, ...described } = platformJson;
  const clock = {
    now: () => Date.parse(now),
    sleep: (ms: number, signal?: AbortSignal) => pause(ms / shorter, undefined, { ...(signal && { signal }) }),
  };
  const hooks = new Map(['ANN', 'BOB', 'DAN'].map(name => [`/hooks/${name}`, webhook(around(name), [name])]));
  const toHook = (request: Request) =>
    hooks.get(new URL(request.url).pathname)?.fetch(request) ?? new Response('', { status: 404 });
  const systems = connected(
    {
      pagerduty: { url: 'http://pagerduty', routingKeys: () => 'a'.repeat(32), fetch: pagerduty(around('pagerduty')).fetch },
      webhook: { urls: name => `https://chat.example.com/hooks/${name}`, fetch: toHook },
      mail: { url: served.url, from: 'runbooks@nqba.example' },
    },
    clock,
  );
  const rota = { onCall: describe(order) };
  const platform = parsePlatform({ ...described, roles: { ...described.roles, ...own } });
  const { oncall, comms } = createActivities({ platform, systems, rota: async () => rota, ...clock, running });
  const page = (roles: Role[], { step = 'Notify Team', ...which }: { again?: number; step?: string } = {}) =>
    oncall.page({ roles, ...which }, { key: `run-1/${step}/1` });
  const note = async (...given: Parameters<typeof page>) => done(await page(...given)).note;
  const end = (step = 'end', pages: About['pages'] = []) =>
    comms.resolveIncident({ summary: 'Over.' }, { key: `run-1/${step}/1`, about: { ...about, pages } });
  return { oncall, comms, page, note, end, rota };
}

/** What people received since the last time, in no order: `page webhook ANN`. */
function received(): string[] {
  return messages
    .splice(0)
    .map(({ system, to, text }) => {
      const line = system === 'mail' ? headerOf(text, 'Subject') : text;
      const isEnd = /^(resolve|Resolved)/.test(line);
      return `${isEnd ? 'end' : 'page'} ${system}${system === 'pagerduty' ? '' : ` ${to}`}`;
    })
    .toSorted();
}
const both = ['page mail ann@example.com', 'page webhook ANN'];
const bothEnds = ['end mail ann@example.com', 'end webhook ANN'];

test('the first who may be reached now is paged at all their addresses, and nobody else', async () => {
  const byNight = onCall({ order: { primary: ['bob', 'ann'] }, now: night });
  assert.equal(await byNight.note(['primary']), 'Paged as primary: ann (webhook, mail).');
  assert.deepEqual(received(), both);
  const byDay = onCall({ order: { primary: ['bob', 'ann'] } });
  assert.equal(await byDay.note(['primary']), 'Paged as primary: bob (webhook).');
});

test('the next is paged where the first cannot be, and the role’s own way last', async () => {
  const { note } = onCall({ order: { primary: ['bob', 'carla'] } });
  states['BOB'] = 'down';
  assert.match(
    await note(['primary']),
    /^Paged as primary: carla \(mail\)\. The webhook BOB answered 503: Service Unavailable\.$/,
  );
  mailboxes.length = 0;
  assert.match(await note(['primary'], { again: 1 }), /^Paged as primary: PagerDuty\..* The mail server answered 550/);
});

test('who does not answer for three seconds is not waited for', async () => {
  const { note } = onCall({ order: { primary: ['bob', 'dan'] }, shorter: 4 });
  states['BOB'] = 'slow';
  assert.match(await note(['primary']), /^Paged as primary: dan \(webhook\)\. The webhook BOB cannot be reached: no answer/);
});

test('one address that fails keeps no other from being tried', async () => {
  const { note } = onCall({ order: { primary: ['ann'] } });
  states['ANN'] = 'refused';
  assert.match(await note(['primary']), /^Paged as primary: ann \(mail\)\. The webhook ANN cannot be reached/);
});

test('one person with two roles, and two roles with one key, are one page each', async () => {
  const { note } = onCall({ order: { primary: ['ann'], secondary: ['ann'] } });
  const said = 'Paged as primary, secondary: ann (webhook, mail). Paged as quantum, database: PagerDuty.';
  assert.equal(await note(['primary', 'secondary', 'quantum', 'database']), said);
  assert.match(messages.find(({ system }) => system === 'mail')?.text ?? '', /\r\nroles: primary, secondary\r\n/);
  assert.deepEqual(received(), [both[0], 'page pagerduty', both[1]]);
});

test('a role that has nobody is named, and a role for which nobody could be reached is tried again', async () => {
  const { note, page } = onCall({ order: { primary: ['ann'], finance: ['dan'] } });
  assert.match(await note(['primary', 'customer-success']), /No one can be paged as customer-success: contact them yourself\.$/);
  states['DAN'] = 'down';
  await assert.rejects(page(['primary', 'finance']), {
    type: 'Unreachable',
    nonRetryable: false,
    message: /^The webhook DAN answered 503: .*; no one is reached as finance\. Retry when it answers again\.$/,
  });
});

test('a retry writes only to those it did not reach; the next page of the ladder writes to all', async () => {
  const { page } = onCall({ order: { primary: ['ann'], finance: ['dan'] } });
  states['DAN'] = 'down';
  await assert.rejects(page(['primary', 'finance']));
  assert.deepEqual(received(), both);
  states = {};
  await page(['primary', 'finance']);
  assert.deepEqual(received(), ['page webhook DAN']);
  await page(['primary'], { again: 1, step: 'Paging' });
  assert.deepEqual(received(), both);
});

test('another try is made where it may help, and only there', async () => {
  const { page } = onCall({ order: { primary: ['ann'] }, own: nowhere });
  states = { ANN: 'down', mail: 'healthy' };
  mailboxes.length = 0;
  await assert.rejects(page(['primary']), {
    nonRetryable: false,
    message: /^The webhook ANN answered 503: .*; The mail server answered 550 .*; no one is reached as primary/,
  });
  states = { ANN: 'unauthorised' };
  await assert.rejects(page(['primary']), { nonRetryable: true });
});

test('nobody at all is text for people', async () => {
  const { page } = onCall({ order: { primary: ['bob'] }, own: nowhere, now: night });
  const outcome = await page(['primary']);
  assert.match('byHand' in outcome ? outcome.byHand.paste : '', /^Page primary: /);
});

test('roles without anybody now are told apart: whose hours begin when, and who has no address', async () => {
  const { page } = onCall({ order: { primary: ['bob'], secondary: ['ann'] }, own: nowhere, now: night });
  const bob = { role: 'primary', because: 'no hours now', from: '2026-11-24T08:00:00.000Z' };
  const lost = { role: 'finance', because: 'no address' };
  const none = await page(['primary', 'finance']);
  assert.deepEqual('byHand' in none && none.byHand.unreached, [bob, lost]);
  const hours = 'no one can be paged now: primary (no hours now, from 2026-11-24 08:00 UTC), finance (no address)';
  assert.equal('byHand' in none && none.byHand.because, hours);
  assert.deepEqual(done(await page(['primary', 'secondary', 'finance'])).unreached, [bob, lost]);
  assert.equal(done(await page(['secondary'])).unreached, undefined);
});

test('a page that no address takes names the roles', async () => {
  const { page } = onCall({ order: { primary: ['bob'], finance: ['dan'] }, own: nowhere, now: night });
  states['DAN'] = 'down';
  const bob = { role: 'primary', because: 'no hours now', from: '2026-11-24T08:00:00.000Z' };
  await assert.rejects(page(['primary', 'finance']), {
    details: [{ nothingDone: false, unreached: [bob, { role: 'finance', because: 'no answer' }] }],
  });
});

test('who is on call is asked for each page, and it is told where that could not be read', async () => {
  const { note, rota } = onCall({ order: { primary: ['carla'] } });
  Object.assign(rota, { onCall: describe({ primary: ['dan'] }), note: 'It is an old one.' });
  assert.equal(await note(['primary']), 'Paged as primary: dan (webhook). It is an old one.');
});

test('the end is told where pages went, and nowhere else, whoever is on call by then', async () => {
  const { page, end, rota } = onCall({ order: { primary: ['ann', 'carla'] } });
  await page(['primary', 'secondary']);
  Object.assign(rota, { onCall: describe({ primary: ['dan'] }) });
  received();
  await end();
  assert.deepEqual(received(), [bothEnds[0], 'end pagerduty', bothEnds[1]]);
});

test('who was paged again is told of each end by webhook, and by one mail', async () => {
  const { page, end } = onCall({ order: { primary: ['ann'] } });
  await page(['primary']);
  await page(['primary'], { again: 1, step: 'Paging' });
  received();
  await end('end', [{ again: 1, roles: ['primary'] }]);
  assert.deepEqual(received(), [...bothEnds, 'end webhook ANN']);
  await end('end', [{ again: 1, roles: ['primary'] }]);
  assert.deepEqual(received(), []);
});

test('an end that did not reach somebody is told again to them alone', async () => {
  const { page, end } = onCall({ order: { primary: ['ann'] } });
  await page(['primary']);
  received();
  states['ANN'] = 'down';
  await assert.rejects(end(), { type: 'Unreachable' });
  states = {};
  await end();
  assert.deepEqual(received(), bothEnds);
});

test('a page that was refused for good has no end; one of which nobody knows has one', async () => {
  const { page, end } = onCall({ order: { primary: ['ann', 'carla'] }, shorter: 4 });
  states['ANN'] = 'slow';
  mailboxes.shift();
  await page(['primary']);
  states = {};
  mailboxes.push('ann@example.com');
  received();
  await end();
  assert.deepEqual(received(), ['end mail carla@example.com', 'end webhook ANN']);
});

test('whoever is paged again after an end is told the next end too', async () => {
  const { page, end } = onCall({ order: { primary: ['carla'] } });
  for (const round of ['first', 'second']) {
    await page(['primary'], { step: `Notify ${round}` });
    await end(`end ${round}`);
    assert.deepEqual(received(), ['end mail carla@example.com', 'page mail carla@example.com']);
  }
});

test('a notice that no runbook runs names no incident to acknowledge, and its end reaches only those it paged', async () => {
  const { oncall, comms } = onCall({ order: { primary: ['dan'] } });
  const notice = { ...about, incident: 'notice', runbook: 'No runbook', summary: 'EtcdDown', isNotice: true };
  await oncall.page({ roles: ['primary'], again: 1 }, { key: 'run-1/Notice/1', about: notice });
  const text = messages[0]?.text ?? '';
  assert.match(text, /EtcdDown/);
  assert.doesNotMatch(text, /runbooks (ack|show)/);
  assert.deepEqual(received(), ['page webhook DAN']);
  const pages = [{ again: 1, roles: ['primary' as const] }];
  await comms.resolveIncident({ summary: 'EtcdDown has ended' }, { key: 'run-1/Notice/2', about: { ...notice, pages } });
  assert.deepEqual(
    received().filter(one => !one.includes('pagerduty')),
    ['end webhook DAN'],
  );
});

test('each page that PagerDuty took is acknowledged there, and a second time changes nothing', async () => {
  const { oncall, page } = onCall({ order: { secondary: ['ann'] } });
  await page(['primary']);
  await page(['secondary', 'escalation'], { again: 1 });
  messages.length = 0;
  assert.deepEqual(await oncall.acknowledgePages({ incident: 'run-1' }), { pages: 2 });
  assert.deepEqual(await oncall.acknowledgePages({ incident: 'run-1' }), { pages: 2 });
  assert.deepEqual(messages.map(({ system, key, text }) => `${system} ${key} ${text}`).toSorted(), [
    'pagerduty run-1/PAGERDUTY_ROUTING_KEY acknowledged',
    'pagerduty run-1/PAGERDUTY_ROUTING_KEY/1 acknowledged',
  ]);
  assert.deepEqual(await oncall.acknowledgePages({ incident: 'run-2' }), { pages: 0 });
});
