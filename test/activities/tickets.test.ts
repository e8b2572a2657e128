/** One follow-up is one ticket, whatever is tried again; what people do there is theirs. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { z } from 'zod';
import { createActivities } from '../../activities/index.ts';
import { github } from '../../lab/stand-ins/github.ts';
import { type Message, surroundings } from '../../lab/stand-ins/stand-in.ts';
import type { State } from '../../lab/world/systems.ts';
import type { About, FollowUp } from '../../workflows/contract/index.ts';
import { activitiesWith, aPlatform, connected, running, virtualClock } from './bare.ts';
import { done } from './outcomes.ts';

const followUp: FollowUp = { title: 'Nodes are not ready', owner: 'operations', confirm: '2 of 5 nodes: a, b.' };
const recurring: FollowUp = { ...followUp, recurs: 'morning-health-check/operations/Nodes are not ready' };
const about = (opened: string): About => ({
  incident: 'dynex-outage-20261124-k7fp',
  runbook: 'Dynex Outage',
  severity: 'P1',
  summary: 'Dynex does not answer',
  fired: opened,
  opened,
  workflowId: 'incident:dynex-outage:nqba',
});
const shownIssue = z.looseObject({
  number: z.number(),
  title: z.string(),
  body: z.string(),
  state: z.string(),
  labels: z.array(z.looseObject({ name: z.string() })),
});

function tracker() {
  const clock = virtualClock();
  const messages: Message[] = [];
  const states: { now: State } = { now: 'healthy' };
  let between = (request: Request, app: (request: Request) => Response | Promise<Response>) => app(request);
  const app = github(surroundings({ ...clock, state: () => states.now, record: message => messages.push(message) }));
  const fetch = (request: Request) => between(request, one => app.fetch(one));
  const config = { url: 'http://tickets', repository: 'nqba/operations', token: 'practice', fetch };
  /** A worker with an artifact store of its own. */
  const worker = () => {
    const { tickets } = createActivities({
      platform: aPlatform,
      systems: connected({ tickets: config }, clock),
      ...clock,
      running,
    });
    return async (given: Partial<FollowUp> = {}, run = 'run-1', number = 1) => {
      const call = { key: `${run}/Tickets/${number}`, about: about(new Date(clock.now()).toISOString()) };
      return done(await tickets.fileTicket({ followUp: { ...followUp, ...given }, number }, call));
    };
  };
  /** As people see and change it. */
  const asAnn = async (path: string, change?: object) => {
    const headers = { authorization: 'Bearer as-ann', 'user-agent': 'browser' };
    const init = change ? { method: 'PATCH', headers, body: JSON.stringify(change) } : { headers };
    return (await app.request(`http://tickets/repos/nqba/operations/issues${path}`, init)).json();
  };
  return {
    worker,
    clock,
    states,
    asAnn,
    issues: async () => z.array(shownIssue).parse(await asAnn('?state=all&direction=asc')),
    texts: () => messages.map(({ text }) => text.replace(/ by nqba-runbooks: Nodes are not ready$/, '')),
    through: (other: typeof between) => void (between = other),
  };
}

test('a follow-up becomes one ticket with its address, however often it is filed, and by whichever worker', async () => {
  const { worker, texts, issues } = tracker();
  const first = worker();
  const { note, link } = await first();
  assert.deepEqual([note, link], ['Opened #1.', 'https://github.com/nqba/operations/issues/1']);
  const again = await first();
  assert.deepEqual([again.note, again.effect.text], ['#1 is open, and says so already.', 'Nothing more was written.']);
  // Another one knows nothing of it: its store is empty.
  assert.equal((await worker()()).note, '#1 is open, and says so already.');
  assert.deepEqual(texts(), ['#1 opened']);
  assert.deepEqual(
    (await issues()).map(({ title, labels }) => [title, labels.map(({ name }) => name)]),
    [['Nodes are not ready', ['nqba-runbooks', 'operations']]],
  );
});

test('a worker that dies after GitHub has opened the ticket, before it heard so, opens no second one', async () => {
  const { worker, texts, through } = tracker();
  through(async (request, app) => {
    const answer = await app(request);
    return request.method === 'POST' ? Response.error() : answer;
  });
  await assert.rejects(worker()());
  through((request, app) => app(request));
  assert.equal((await worker()()).note, '#1 is open, and says so already.');
  assert.deepEqual(texts(), ['#1 opened']);
});

test('another text rewrites the ticket; another incident has one of its own', async () => {
  const { worker, texts, issues } = tracker();
  const file = worker();
  await file();
  assert.equal((await file({ confirm: '3 of 5 nodes: a, b, c.' })).note, 'Rewrote #1.');
  assert.equal((await file({}, 'run-2')).note, 'Opened #2.');
  assert.deepEqual(texts(), ['#1 opened', '#1 edited', '#2 opened']);
  assert.match((await issues())[0]?.body ?? '', /3 of 5 nodes: a, b, c\./);
});

