/** The record of a change outside the cluster: it stands exactly as long as the change may stand. */

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { connectArtifacts } from '../../../activities/connectors/artifacts.ts';
import { SystemError } from '../../../activities/connectors/system-error.ts';
import { recordName, recordOf } from '../../../activities/engine/holders.ts';
import { recordedAround, storedRecords, storeRecords } from '../../../activities/engine/stored-records.ts';
import { stopped, wasRefused } from '../../../activities/failures.ts';
import type { Target } from '../../../workflows/contract/index.ts';

const artifacts = connectArtifacts({ folder: mkdtempSync(join(tmpdir(), 'recorded-')) });
const answered = (status: number) =>
  new SystemError({ system: 'The database', fault: 'answered', status, text: `answered ${status}` });
const unreachable = new SystemError({ system: 'The database', fault: 'unreachable', text: 'gave no answer' });

const record = (set: string) => ({
  [recordName('run-1/a/b/1')]: recordOf({ action: 'resize', key: 'run-1/a/b/1', before: { class: 's' }, set: { class: set } }),
});
const target = (name: string): Target => ({ system: 'cloud database', kind: 'DB instance', name });
const writing = (to: Target, records: Record<string, string | null>) => ({ target: to, uid: 'x', key: 'k', edits: [], records });
const failing = (error: unknown) => ({ change: () => Promise.reject(error instanceof Error ? error : new Error()) });

const refusals: [string, Error][] = [
  ['a wrong request', answered(422)],
  ['no permission', answered(403)],
  ['someone who was faster', answered(409)],
  ['too many calls', answered(429)],
  ['our own check, right before it', stopped('Refused', 'The claim is not so.')],
];
const unclear: [string, Error][] = [
  ['a system that breaks down', answered(502)],
  ['no answer', unreachable],
  ['our own stop in the middle', stopped('Refused', 'Half of it.', { nothingDone: false })],
];

for (const [what, error] of refusals)
  test(`refused by ${what}: the record is what it was, of an earlier change of the incident too`, async () => {
    const [fresh, changed] = [target(`fresh ${what}`), target(`changed ${what}`)];
    await assert.rejects(recordedAround(artifacts, writing(fresh, record('m')), { records: {} }, failing(error)), error);
    assert.deepEqual(await storedRecords(artifacts, fresh), {});
    await storeRecords(artifacts, writing(changed, record('m')));
    const seen = { records: record('m') };
    await assert.rejects(recordedAround(artifacts, writing(changed, record('l')), seen, failing(error)), error);
    assert.deepEqual(await storedRecords(artifacts, changed), record('m'));
  });

for (const [what, error] of unclear)
  test(`after ${what} the change may stand, and so does its record`, async () => {
    const at = target(what);
    await assert.rejects(recordedAround(artifacts, writing(at, record('m')), { records: {} }, failing(error)), error);
    assert.deepEqual(await storedRecords(artifacts, at), record('m'));
  });

for (const status of [403, 429])
  test(`made, and its proof refused by ${status}: the change stands, so does its record, and nothing says that nothing was done`, async () => {
    const at = target(`proof ${status}`);
    const made = { change: async () => undefined, prove: failing(answered(status)).change };
    const error = await recordedAround(artifacts, writing(at, record('m')), { records: {} }, made).catch(failed => failed);
    assert.equal(wasRefused(error), false);
    assert.equal(error.nonRetryable, status === 403);
    assert.match(error.message, new RegExp(`The change was made, and could not be read back. The database answered ${status}`));
    assert.deepEqual(await storedRecords(artifacts, at), record('m'));
  });

test('what is let go stays until the change that restores it is made and proved', async () => {
  const at = target('let go');
  await storeRecords(artifacts, writing(at, record('m')));
  const lets = writing(at, { [recordName('run-1/a/b/1')]: null });
  const seen = { records: record('m') };
  await assert.rejects(recordedAround(artifacts, lets, seen, failing(answered(403))));
  const made = { change: async () => undefined, prove: failing(unreachable).change };
  await assert.rejects(recordedAround(artifacts, lets, seen, made));
  assert.deepEqual(await storedRecords(artifacts, at), record('m'));
  await recordedAround(artifacts, lets, seen, { change: async () => undefined });
  assert.deepEqual(await storedRecords(artifacts, at), {});
});
