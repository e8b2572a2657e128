/**
 * One group from two senders, ten thousand times in random order, while the intake is killed twice. The intake tells a repeat again
 * after ten seconds, so a slow machine makes more requests to Temporal.
 */

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../support/eventually.ts';
import { Random } from '../../support/simulation/random.ts';
import type { Row } from '../row.ts';
import { fingerprints, incidents, scheduled } from './histories.ts';
import { deliver, firing, group, inParallel } from './senders.ts';
import { type Stage, startWorker } from './stage.ts';

const deliveries = 10_000;
const killedAt = [deliveries / 3, (deliveries * 2) / 3].map(Math.floor);
const senders = ['alertmanager-0', 'alertmanager-1'];
/** Requests of a worker's poll, and of whoever asks whether the server is ready. */
const notOfAlerts = /^(Poll|RecordWorkerHeartbeat|DescribeNamespace|GetSystemInfo)/;

/** @param bundle the code of our workflows */
export async function repeats(
  { dir, temporal, intake, url }: Stage,
  bundle: string,
  say: (line: string) => void,
): Promise<Row[]> {
  const [random, before] = [new Random(1), await requests(temporal.requests)];
  const [first, second] = [firing('first', { service: 'dynex' }), firing('second', { service: 'quantum' })];
  const bodies = Array.from({ length: deliveries }, () =>
    group(random.chance(0.5) ? [first, second] : [second, first], random.pick(senders)),
  );
  await inParallel(bodies, 16, async (body, index) => {
    if (killedAt.includes(index)) process.kill(intake.pid, 'SIGKILL');
    await deliver(url, body);
  });
  const calls = (await requests(temporal.requests)) - before;
  const opened = await incidents(temporal.client);
  const held = await fingerprints(temporal.client, opened);
  return [
    {
      what: '10,000 deliveries of one group: incidents',
      value: opened.length,
      goal: 1,
      bound: 'exactly',
      unit: 'things',
      promise: true,
    },
    { what: '… requests to Temporal', value: calls, goal: 20, unit: 'things' },
    { what: '… alerts lost', value: 2 - held.size, goal: 0, unit: 'things', promise: true },
    { what: '… pages', value: await pages(), goal: 1, bound: 'exactly', unit: 'things', promise: true },
  ];

  /** Once the first question stands, everything of the Immediate Response has been done. */
  async function pages() {
    const [incident = ''] = opened;
    const worker = await startWorker(dir, bundle, temporal.address, 'kit', say);
    const all = await eventually(async () => {
      const done = await scheduled(temporal.client, incident);
      assert.ok(done.some(({ type }) => type === 'announce'));
      return done;
    });
    await worker.stop();
    await temporal.client.workflow.getHandle(incident).terminate();
    return all.filter(({ type }) => type === 'page').length;
  }
}

/** Its counters come a moment late: until they stand still. */
async function requests(read: Stage['temporal']['requests']): Promise<number> {
  const now = async () =>
    [...(await read())].reduce((sum, [operation, count]) => (notOfAlerts.test(operation) ? sum : sum + count), 0);
  for (let last = await now(); ; ) {
    await pause(2_000);
    const next = await now();
    if (next === last) return next;
    last = next;
  }
}
