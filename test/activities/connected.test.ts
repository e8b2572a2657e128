/** Kubernetes and Prometheus suffice: what is not connected is left out and said, what is connected must answer. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { judge } from '../../activities/dynex-status.ts';
import { checks } from './looking.ts';

const least = ['kubernetes', 'prometheus'] as const;
const alone = (more: Parameters<typeof checks>[0] = {}) => checks({ connected: [...least], ...more });
const recovery = { of: 'dynex-outage' } as const;

test('with Kubernetes and Prometheus alone recovery is measured by jobs and the outside probe, and says what was left out', async () => {
  const { observe, seenHealthy, states } = alone();
  await seenHealthy();
  const healthy = await observe.recovered(recovery);
  assert.equal(healthy.verdict, 'healthy');
  assert.match(
    healthy.evidence,
    /sends jobs to Dynex\..* jobs ran on quantum_dynex.* From outside: the probe succeeds\. Not checked: .*Dynex is not connected/,
  );
  states.dynex = 'down';
  assert.equal((await observe.recovered(recovery)).verdict, 'faulty');
});

test('recovery is not measured by a probe alone: too few jobs, and no API for a canary, are unknown', async () => {
  const { observe } = alone({ running: [] });
  const { verdict, evidence } = await observe.recovered(recovery);
  assert.equal(verdict, 'unknown');
  assert.match(evidence, /fewer than 20 are too few.* No canary: the NQBA API is not connected, set NQBA_API_URL/);
});

test('where Prometheus has no blackbox exporter, jobs alone measure recovery', async () => {
  const { observe } = alone({ probed: false });
  const { verdict, evidence } = await observe.recovered(recovery);
  assert.equal(verdict, 'healthy');
  assert.match(evidence, /Not checked: .*Prometheus has no probe of Dynex: max\(probe_success/);
});

test('a blackbox exporter that has gone is not left out: it went blind', async () => {
  const { observe, quantum, blackbox, seenHealthy } = alone();
  await seenHealthy();
  blackbox.probed = false;
  for (const finding of [await observe.recovered(recovery), await quantum.probeDynex({}), await quantum.dynexStatus({})]) {
    assert.equal(finding.verdict, 'unknown');
    assert.match(finding.evidence, /From outside: Prometheus has no probe of Dynex.* It had one: last healthy 2026/);
  }
});

test('a key that is connected must be accepted', async () => {
  const { observe, seenHealthy, states } = checks({ connected: [...least, 'dynex'] });
  await seenHealthy();
  states.dynex = 'unauthorised';
  assert.equal((await observe.recovered(recovery)).verdict, 'faulty');
});

test('Dynex is as its outside probe sees it where its page is not connected', async () => {
  const { quantum, seenHealthy, states } = alone();
  await seenHealthy();
  assert.equal((await quantum.dynexStatus({})).verdict, 'healthy');
  states.dynex = 'down';
  const { verdict, evidence, facts } = await quantum.dynexStatus({});
  assert.deepEqual([verdict, facts], ['faulty', undefined]);
  assert.match(
    evidence,
    /^From outside: the probe fails\. Not checked: Dynex is not connected.*The Dynex status page is not connected/,
  );
  states.prometheus = 'down';
  assert.equal((await quantum.dynexStatus({})).verdict, 'unknown');
});

for (const [what, seen, verdict] of [
  ['a page that reports an incident, whatever probes reach', { page: 'faulty', inside: 'healthy', outside: 'healthy' }, 'faulty'],
  ['no probe that reaches it, whatever its page says', { page: 'healthy', inside: 'faulty', outside: 'faulty' }, 'faulty'],
  ['an outside probe that fails, without another', { page: 'healthy', outside: 'faulty' }, 'faulty'],
  ['a failure from inside alone, which may be ours', { page: 'healthy', inside: 'faulty' }, 'unknown'],
  ['one probe that reaches it and one that does not', { inside: 'faulty', outside: 'healthy' }, 'healthy'],
  ['a page that reports nothing, without a probe', { page: 'healthy' }, 'healthy'],
  ['a page that reports nothing, and probes that do not answer', { page: 'healthy', outside: 'unknown' }, 'healthy'],
  ['nothing that answers', { page: 'unknown', inside: 'unknown', outside: 'unknown' }, 'unknown'],
  ['nothing that is connected', {}, 'unknown'],
] as const)
  test(`Dynex with ${what} is ${verdict}`, () => assert.equal(judge(seen), verdict));

test('without the NQBA API there is no canary, and it says what a person can look at instead', async () => {
  const { verdict, evidence } = await alone().quantum.canary({ solver: 'dynex' });
  assert.equal(verdict, 'unknown');
  assert.match(evidence, /set NQBA_API_URL\. Without it look at the first jobs on quantum_dynex after the plan is approved/);
});
