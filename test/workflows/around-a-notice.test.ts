/** Findings around a critical alert without a runbook: a message under its page, which waits for none of them. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PodsInput } from '../../activities/kubernetes/pods.ts';
import type { Message } from '../../worker/rehearsal/rehearse.ts';
import { anAlert, callOf, effects, finding, inputsOf, minutes, refused, rehearsal, threeAtNight } from '../support/rehearsing.ts';

const startsAt = new Date(threeAtNight).toISOString();
const fires = (name: string, labels: object, more: object = {}) => ({
  after: 0,
  signal: 'alert',
  args: [anAlert({ name, fingerprint: name, startsAt, labels: { alertname: name, ...labels }, annotations: {}, ...more })],
});
const ends = (name: string, labels: object, after: number) => ({
  ...fires(name, labels, { status: 'resolved', endsAt: new Date(threeAtNight + minutes(after)).toISOString() }),
  after: minutes(after),
});

const around = (messages: Message[], more: object = {}) =>
  rehearsal({ type: 'notice', args: [{ version: 1 }], messages, people: {}, atMost: minutes(59), ...more });
type Rehearsed = Awaited<ReturnType<typeof around>>;

const remarks = (rehearsed: Rehearsed) => inputsOf<{ text: string }>(rehearsed, 'remark').map(({ text }) => text);
const [pageAt, lookAt] = [
  (rehearsed: Rehearsed) => effects(rehearsed, 'page').map(({ at }) => at),
  (rehearsed: Rehearsed) => effects(rehearsed, 'pods').map(({ at }) => at),
];

const storefront = { namespace: 'shop', deployment: 'storefront', pod: 'kube-state-metrics-0' };
const owner = 'Deployment shop/storefront';
const ill = finding('faulty', { owner }, '1 of 3 pods of Deployment shop/storefront: storefront-1 CrashLoopBackOff.');
const changed = finding('faulty', {}, 'ann changed the image 12 minutes before.');

describe('around a notice', () => {
  test('its pods and the changes of what made them are told under the page, once it is out', async () => {
    const rehearsed = await around([fires('Crashing', storefront), fires('Crashing', storefront, { fingerprint: 'b' })], {
      world: { pods: ill, rollouts: changed },
    });
    assert.deepEqual(
      rehearsed.ran.map(({ type }) => type),
      ['page', 'pods', 'rollouts', 'remark'],
    );
    const [pods, rollouts, remark] = ['pods', 'rollouts', 'remark'].map(type => effects(rehearsed, type)[0]?.args ?? []);
    assert.deepEqual(pods?.[0], { around: { namespace: 'shop', subject: owner } });
    assert.deepEqual(rollouts?.[0], { workloads: [owner], before: startsAt });
    const text = `Around Crashing: ${ill.evidence} ${changed.evidence}`;
    assert.deepEqual([remark?.[0], callOf(remark ?? []).key.endsWith('/Notice/1/around')], [{ text }, true]);
    assert.ok(JSON.stringify(rehearsed.report).includes(`"found":"${text}"`));
  });

  test('checks that take long, or fail, hold no page, and are said once, as unknown', async () => {
    const [first, second] = [fires('A', { namespace: 'shop' }), fires('B', { namespace: 'shop' })];
    const slow = await around([first, second], { world: { pods: ill }, takes: { Pods: 19_000 } });
    assert.deepEqual(
      pageAt(slow).map(at => at < (lookAt(slow)[0] ?? 0) + 2_000),
      [true, true],
    );
    const failing = await around([first, second], { world: { pods: refused('Kubernetes did not answer', true) } });
    assert.equal(pageAt(failing).length, 2);
    assert.deepEqual(remarks(failing), [
      'Around A: Unknown: Kubernetes did not answer',
      'Around B: Unknown: Kubernetes did not answer',
    ]);
  });

  test('a message that Slack does not take keeps no end of a page back', async () => {
    const labels = { namespace: 'shop' };
    const rehearsed = await around([fires('A', labels), ends('A', labels, 5)], {
      world: { pods: ill, rollouts: changed, remark: refused('Slack is away', true) },
    });
    assert.equal(effects(rehearsed, 'resolveIncident').length, 1);
  });

  test('an alert that names no namespace, and a digest, have none', async () => {
    const old = { startsAt: new Date(threeAtNight - minutes(180)).toISOString() };
    const rehearsed = await around([fires('A', {}), fires('Old', { namespace: 'shop' }, old)]);
    assert.deepEqual([pageAt(rehearsed).length, lookAt(rehearsed)], [2, []]);
  });

  test('labels that are no names of Kubernetes, or name several workloads, name no subject; a pod counts where no workload is named', async () => {
    const subjects = async (labels: object) =>
      inputsOf<PodsInput>(await around([fires('A', labels)], { world: { pods: finding('healthy') } }), 'pods').map(
        input => 'around' in input && input.around.subject,
      );
    assert.deepEqual(await subjects({ namespace: 'shop', pod: 'a-1' }), ['Pod shop/a-1']);
    assert.deepEqual(await subjects({ namespace: 'shop', deployment: 'a', statefulset: 'b' }), [undefined]);
    assert.deepEqual(await subjects({ namespace: 'shop', deployment: '../../nodes', pod: '$(reboot)' }), [undefined]);
  });

  test('they are told once over a roll-over', async () => {
    const labels = { namespace: 'shop' };
    const rehearsed = await around([fires('A', labels), ends('A', labels, 30)], {
      rollOver: true,
      world: { pods: ill, rollouts: changed },
    });
    assert.deepEqual([remarks(rehearsed).length, pageAt(rehearsed).length], [1, 1]);
  });
});