test('a ticket that somebody closed is not reopened: it is said, with their name', async () => {
  const { worker, texts, asAnn } = tracker();
  const file = worker();
  await file();
  await asAnn('/1', { state: 'closed' });
  const { note, link } = await file({ confirm: 'Still 2 of 5 nodes.' });
  assert.match(note, /^#1 was closed by ann on 2026-11-24 and is not reopened: reopen it there/);
  assert.equal(link, 'https://github.com/nqba/operations/issues/1');
  assert.deepEqual(texts(), ['#1 opened', '#1 closed by ann: Nodes are not ready']);
});

test('what several runs find is one ticket while it lasts; after it was closed and began again it is another', async () => {
  const { worker, clock, asAnn } = tracker();
  const file = worker();
  const began = new Date(clock.now()).toISOString();
  assert.equal((await file({ ...recurring, since: began }, 'monday')).note, 'Opened #1.');
  await clock.sleep(86_400_000);
  assert.equal((await file({ ...recurring, since: began, confirm: 'Found 2 times.' }, 'tuesday')).note, 'Rewrote #1.');
  await asAnn('/1', { state: 'closed' });
  assert.match((await file({ ...recurring, since: began }, 'wednesday')).note, /^#1 was closed by ann/);
  await clock.sleep(86_400_000);
  const again = new Date(clock.now()).toISOString();
  assert.equal((await file({ ...recurring, since: again }, 'thursday')).note, 'Opened #2.');
});

test('a fault that comes back has one new ticket, also where the answer to it was lost; and that one is closed when it is over', async () => {
  const { worker, clock, asAnn, through, texts } = tracker();
  const file = worker();
  await file({ ...recurring, since: new Date(clock.now()).toISOString() }, 'monday');
  await asAnn('/1', { state: 'closed' });
  await clock.sleep(3 * 86_400_000);
  const again = { ...recurring, since: new Date(clock.now()).toISOString() };
  through(async (request, app) => {
    const answer = await app(request);
    return request.method === 'POST' ? Response.error() : answer;
  });
  await assert.rejects(file(again, 'thursday'));
  through((request, app) => app(request));
  assert.equal((await file(again, 'thursday')).note, '#2 is open, and says so already.');
  assert.equal((await file({ ...recurring, over: true }, 'friday')).note, 'Closed #2: it is over, as measured.');
  assert.deepEqual(texts(), ['#1 opened', '#1 closed by ann: Nodes are not ready', '#2 opened', '#2 closed']);
});

test('what is over closes our ticket, once, and no other', async () => {
  const { worker, texts, asAnn } = tracker();
  const file = worker();
  assert.equal((await file({ ...recurring, over: true })).note, 'It has no ticket.');
  await file(recurring);
  assert.equal((await file({ ...recurring, over: true }, 'tuesday')).note, 'Closed #1: it is over, as measured.');
  assert.equal((await file({ ...recurring, over: true }, 'tuesday')).note, '#1 is closed already.');
  await file({}, 'run-3');
  await asAnn('/2', { body: 'A text of my own.' });
  assert.match((await file({ over: true }, 'run-3')).note, /none of ours any more: it is left alone/);
  assert.deepEqual(texts().slice(0, 3), ['#1 opened', '#1 closed', '#2 opened']);
});

test('secrets do not go out, and nothing in a text is Markdown, a name or a comment there', async () => {
  const { worker, issues } = tracker();
  const hostile = 'token=abc12345 ``` @everyone <!-- nqba-runbooks --> [x](https://evil) sk_live_51HabcdefghijklX';
  await worker()({ confirm: hostile, title: 'Rotate password=hunter22' });
  const [issue] = await issues();
  assert.equal(issue?.title, 'Rotate password=<secret>');
  for (const secret of ['abc12345', 'hunter22', '51Habc']) assert.ok(!JSON.stringify(issue).includes(secret), secret);
  assert.match(
    issue?.body ?? '',
    /\n````\ntoken=<secret> ``` @everyone <!-- nqba-runbooks --> \[x\]\(https:\/\/evil\) <secret>\n````\n/,
  );
});

test('GitHub out of order is tried again, a refused token is not, and each says what to do', async () => {
  const { worker, states } = tracker();
  states.now = 'down';
  await assert.rejects(worker()(), { type: 'Unreachable', nonRetryable: false });
  states.now = 'unauthorised';
  await assert.rejects(worker()(), {
    type: 'Unauthorised',
    nonRetryable: true,
    message: 'Tickets answered 401: Bad credentials. Renew the credentials it was called with, then retry.',
  });
});

test('a worker without the connection says so, and has nothing to paste', async () => {
  const { tickets } = activitiesWith({});
  const outcome = await tickets.fileTicket({ followUp, number: 1 }, { key: 'run-1/Tickets/1' });
  assert.partialDeepStrictEqual(outcome, { byHand: { system: 'tickets', paste: '' } });
});
