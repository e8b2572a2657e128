/** What is asked before an alert is believed keeps it from opening only where it is healthy with enough samples, and was so before. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { byType } from '../../activities/index.ts';
import { corroborated } from '../../workflows/catalog/corroboration.ts';
import { activitiesWith, aPlatform, answers } from './bare.ts';
import { deployment, fetchOf, pod } from './kubernetes/cluster-of.ts';

/** Prometheus, with so many finished jobs of each solver, all of them succeeded; or with the value of a probe. */
const measured = (values: Record<string, number>) =>
  answers(200, {
    status: 'success',
    data: {
      resultType: 'vector',
      result: Object.entries(values).map(([solver, value]) => ({
        metric: { solver, result: 'succeeded' },
        value: [0, String(value)],
      })),
    },
  });

const { dynex, classical } = aPlatform.quantum.solvers;

async function asked(alert: string, fetch: () => Response) {
  const { check, input } = corroborated[alert] ?? { check: '', input: {} };
  const activities = byType(activitiesWith({ prometheus: { url: 'http://prometheus', fetch } }));
  const asked = activities[check];
  assert.ok(asked, check);
  return Reflect.apply(asked, undefined, [input]);
}

test('most jobs fall back: faulty, though those on Dynex succeed', async () => {
  const finding = await asked('QuantumFallbackRateHigh', measured({ [dynex]: 9, [classical]: 21 }));
  assert.deepEqual(
    [finding.verdict, finding.evidence],
    ['faulty', `9 of 30 jobs ran on ${dynex}, 9 succeeded: less than 50% of all.`],
  );
});

test('most jobs run on Dynex and succeed: healthy', async () => {
  assert.equal((await asked('QuantumFallbackRateHigh', measured({ [dynex]: 21, [classical]: 9 }))).verdict, 'healthy');
});

test('too few jobs, and a Prometheus that does not answer, are unknown', async () => {
  assert.equal((await asked('QuantumFallbackRateHigh', measured({ [dynex]: 3 }))).verdict, 'unknown');
  assert.equal((await asked('QuantumFallbackRateHigh', answers(503, 'down'))).verdict, 'unknown');
});

test('a probe that was never healthy here is unknown, not faulty', async () => {
  const finding = await asked('NQBAAPIDown', measured({ probe: 0 }));
  assert.equal(finding.verdict, 'unknown');
  assert.match(finding.evidence, /has never been healthy on this installation/);
});

test('a database or a broker that is said to be down is believed as soon as calls fail or no job finishes, and where that is not known', async () => {
  assert.equal((await asked('PostgreSQLDown', measured({ api: 0.4 }))).verdict, 'unknown', 'too few calls');
  assert.equal((await asked('PostgreSQLDown', answers(503, 'down'))).verdict, 'unknown');
  assert.equal((await asked('RedisDown', measured({ [dynex]: 0 }))).verdict, 'unknown', 'no job finished');
  assert.equal((await asked('RedisDown', measured({ [dynex]: 21 }))).verdict, 'healthy');
});

test('workers that are said to be down are asked of the cluster: their target is always down', async () => {
  const { check, input } = corroborated['NQBAWorkerDown'] ?? { check: '', input: {} };
  const seen = (ready: number) => {
    const kubernetes = {
      fetch: fetchOf({ deployment: deployment(), pods: ['a', 'b', 'c'].slice(0, ready).map(name => pod(name)) }),
    };
    const asked = byType(activitiesWith({ kubernetes }))[check];
    assert.ok(asked, check);
    return Reflect.apply(asked, undefined, [input]);
  };
  assert.equal((await seen(3)).verdict, 'healthy');
  assert.notEqual((await seen(2)).verdict, 'healthy');
});
