/** Of the artifact store only what is settled is removed: an open incident and a standing change keep all that they need. */

import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { connectArtifacts } from '../../activities/connectors/artifacts.ts';
import { recordName, recordOf } from '../../activities/engine/holders.ts';
import { storedRecords, storeRecords } from '../../activities/engine/stored-records.ts';
import type { Target } from '../../workflows/contract/index.ts';

const artifacts = connectArtifacts({ folder: mkdtempSync(join(tmpdir(), 'retention-')) });
const target: Target = { system: 'status page', kind: 'Status page', name: 'API' };
const change = (key: string) => ({
  [recordName(key)]: recordOf({ action: 'setStatusPage', key, before: { status: 'operational' }, set: { status: 'degraded' } }),
});

test('six kinds of records are removed, by these files alone', () => {
  const removing = globSync(['activities/**/*.ts', 'worker/**/*.ts', 'client/**/*.ts']).filter(file =>
    /\bartifacts\.remove\(/.test(readFileSync(file, 'utf8')),
  );
  assert.deepEqual(removing.toSorted(), [
    'activities/billing/corrections/caps.ts',
    'activities/comms/mail-marks.ts',
    'activities/comms/shared-component.ts',
    'activities/engine/stored-records.ts',
    'activities/known-faults.ts',
    'activities/record.ts',
  ]);
  const deleting = globSync(['activities/**/*.ts', 'worker/**/*.ts', 'client/**/*.ts']).filter(
    file =>
      /\bfrom 'node:fs(\/promises)?'/.test(readFileSync(file, 'utf8')) &&
      /\b(rm|unlink|rmdir)(Sync)?\(/.test(readFileSync(file, 'utf8')),
  );
  // A description that was proposed for one `try` lies in a folder of its own.
  assert.deepEqual(deleting.toSorted(), ['activities/connectors/artifacts.ts', 'client/cli/try.ts']);
});

test('an undo removes the record of its own change; that of another incident, bodies, lists, plans and reports stay', async () => {
  const digest = await artifacts.save('the body of an alert');
  for (const name of ['begun/plan', 'reports/incident', 'seen/check', 'pages/incident']) await artifacts.write(name, 'kept');
  const writing = (records: Record<string, string | null>) => ({ target, uid: 'x', key: 'k', edits: [], records });
  await storeRecords(artifacts, writing({ ...change('run-1/a/b/1'), ...change('run-2/a/b/1') }));
  await storeRecords(artifacts, writing({ [recordName('run-1/a/b/1')]: null }));
  assert.deepEqual(await storedRecords(artifacts, target), change('run-2/a/b/1'));
  assert.equal(await artifacts.load(digest), 'the body of an alert');
  for (const name of ['begun/plan', 'reports/incident', 'seen/check', 'pages/incident'])
    assert.equal(await artifacts.read(name), 'kept', name);
});
