// An activity call that is taken out of a runbook is missed by one of its rehearsals.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slugs } from '../mutation/rehearsed.ts';
import { uncoveredIn } from '../mutation/uncovered.ts';

for (const slug of slugs)
  test(`every activity call of ${slug} is covered`, async () => {
    const uncovered = await uncoveredIn(slug, { say: line => process.stderr.write(`${line}\n`) });
    assert.deepEqual(uncovered, []);
  });
