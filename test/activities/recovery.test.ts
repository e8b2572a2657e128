/** Where everything is well, only an incident with a measurement of its own is called recovered. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { isWritten, runbooks } from '../../workflows/catalog/index.ts';
import { checks } from './looking.ts';

const { observe } = checks();
const findings = await Promise.all(
  runbooks.map(async runbook => ({ runbook, finding: await observe.recovered({ of: runbook.slug }) })),
);
const unmeasured = findings.filter(({ finding }) => finding.evidence.includes('No recovery check is written for'));

test('each incident that is written has a measurement', () => {
  const lacking = unmeasured.filter(({ runbook }) => isWritten(runbook) && runbook.kind === 'incident');
  assert.deepEqual(
    lacking.map(({ runbook }) => `activities/recovery.ts has no entry for ${runbook.slug}`),
    [],
  );
});

test('of the sixteen, each without one is unknown, and says so', () => {
  assert.equal(findings.length, 16);
  assert.equal(
    unmeasured.some(({ runbook }) => runbook.slug === 'log-review'),
    true,
  );
  for (const { runbook, finding } of unmeasured) {
    assert.equal(finding.verdict, 'unknown', runbook.slug);
    assert.match(finding.evidence, new RegExp(`for ${runbook.slug}:`));
  }
});

test('an incident that the catalog does not know is unknown too', async () => {
  for (const name of ['crash-looping', 'constructor', ''])
    assert.equal((await observe.recovered({ of: name })).verdict, 'unknown', name);
});
