/** The connector of tickets against the stand-in: what it finds again, what it leaves to people, and what it says of a refusal. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { z } from 'zod';
import { connectTickets, examine, type Ticket } from '../../../activities/connectors/tickets.ts';
import { github } from '../../../lab/stand-ins/github.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { virtualClock } from '../bare.ts';

const [mark, other] = ['a'.repeat(64), 'b'.repeat(64)];
const wanted = { title: 'Nodes are not ready', text: 'Two nodes.', labels: ['operations'] };

function connected(token = 'practice', repository = 'nqba/operations') {
  const clock = virtualClock();
  const messages: Message[] = [];
  const app = github(surroundings({ ...clock, record: message => messages.push(message) }));
  const fetch = async (request: Request) => app.fetch(request);
  const config = { url: 'http://tickets', repository, token };
  const tickets = connectTickets(config, { fetch, ...clock });
  /** What a person does there, under a token of their own. */
  const asPerson = async (name: string, { id }: Ticket, change: object) => {
    const headers = { authorization: `Bearer as-${name}`, 'user-agent': 'browser' };
    const answer = await app.request(`http://tickets/repos/${repository}/issues/${id}`, {
      method: 'PATCH',
      headers,
      body: JSON.stringify(change),
    });
    assert.equal(answer.status, 200);
  };
  const bodyOf = async ({ id }: Ticket) => {
    const headers = { authorization: 'Bearer as-ann', 'user-agent': 'browser' };
    const answer = await app.request(`http://tickets/repos/${repository}/issues/${id}`, { headers });
    return z.looseObject({ body: z.string() }).parse(await answer.json()).body;
  };
  return { tickets, config, clock, messages, asPerson, bodyOf };
}

test('a ticket is found by its mark and no other, however many there are', async () => {
  const { tickets, clock } = connected();
  for (let made = 0; made < 60; made += 1) {
    await tickets.open(made === 55 ? mark : other, wanted);
    await clock.sleep(1_000);
  }
  assert.equal((await tickets.find(mark, 0))?.name, '#56');
  assert.equal((await tickets.find(other, 0))?.name, '#1');
  assert.equal(await tickets.find('c'.repeat(64), 0), undefined);
});

test('of several with one mark the open one is found, else the newest', async () => {
  const { tickets, asPerson } = connected();
  const [first, second, third] = [
    await tickets.open(mark, wanted),
    await tickets.open(mark, wanted),
    await tickets.open(mark, wanted),
  ];
  await asPerson('ann', first, { state: 'closed' });
  await asPerson('ann', third, { state: 'closed' });
  assert.equal((await tickets.find(mark, 0))?.name, '#2');
  await asPerson('ann', second, { state: 'closed' });
  assert.equal((await tickets.find(mark, 0))?.name, '#3');
});

test('one that did not change since then is not found', async () => {
  const { tickets, clock } = connected();
  await tickets.open(mark, wanted);
  await clock.sleep(60_000);
  assert.equal(await tickets.find(mark, clock.now()), undefined);
});

test('what people add behind our text stays when it is rewritten', async () => {
  const { tickets, asPerson, bodyOf } = connected();
  const opened = await tickets.open(mark, wanted);
  await asPerson('ann', opened, { body: `${await bodyOf(opened)}\n\nI look into it. Ann` });
  const before = await tickets.read(mark, opened.id);
  assert.equal(before?.text, 'Two nodes.');
  if (before) await tickets.update(mark, before, 'Three nodes.');
  assert.match(await bodyOf(opened), /Three nodes\.\n<!-- \/nqba-runbooks -->\n\nI look into it\. Ann$/);
});

