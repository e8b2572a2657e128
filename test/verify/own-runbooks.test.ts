/** `npm start -- --runbooks FOLDER`: worker, intake and commands of the practice platform know the runbooks of the folder. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runbooks } from '../client/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { Platform } from '../support/practice.ts';

let platform: Platform;
before(async () => {
  platform = await Platform.start({ runbooks: 'examples/crash-looping' });
});
after(() => platform?.stop());

test('an alert that a person sends opens it, its body runs there, and the end of the alert reaches it', async () => {
  const run = runbooks(platform.environment);
  const opened = await run('practice', 'alert', 'CrashLooping');
  assert.equal(opened.code, 0, opened.stderr);
  const [, incident = ''] = /^opened (\S+):/m.exec(opened.stdout) ?? [];
  assert.match(incident, /^crash-looping-/, opened.stdout);
  await eventually(async () => assert.match((await run('show', incident)).stdout, /Probe the API/));
  const ended = await run('practice', 'alert', 'CrashLooping', '--resolved');
  assert.match(ended.stdout, /^resolved: Crash Looping was told/, ended.stderr);
});
