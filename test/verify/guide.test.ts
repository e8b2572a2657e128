/** Four minutes of guided incidents: what `npm test` shows once must hold again and again on one platform, and fail when disturbed. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import { guide } from '../../lab/guide/guide.ts';
import { bobChangesTheWorker } from '../../lab/guide/outage.ts';
import { LabError } from '../../lab/lab-error.ts';
import { type Practice, startPractice } from '../../lab/practice/start.ts';

const dir = mkdtempSync(join(tmpdir(), 'nqba-guide-'));
const lines: string[] = [];
const say = (line: string) => {
  lines.push(line);
  process.stderr.write(`${line}\n`);
};

let practice: Practice;
beforeEach(async () => {
  practice = await startPractice({ dir, pace: 1 / 120, say });
});
afterEach(() => practice.stop());
after(() => rmSync(dir, { recursive: true, force: true }));

for (const time of ['first', 'second'])
  test(`the ${time} guided incident on a platform proves exactly the expected`, async () => {
    await guide({ practice, yes: true, say });
    assert.match(lines.at(-1) ?? '', /exactly the expected\.$/);
  });

test('a write of somebody else in between is found, and named', async () => {
  let disturbed: Promise<void> | undefined;
  const disturbing = (line: string) => {
    say(line);
    if (line.includes('Killed process'))
      disturbed = bobChangesTheWorker(practice.cluster.kubeconfigs.bob ?? '', 'nqba/worker:bob');
  };
  await assert.rejects(guide({ practice, yes: true, say: disturbing }), error => {
    assert.ok(error instanceof LabError);
    assert.match(error.message, /^What happened is not what was expected:\n/);
    assert.match(error.message, /write: .*"bob"|found .*"bob"/);
    return true;
  });
  await disturbed;
});
