import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  admitAnnotations,
  admitLabels,
  longestAnnotation,
  longestLabel,
  notWritten,
  route,
  runbook,
  runbooks,
  severityOf,
  workflowIdOf,
} from '../workflows/catalog/index.ts';

const opened = (labels: Record<string, string>) => {
  const answer = route(labels);
  return 'runbook' in answer ? answer.runbook.slug : answer.reason;
};

describe('the catalog', () => {
  test('lists the sixteen written runbooks, each once, in the order of the document', () => {
    assert.deepEqual(
      runbooks.map(({ slug }) => slug),
      [
        'morning-health-check',
        'log-review',
        'p0-critical-incident-response',
        'weekly-maintenance-window',
        'quantum-workload-scaling',
        'quantum-api-key-rotation',
        'quantum-job-optimization',
        'dynex-service-outage',
        'dynex-outage',
        'ipfs-pin-failures',
        'quota-exhaustion',
        'delayed-jobs',
        'billing-drift',
        'api-rate-limit-exceeded',
        'authentication-failures',
        'quantum-job-failures',
      ],
    );
  });

  test('names an alert for one runbook only, unless a label tells them apart', () => {
    const everywhere = runbooks.flatMap(({ alerts }) => alerts.filter(alert => !alert.where).map(({ name }) => name));
    assert.equal(new Set(everywhere).size, everywhere.length);
  });

  test('lets every incident close on a check of its own', () => {
    for (const { kind, incident, recovery } of runbooks)
      assert.deepEqual(recovery, kind === 'incident' ? { check: 'recovered', input: { of: incident } } : undefined);
  });

  test('shares one incident between both Dynex runbooks', () => {
    const ids = ['dynex-outage', 'dynex-service-outage'].map(slug => workflowIdOf(runbook(slug), 'nqba-production'));
    assert.deepEqual(ids, ['incident:dynex-outage:nqba-production', 'incident:dynex-outage:nqba-production']);
  });

  test('imports nothing but the contract', () => {
    for (const file of ['runbook', 'runbooks', 'evidence', 'fields', 'route'])
      for (const [, from] of readFileSync(`workflows/catalog/${file}.ts`, 'utf8').matchAll(/from '([^']+)'/g))
        assert.match(from ?? '', /^(\.\/[a-z-]+|\.\.\/contract\/index)\.ts$/);
  });
});

describe('an alert', () => {
  test('is routed by its runbook label before its name', () => {
    assert.equal(opened({ alertname: 'JobQueueDeep', runbook: 'dynex-outage' }), 'dynex-outage');
    assert.equal(opened({ alertname: 'QuantumFallbackRateHigh' }), 'dynex-outage');
  });

  test('is routed by its name when its label names no runbook', () => {
    assert.equal(opened({ alertname: 'DynexHealthCheckFailed', runbook: 'dynex' }), 'dynex-outage');
  });

  test('of a runbook that is not written yet is answered so', () => {
    for (const one of runbooks.filter(({ kind, workflow }) => kind === 'incident' && workflow === undefined))
      assert.equal(opened({ alertname: 'Anything', runbook: one.slug }), notWritten(one));
    assert.match(notWritten(runbook('dynex-service-outage')), /not written .*; dynex-outage does the same/);
  });

  test('opens P0 only where the catalog names it', () => {
    const label = { runbook: 'p0-critical-incident-response' };
    assert.match(opened({ ...label, alertname: 'Anything' }), /only by an alert that the catalog names/);
    assert.equal(opened({ ...label, alertname: 'PlatformUnavailable' }), 'p0-critical-incident-response');
  });

  test('of severity none or info opens nothing, whatever its label says', () => {
    for (const severity of ['none', 'info'])
      assert.match(opened({ alertname: 'DynexHealthCheckFailed', runbook: 'dynex-outage', severity }), /open nothing/);
  });

  test('Watchdog opens nothing, whatever its label says', () => {
    assert.match(opened({ alertname: 'Watchdog', runbook: 'dynex-outage' }), /detection works/);
  });

  test('that nobody knows is answered with what was looked for', () => {
    assert.equal(opened({ alertname: 'Ghost', runbook: 'x' }), 'the catalog has no runbook "x", and no runbook for "Ghost"');
    assert.equal(opened({ alertname: 'constructor' }), 'the catalog has no runbook for "constructor"');
    assert.equal(opened({}), 'the catalog has no runbook for ""');
  });

  test('of a crashing pod is routed by the name of the pod', () => {
    const crashing = { alertname: 'PodCrashLooping' };
    assert.equal(opened({ ...crashing, pod: 'nqba-worker-1' }), 'delayed-jobs');
    assert.equal(opened({ ...crashing, pod: 'nqba-api-1' }), 'p0-critical-incident-response');
    assert.match(opened({ ...crashing, pod: 'grafana-1' }), /no runbook/);
  });

  test('raises the severity to P0 only where the catalog names it', () => {
    const dynex = runbook('dynex-outage');
    assert.equal(severityOf(dynex, { alertname: 'QuantumServiceUnavailable', priority: 'P0' }), 'P0');
    assert.equal(severityOf(dynex, { alertname: 'Invented', priority: 'P0' }), 'P1');
    assert.equal(severityOf(dynex, { alertname: 'Invented', priority: 'P3' }), 'P3');
    assert.equal(severityOf(dynex, { alertname: 'Invented', priority: 'highest' }), 'P1');
  });
});

describe('what enters Temporal', () => {
  test('is only what the catalog lists', () => {
    assert.deepEqual(admitLabels({ alertname: 'A', token: 'secret' }), { alertname: 'A' });
    assert.deepEqual(admitAnnotations({ summary: 'S', query: 'up' }), { summary: 'S' });
  });

  test('is bounded in length and well formed', () => {
    assert.equal(admitLabels({ pod: 'x'.repeat(10_000) })['pod']?.length, longestLabel);
    const smiles = admitAnnotations({ summary: `x${'😀'.repeat(5_000)}` })['summary'] ?? '';
    assert.ok(smiles.length <= longestAnnotation && smiles.isWellFormed());
  });

  test('holds no control or invisible characters, but keeps its lines', () => {
    const hostile = 'one\ntwo\u001b[2J\u0000\u202e\u2028 three';
    assert.deepEqual(admitAnnotations({ description: hostile }), { description: 'one\ntwo[2J three' });
  });

  test('names no slash in a workflow id', () => {
    assert.equal(workflowIdOf(runbook('dynex-outage'), '../a b/ü'), 'incident:dynex-outage:..-a-b-');
  });
});
