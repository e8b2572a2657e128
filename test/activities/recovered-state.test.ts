/** Dynex Outage is over when customers have their jobs on Dynex again, on every workload: not when the few that never left succeed. */

import assert from 'node:assert/strict';
import test, { after, afterEach, before } from 'node:test';
import { awayFromDynex } from '../../activities/quantum/breaker/direction.ts';
import { judgeStarted } from '../../activities/quantum/share-of-jobs.ts';
import { configMaps } from '../../activities/connectors/resources.ts';
import { recordName, recordOf, type Values } from '../../activities/engine/holders.ts';
import { eventually } from '../support/eventually.ts';
import { aPlatform } from './bare.ts';
import { done, planned } from './outcomes.ts';
import { type Activities, at, type Stage, stage } from './stage.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
afterEach(() => on.reset());
after(() => on.stop());

const open = 'run-1/Immediate Response/Activate Circuit Breaker/1';
const close = 'run-1/Recovery/Gradual Rollback: 100%25/1';
const ofDynex = { of: 'dynex-outage' };

/** Opened while Dynex was down; Dynex is well again, and enough jobs of the batch worker, which never moved, succeed there. */
async function opened(): Promise<Activities> {
  const worker = on.worker({ folder: crypto.randomUUID() });
  await worker.quantum.probeDynex({});
  on.set('dynex', 'down');
  done(await worker.quantum.setFallback({ enabled: true }, { key: open }));
  on.set('dynex', 'healthy');
  await eventually(async () => {
    const { verdict, evidence } = await worker.observe.recovered({ ...ofDynex, symptom: true });
    assert.equal(verdict, 'healthy', evidence);
  });
  return worker;
}

test('with the breaker open it has not recovered, whatever the jobs that never left do; once it is closed it has', async () => {
  const { observe, quantum } = await opened();
  const { verdict, evidence } = await observe.recovered(ofDynex);
  assert.equal(verdict, 'faulty');
  assert.match(
    evidence,
    /^The circuit breaker is open: ConfigMap nqba-platform\/nqba-config says QUANTUM_BACKEND=classical, .*too few go to quantum_dynex: 0 of \d+ of nqba-worker; 100% wanted/,
  );
  const { digest: approved } = planned(await quantum.setFallback({ enabled: false }, { key: close }));
  done(await quantum.setFallback({ enabled: false }, { key: close, approved }));
  await eventually(async () => {
    const found = await observe.recovered(ofDynex);
    assert.equal(found.verdict, 'healthy', found.evidence);
  });
});

test('a breaker that somebody has opened by hand is open too', async () => {
  const { fallback } = on.platform.quantum;
  await on.bob.patch(at.config, { data: fallback });
  const { verdict, evidence } = await on.worker().observe.recovered(ofDynex);
  assert.equal(verdict, 'faulty');
  assert.match(evidence, /^The circuit breaker is open/);
});

test('a setting that was put back without the restart that its pods need sends no job to Dynex', async () => {
  const { observe, quantum } = await opened();
  const { data } = await on.you.get(at.config);
  const away = Object.keys(on.platform.quantum.fallback).map(key => [key, null]);
  await on.bob.patch(at.config, {
    metadata: { annotations: { [recordName(open)]: null } },
    data: { ...data, ...Object.fromEntries(away), QUANTUM_BACKEND: 'dynex' },
  });
  const asked = { solver: 'dynex', startedShare: 1, orCanaries: true } as const;
  await eventually(async () => {
    for (const finding of [await observe.recovered(ofDynex), await quantum.jobs(asked)]) {
      assert.equal(finding.verdict, 'faulty', finding.evidence);
      assert.match(finding.evidence, /too few go to quantum_dynex: 0 of \d+ of nqba-worker;/);
    }
  });
});

test('where the cluster cannot be read nobody knows where the setting sends jobs', async () => {
  const blind = on.worker({ connected: ['prometheus', 'dynex', 'api'] });
  const { verdict, evidence } = await blind.observe.recovered(ofDynex);
  assert.equal(verdict, 'unknown');
  assert.match(evidence, /Kubernetes is not connected/);
});

const { fallback } = aPlatform.quantum;
const configMap = (data: Record<string, string>, before?: Values) =>
  configMaps.schema.parse({
    metadata: {
      name: 'nqba-config',
      annotations: before && { [recordName(open)]: recordOf({ action: 'setFallback', key: open, before, set: fallback }) },
    },
    data,
  });

test('whether the setting sends jobs elsewhere: its record knows what was before; without one the whole fallback must be set', () => {
  const keys = Object.keys(fallback);
  const [one = ''] = keys;
  const absent = Object.fromEntries(keys.map(key => [key, null]));
  const away = (...given: Parameters<typeof configMap>) => awayFromDynex(configMap(...given), aPlatform);
  assert.deepEqual(away({}), []);
  assert.deepEqual(away(fallback), keys);
  assert.deepEqual(away({ [one]: fallback[one] ?? '' }), [], 'one value alone may be the platform’s own');
  assert.deepEqual(away({ [one]: fallback[one] ?? '' }, absent), [one]);
  assert.deepEqual(away(fallback, fallback), [], 'it was so before the incident');
  assert.deepEqual(away({}, absent), [], 'somebody has put it back');
});

for (const [what, share, wanted, all, verdict] of [
  ['every job', 1, 40, 40, 'healthy'],
  ['all but a few', 1, 38, 40, 'healthy'],
  ['none', 1, 0, 40, 'faulty'],
  ['a tenth of few at a stage', 0.1, 0, 20, 'healthy'],
  ['none of many at a stage', 0.1, 0, 200, 'faulty'],
  ['half of what a stage should send', 0.5, 50, 200, 'faulty'],
  ['too few to judge by', 1, 0, 4, 'unknown'],
] as const)
  test(`a workload that sends ${what} there is ${verdict}`, () => {
    const rule = { solver: 'quantum_dynex', share, within: 0.05, atLeast: 5 };
    assert.equal(judgeStarted([{ name: 'nqba-worker', wanted, all }], rule).verdict, verdict);
  });