test('who closed a ticket is told: we, or a person by name', async () => {
  const { tickets, asPerson } = connected();
  const [first, second] = [await tickets.open(mark, wanted), await tickets.open(other, wanted)];
  await asPerson('ann', first, { state: 'closed' });
  await tickets.close(other, second, 'Not found any more.');
  assert.partialDeepStrictEqual((await tickets.read(mark, first.id))?.closed, { by: 'ann', ours: false });
  assert.partialDeepStrictEqual(await tickets.read(other, second.id), {
    text: 'Not found any more.',
    closed: { by: 'nqba-runbooks', ours: true },
  });
});

test('a mark that stands elsewhere in a text is none: it may be quoted', async () => {
  const { tickets, asPerson, bodyOf } = connected();
  const opened = await tickets.open(mark, wanted);
  await asPerson('ann', opened, { body: `> quoted\n${await bodyOf(opened)}` });
  assert.deepEqual([await tickets.read(mark, opened.id), await tickets.find(mark, 0)], [undefined, undefined]);
});

test('a ticket that is deleted is nothing; a repository that is out of reach is a fault', async () => {
  assert.equal(await connected().tickets.read(mark, '12'), undefined);
  await assert.rejects(connected('outsider').tickets.read(mark, '12'), { status: 404 });
});

const refusals: [string, { token?: string; repository?: string }, object][] = [
  ['a token that is revoked', { token: 'revoked' }, { status: 401, message: 'Tickets answered 401: Bad credentials' }],
  ['a repository that the token may not see', { token: 'outsider' }, { status: 404 }],
  ['a token that may only read', { token: 'readonly' }, { status: 403, message: /Resource not accessible/ }],
  ['a repository without issues', { repository: 'nqba/no-issues' }, { status: 410, message: /Issues are disabled/ }],
  ['an archived repository', { repository: 'nqba/archived' }, { status: 403, message: /archived/ }],
];

for (const [what, { token, repository }, error] of refusals)
  test(`${what} is a fault in its own words`, async () => {
    await assert.rejects(connected(token, repository).tickets.open(mark, wanted), { name: 'SystemError', ...error });
  });

test('a title that is too long is refused, with what is wrong with it', async () => {
  await assert.rejects(connected().tickets.open(mark, { ...wanted, title: 'x'.repeat(300) }), {
    status: 422,
    message: /Validation Failed: title is too long/,
  });
});

test('over the limit of writes it is said how long to wait, and reads go on', async () => {
  const { tickets } = connected();
  for (let made = 0; made < 80; made += 1) await tickets.open(other, wanted);
  await assert.rejects(tickets.open(mark, wanted), { status: 429, retryAfter: 60_000 });
  assert.equal(await tickets.find(mark, 0), undefined);
});

test('when the calls of the hour are used up, the wait is until the hour begins again', async () => {
  const { tickets, clock } = connected();
  await tickets.place();
  await clock.sleep(600_000);
  for (let calls = 1; calls < 5_000; calls += 1) await tickets.place();
  await assert.rejects(tickets.place(), { status: 429, retryAfter: 3_000_000 });
});

const examined: [string, Parameters<typeof connected>, boolean, RegExp][] = [
  ['a repository with issues', [], true, /nqba\/operations is there, and has issues/],
  ['disabled issues', ['practice', 'nqba/no-issues'], false, /has issues disabled/],
  ['an archived repository', ['practice', 'nqba/archived'], false, /archived/],
  ['a token that may not set labels', ['nopush'], false, /may set no label/],
];

for (const [what, given, ok, text] of examined)
  test(`doctor finds ${what}`, async () => {
    const { tickets, config } = connected(...given);
    const line = await examine({ system: tickets, config });
    assert.deepEqual([line.ok, text.test(line.text)], [ok, true], line.text);
  });

test('doctor says how it is connected, and leaves a refusal to whoever prints it', async () => {
  assert.match((await examine({ system: undefined, config: undefined })).text, /set TICKETS_REPOSITORY and TICKETS_TOKEN/);
  for (const [token, status] of [
    ['revoked', 401],
    ['outsider', 404],
  ] as const) {
    const { tickets, config } = connected(token);
    await assert.rejects(examine({ system: tickets, config }), { status });
  }
});
