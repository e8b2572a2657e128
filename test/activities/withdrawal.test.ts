/** A notice on the public page is a change like any other: it can be taken back, once, and nobody else's words are lost. */

import assert from 'node:assert/strict';
import test from 'node:test';
import type { Fetch } from '../../activities/connectors/http.ts';
import type { TakeBack } from '../../workflows/contract/index.ts';
import { because, done } from './outcomes.ts';
import { openedBy, running, vendors } from './vendors.ts';

const degraded = { component: 'quantum', status: 'degraded_performance', text: 'degraded' } as const;
const worse = { ...degraded, status: 'major_outage' } as const;
const operational = { component: 'quantum', status: 'operational', text: 'dynex-resolved' } as const;
const undo = { key: 'take-back-1/undo/1' };
const nothing = /^Nothing was left to undo/;

type Vendors = ReturnType<typeof vendors>;

const published = async ({ comms }: Vendors, input: typeof degraded | typeof worse, step = 'a', incident = 'run-1') => {
  const { takeBack } = done(await comms.setStatusPage(input, { key: `${incident}/${step}/1` }));
  assert.ok(takeBack, 'the receipt offers a way back');
  return takeBack;
};

const withdrawn = async ({ kubernetes }: Vendors, takeBack: TakeBack, key = undo.key) =>
  done(await kubernetes.takeBack({ takeBack }, { key }));

const standing = async ({ observe }: Vendors, change: TakeBack) => (await observe.standing({ changes: [change] })).verdict;

test('a notice is withdrawn once: the status is as before, and the text claims nothing', async () => {
  const all = vendors();
  const notice = await published(all, degraded);
  assert.equal(await standing(all, notice), 'faulty');
  const { effect } = await withdrawn(all, notice);
  assert.deepEqual(effect, {
    measured: 'whole',
    text: 'Status page Quantum computing is operational, and our notice has ended.',
  });
  assert.match(
    all.messages[1]?.text ?? '',
    /\(resolved\)\. Quantum computing: operational\. We have withdrawn our notice about Quantum/,
  );
  assert.doesNotMatch(all.messages[1]?.text ?? '', /works/);
  assert.equal(await standing(all, notice), 'healthy');
  assert.match((await withdrawn(all, notice, 'take-back-1/undo/2')).note, nothing);
  assert.equal(all.messages.length, 2);
});

test('all texts of an incident are one change: whichever step is undone, the page ends as it was before the first', async () => {
  const all = vendors();
  const first = await published(all, degraded);
  const second = await published(all, worse, 'b');
  assert.deepEqual([second.key, second.target], [first.key, first.target]);
  await withdrawn(all, second);
  assert.match(all.messages.at(-1)?.text ?? '', /Quantum computing: operational/);
  assert.match((await withdrawn(all, first, 'take-back-1/undo/2')).note, nothing);
});

test('text that ends the notice by itself leaves nothing to take back', async () => {
  const all = vendors();
  const notice = await published(all, degraded);
  assert.equal(done(await all.comms.setStatusPage(operational, { key: 'run-1/b/1' })).takeBack, undefined);
  assert.equal(await standing(all, notice), 'healthy');
});

test('while another incident holds the component its status stays, and only our own notice ends', async () => {
  const all = vendors();
  const one = await published(all, degraded);
  const other = await published(all, worse, 'a', 'run-2');
  await withdrawn(all, one);
  assert.match(all.messages.at(-1)?.text ?? '', /Quantum computing: major_outage\. We have withdrawn/);
  await withdrawn(all, other, 'take-back-2/undo/1');
  assert.match(all.messages.at(-1)?.text ?? '', /Quantum computing: operational\. We have withdrawn/);
});

test('the last text of an incident leaves the status while another incident holds the component', async () => {
  const all = vendors();
  const end = (incident: string) => all.comms.setStatusPage(operational, { key: `${incident}/b/1` });
  const one = await published(all, worse);
  const other = await published(all, degraded, 'a', 'run-2');
  const { note } = done(await end('run-1'));
  assert.match(note, /^Status page updated\. The status stays: held by run-2 too\./);
  assert.match(all.messages.at(-1)?.text ?? '', /\(resolved\)\. Quantum computing: degraded_performance\. .* works again/);
  assert.deepEqual([await standing(all, one), await standing(all, other)], ['healthy', 'faulty']);
  done(await end('run-2'));
  assert.match(all.messages.at(-1)?.text ?? '', /\(resolved\)\. Quantum computing: operational\. .* works again/);
  assert.equal(await standing(all, other), 'healthy');
});

test('a page that somebody else has edited since asks first', async () => {
  const all = vendors();
  const notice = await published(all, degraded);
  await all.page('PATCH', '/components/qc7c0mput1ng', { component: { status: 'partial_outage' } });
  const outcome = await all.kubernetes.takeBack({ takeBack: notice }, undo);
  assert.equal(because(outcome), 'approval');
  assert.match(JSON.stringify(outcome), /Someone else has changed status of Status page Quantum computing since/);
});

test('a share that was measured again between two tries of one text is no change by someone else', async () => {
  const all = vendors();
  Object.assign(all.world, { pods: running('classical'), config: openedBy('run-1') });
  const fallback = { ...degraded, text: 'quantum-fallback', share: 0.9 } as const;
  const notice = await published(all, degraded);
  let tries = 0;
  all.through(async (request, fetch) => {
    if (request.method !== 'GET' && (tries += 1) === 1) throw new TypeError('fetch failed');
    return fetch(request);
  });
  const publish = () => all.comms.setStatusPage(fallback, { key: 'run-1/b/1' });
  await assert.rejects(publish(), { nonRetryable: false });
  const [first, ...others] = running('classical');
  Object.assign(all.world, { pods: [...others, { ...first, solver: 'dynex', fallback: false }] });
  done(await publish());
  const shares = all.messages.flatMap(({ text }) => /\d+%/.exec(text) ?? []);
  assert.notDeepEqual(shares, ['100%'], 'the second try has published another number');
  await withdrawn(all, notice);
  assert.match(all.messages.at(-1)?.text ?? '', /We have withdrawn/);
});

test('what a person has ended on the page by hand is not ended again, and no record is left of it', async () => {
  const all = vendors();
  const notice = await published(all, degraded);
  const [incident] = await all.page('GET', '/incidents/unresolved');
  const components = { qc7c0mput1ng: 'operational' };
  await all.page('PATCH', `/incidents/${incident?.id}`, { incident: { status: 'resolved', body: 'Over.', components } });
  const count = all.messages.length;
  await withdrawn(all, notice);
  assert.deepEqual([all.messages.length, await standing(all, notice)], [count, 'healthy']);
});

test('a hold keeps the notice; a lost answer withdraws it once', async () => {
  const held = vendors();
  const notice = await published(held, degraded);
  held.hold({ hold: 'legal asks' });
  assert.equal(because(await held.kubernetes.takeBack({ takeBack: notice }, undo)), 'held');
  held.hold({});
  held.through(losingTheAnswer());
  await assert.rejects(held.kubernetes.takeBack({ takeBack: notice }, undo), { nonRetryable: false });
  assert.equal(await standing(held, notice), 'faulty', 'the record goes after the notice');
  await withdrawn(held, notice);
  assert.deepEqual([held.messages.length, await standing(held, notice)], [2, 'healthy']);
});

/** The first write arrives, and its answer does not. */
function losingTheAnswer() {
  let isLost = false;
  return async (request: Request, fetch: Fetch) => {
    const answer = await fetch(request);
    if (request.method === 'GET' || isLost) return answer;
    isLost = true;
    throw new TypeError('fetch failed');
  };
}
