// An activity call that is taken out of a runbook is missed by one of its rehearsals.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uncoveredIn } from '../mutation/uncovered.ts';

const slugs = [
  'p0-critical-incident-response',
  'delayed-jobs',
  'quantum-job-failures',
  'dynex-outage',
  'dynex-service-outage',
  'morning-health-check',
  'quantum-workload-scaling',
  'quantum-job-optimization',
];

for (const slug of slugs)
  test(`every activity call of ${slug} is covered`, async () => {
    const uncovered = await uncoveredIn(slug, { say: line => process.stderr.write(`${line}\n`) });
    assert.deepEqual(uncovered, []);
  });
