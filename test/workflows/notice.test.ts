/** Critical alerts without a runbook: one page each, at most three an hour, the others in a digest. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Message } from '../../worker/rehearsal/rehearse.ts';
import { anAlert, callOf, effects, finding, minutes, rehearsal, threeAtNight } from '../support/rehearsing.ts';

const utc = (after: number) => new Date(threeAtNight + minutes(after)).toISOString();

/** An alert without a runbook, so many minutes after the start. */
const ghost = (name: string, after: number, more: object = {}, labels: object = {}) => ({
  after: minutes(after),
  signal: 'alert',
  args: [
    anAlert({ name, fingerprint: name, startsAt: utc(after), labels: { alertname: name, ...labels }, annotations: {}, ...more }),
  ],
});
const ends = (name: string, after: number) => ghost(name, after, { status: 'resolved', endsAt: utc(after) });

const told = (messages: Message[], more: object = {}) =>
  rehearsal({ type: 'notice', args: [{ version: 1 }], messages, people: {}, world: { pods: finding('healthy') }, ...more });
const pages = (rehearsed: Awaited<ReturnType<typeof told>>) =>
  effects(rehearsed, 'page').map(({ at, args }) => [(at - threeAtNight) / minutes(1), callOf(args).about?.summary ?? '']);

describe('a critical alert without a runbook', () => {
  test('pages the first level once, whatever repeats, and its page ends with it', async () => {
    const etcd = { namespace: 'kube-system' };
    const rehearsed = await told([
      ghost('EtcdDown', 0, { annotations: { summary: 'two members are down' } }, etcd),
      ghost('EtcdDown', 5, { fingerprint: 'other' }, etcd),
      ghost('EtcdDown', 240, {}, etcd),
      ghost('EtcdDown', 300, { status: 'resolved' }, etcd),
      ghost('EtcdDown', 301, { status: 'resolved', fingerprint: 'other' }, etcd),
    ]);
    const text = 'EtcdDown in kube-system: two members are down. No runbook runs for it: nothing is done about it here.';
    assert.deepEqual(pages(rehearsed), [[0, text]]);
    const [page, end] = [effects(rehearsed, 'page')[0], effects(rehearsed, 'resolveIncident')[0]];
    assert.deepEqual(page?.args[0], { roles: ['primary'], again: 1 });
    assert.deepEqual(callOf(end?.args ?? []).about?.pages, [{ again: 1, roles: ['primary'] }]);
    assert.equal(((end?.at ?? 0) - threeAtNight) / minutes(1), 301);
    assert.equal(rehearsed.closed, true);
  });

  test('pages again only when it fires again an hour after its end', async () => {
    const rehearsed = await told([ghost('A', 0), ends('A', 10), ghost('A', 20), ends('A', 30), ghost('A', 100), ends('A', 110)]);
    assert.deepEqual(
      pages(rehearsed).map(([at]) => at),
      [0, 100],
    );
  });

  test('is one of at most three pages an hour; the others are one digest, and no later page', async () => {
    const names = ['A', 'B', 'C', 'D', 'E'];
    const rehearsed = await told([...names.map(name => ghost(name, 0)), ghost('F', 20)], { atMost: minutes(300) });
    const [first, second, third, digest, fourth, ...others] = pages(rehearsed);
    assert.deepEqual(
      [first, second, third].map(one => String(one?.[1]).slice(0, 2)),
      ['A.', 'B.', 'C.'],
    );
    assert.equal(digest?.[1], '2 alerts for which no runbook runs: D, E');
    assert.ok(Number(digest?.[0]) >= 10 && Number(digest?.[0]) < 11);
    assert.match(String(fourth?.[1]), /^F\./);
    assert.deepEqual([Number(fourth?.[0]) >= 60, others], [true, []]);
  });

  test('that is older than an hour pages no one by itself: it stands in the digest', async () => {
    const old = { startsAt: utc(-180) };
    const rehearsed = await told([ghost('Old', 0, old), ghost('Older', 3, old)], { atMost: minutes(200) });
    assert.deepEqual(
      pages(rehearsed).map(([, text]) => text),
      ['2 alerts for which no runbook runs: Old, Older'],
    );
  });

  test('that has ended before the digest is not in it', async () => {
    const old = { startsAt: utc(-180) };
    const rehearsed = await told([ghost('Old', 0, old), ends('Old', 5)]);
    assert.deepEqual([pages(rehearsed), rehearsed.closed], [[], true]);
  });

  test('is not told twice over a roll-over, nor where what was sent cannot be read', async () => {
    const bad = { after: minutes(1), signal: 'alert', args: [{ name: 7 }] };
    const rehearsed = await told([ghost('A', 0), bad, ghost('A', 30), ends('A', 90)], { rollOver: true });
    assert.equal(pages(rehearsed).length, 1);
    assert.ok(rehearsed.runs > 1);
  });
});
