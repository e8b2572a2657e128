/** What `show` says of a long list while an activity goes through it: on a real Temporal, by the activity's own signs of life. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { outputs } from '../../client/cli/outputs.ts';
import { eventually } from '../support/eventually.ts';
import { done } from '../support/rehearsing.ts';
import { runbooks } from '../client/command-line.ts';
import { quickPlatform, startWorker } from '../client/scripted-worker.ts';
import { startTemporal } from '../client/temporal-server.ts';

let server: Awaited<ReturnType<typeof startTemporal>>;
let stopWorker: () => Promise<void>;
let run: ReturnType<typeof runbooks>;
const ended = Promise.withResolvers<void>();

/** 400 were done before this try, and 3,000 by it so far. */
async function setFallback() {
  await pause(300);
  Context.current().heartbeat({ done: 3_400, of: 10_000, from: 400 });
  await ended.promise;
  return done();
}

before(async () => {
  server = await startTemporal();
  stopWorker = await startWorker(server.environment.TEMPORAL_ADDRESS, { setFallback });
  run = runbooks({ ...server.environment, RUNBOOKS_PLATFORM: quickPlatform() });
});
after(async () => {
  ended.resolve();
  await stopWorker();
  await server.stop();
});

const shown = async (name: string) => outputs.show.parse(JSON.parse((await run('show', name, '-o', 'json')).stdout));

test('a step that goes through a list says how far it is, and how long it takes yet; once it is done nothing does', async () => {
  const opened = await run('open', 'dynex-outage', '--because', 'jobs fail', '-o', 'json');
  const { incident } = outputs.open.parse(JSON.parse(opened.stdout));
  await eventually(async () => assert.equal((await shown(incident)).progress.length, 1));
  const [progress] = (await shown(incident)).progress;
  const step = 'Activate Circuit Breaker';
  assert.deepEqual({ ...progress, left: 0 }, { step, done: 3_400, of: 10_000, left: 0 });
  const left = progress?.left ?? 0;
  assert.ok(left > 500 && left < 60_000, `${left} ms`);
  const { stdout } = await run('show', incident);
  assert.match(stdout, /^What it did: .*Activate Circuit Breaker: 3400 of 10000 done, about \d+ s left/m);
  ended.resolve();
  await eventually(async () => assert.deepEqual((await shown(incident)).progress, []));
  assert.doesNotMatch((await run('show', incident)).stdout, /of 10000 done/);
});
