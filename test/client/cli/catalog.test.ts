// The data of the written document: severities, channels, contacts, runbooks, and when the document is reviewed next.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { isReviewPast, reviewDue } from '../../../activities/platform/document.ts';
import { outputs } from '../../../client/cli/outputs.ts';
import { writtenLines } from '../../../client/coverage.ts';
import { runbooks } from '../command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'nqba-catalog-'));
const shipped = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync('platform.json', 'utf8')));

/** The shipped platform with another document, and one person on call beside it. */
function printed(document?: object) {
  const [platform, roles] = [join(folder, 'platform.json'), join(folder, 'roles.json')];
  writeFileSync(platform, JSON.stringify({ ...shipped, document }));
  writeFileSync(roles, JSON.stringify({ people: { ann: { mail: 'ann@example.com' } }, roles: { primary: ['ann'] } }));
  return runbooks({ RUNBOOKS_PLATFORM: platform });
}

test('shows every contact and channel that the document lists, and the names of people but not their addresses', async () => {
  const run = printed({ version: '1.0', owner: 'operations', nextReview: '2999-01-01' });
  const { stdout } = await run('catalog', '-o', 'json');
  const shown = outputs.catalog.parse(JSON.parse(stdout));
  const roles = shown.contacts.map(({ role }) => role);
  const lines = writtenLines().filter(({ id }) => id.startsWith('contact-information/'));
  assert.equal(lines.length, 11);
  for (const { places } of lines)
    for (const place of places) {
      const [part = '', name = ''] = place.split('.');
      if (part === 'roles') assert.ok(roles.includes(name), place);
      if (part === 'channels') assert.ok(name in shown.channels, place);
    }
  assert.equal(shown.channels['mail'], 'incidents@flyfoxai.io');
  assert.deepEqual(shown.contacts.find(({ role }) => role === 'primary')?.people, ['ann']);
  assert.doesNotMatch(stdout, /ann@example/);
  assert.equal(shown.runbooks.length, 16);
  assert.equal(shown.review, undefined);
});

test('people are asked to review the document once its day is past, and where no day is set', async () => {
  const { stdout } = await printed({ version: '1.0', owner: 'operations', nextReview: '2020-01-01' })('catalog');
  assert.match(stdout, /The review of the written runbooks was due on 2020-01-01: operations reviews them/);
  assert.match((await printed()('catalog')).stdout, /does not say who owns the written runbooks/);
  const described = { version: '1.0', owner: 'operations', nextReview: '2026-12-31' };
  assert.equal(reviewDue(described, Date.parse('2026-12-31T23:59:00Z')), undefined);
  assert.match(reviewDue(described, Date.parse('2027-01-01T00:00:00Z')) ?? '', /was due on 2026-12-31/);
  assert.match(reviewDue({ version: '1.0', owner: 'operations' }, 0) ?? '', /No next review/);
  assert.deepEqual(
    [
      isReviewPast(described, Date.parse('2026-12-31T23:59:00Z')),
      isReviewPast(described, Date.parse('2027-01-01T00:00:00Z')),
      isReviewPast(undefined, 0),
    ],
    [false, true, undefined],
  );
});
