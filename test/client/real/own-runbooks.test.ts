// Incidents of a runbook of one's own are opened and found on a real server as every other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { runbooks } from '../command-line.ts';
import { startTemporal } from '../temporal-server.ts';

test('an incident of a runbook of one’s own is opened and listed where RUNBOOKS_FOLDER names its folder', async context => {
  const server = await startTemporal();
  context.after(() => server.stop());
  const run = runbooks({ ...server.environment, RUNBOOKS_FOLDER: 'examples/crash-looping' });
  const { code, stdout } = await run('open', 'crash-looping', '--because', 'pods die again and again');
  assert.equal(code, 0);
  const [name = ''] = stdout.split(':');
  await eventually(async () => assert.ok((await run('list')).stdout.includes(name)));
  const without = await runbooks(server.environment)('open', 'crash-looping', '--because', 'x');
  assert.equal(without.code, 3);
});
