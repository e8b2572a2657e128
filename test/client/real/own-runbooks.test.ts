// Incidents of a runbook of one's own are opened and found on a real server as every other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { runbooks } from '../command-line.ts';
import { startTemporal } from '../temporal-server.ts';

test('an incident of a runbook of one’s own is opened where RUNBOOKS_FOLDER names its folder, and found everywhere', async context => {
  const server = await startTemporal();
  context.after(() => server.stop());
  const run = runbooks({ ...server.environment, RUNBOOKS_FOLDER: 'examples/crash-looping' });
  const { code, stdout } = await run('open', 'crash-looping', '--because', 'pods die again and again');
  assert.equal(code, 0);
  const [name = ''] = stdout.split(':');
  await eventually(async () => assert.ok((await run('list')).stdout.includes(name)));
  const without = runbooks(server.environment);
  assert.equal((await without('open', 'crash-looping', '--because', 'x')).code, 3);
  const listed = await without('list');
  assert.ok(listed.stdout.includes(name));
  assert.match(listed.stderr, /^The catalog here lacks crashLooping: set RUNBOOKS_FOLDER /m);
  for (const text of [name, name.slice(0, -2), 'crash', 'incident:crash-looping:nqba-production'])
    assert.match((await without('show', text)).stdout, new RegExp(name), text);
  const told = await without('ack', name, '--as', 'ann');
  assert.equal(told.code, 0, told.stderr);
});
