/** How soon something happens: from the webhook to the first activity and the page, and from a decision to the write. */

import assert from 'node:assert/strict';
import { eventually } from '../../support/eventually.ts';
import { aStart, anAlert } from '../../support/rehearsing.ts';
import { theCause, theWayBack } from '../outage.ts';
import type { Row } from '../row.ts';
import { type Scheduled, scheduled } from './histories.ts';
import { deliver, firing, group } from './senders.ts';
import { cluster, pace, type Stage, startWorker, taskQueue } from './stage.ts';

const samples = 40;
const incident = `incident:dynex-outage:${cluster}`;

interface Sample {
  /** Milliseconds. */
  kit: number;
  bare: number;
  page: number;
  write: number;
}

/** @param bundles files with the code of ours, and of the same by hand */
export async function latency(stage: Stage, bundles: { kit: string; bare: string }, say: (line: string) => void): Promise<Row[]> {
  const { dir, temporal } = stage;
  const workers = [
    await startWorker(dir, bundles.kit, temporal.address, taskQueue, say),
    await startWorker(dir, bundles.bare, temporal.address, 'bare', say),
  ];
  const taken: Sample[] = [];
  for (let sample = 0; sample <= samples; sample += 1)
    taken.push({ bare: await bareStart(stage, sample), ...(await ofOurs(stage, sample)) });
  for (const worker of workers) await worker.stop();
  const [, ...counted] = taken;
  const of = (what: keyof Sample, part: number) =>
    quantile(
      counted.map(one => one[what]),
      part,
    );
  return [
    {
      what: 'Webhook to first activity, p50, against a bare start',
      value: of('kit', 0.5) / of('bare', 0.5),
      goal: 1.1,
      tolerance: 0.05,
    },
    { what: 'Webhook to page, p99', value: of('page', 0.99) / 1_000, goal: 2, unit: 'seconds' },
    { what: 'Decision to first write, p99', value: of('write', 0.99) / 1_000, goal: 1, unit: 'seconds' },
  ];
}

async function bareStart({ temporal: { client } }: Stage, sample: number): Promise<number> {
  const [workflowId, alert] = [`bare-start:${sample}`, anAlert({ startsAt: new Date().toISOString() })];
  const at = now();
  await client.workflow.signalWithStart('dynexOutage', {
    workflowId,
    taskQueue: 'bare',
    args: [aStart(alert, pace)],
    signal: 'alert',
    signalArgs: [alert],
  });
  const [first] = await until({ client, workflowId }, 'announce');
  await client.workflow.getHandle(workflowId).terminate();
  return (first?.at ?? 0) - at;
}

async function ofOurs({ url, temporal: { client } }: Stage, sample: number): Promise<Omit<Sample, 'bare'>> {
  const handle = client.workflow.getHandle(incident);
  const at = now();
  await deliver(url, group([firing(`sample-${sample}`)]));
  const done = await until({ client, workflowId: incident }, 'announce');
  await handle.signal('decide', theCause);
  const asked = await until({ client, workflowId: incident }, 'announce', 2);
  const decided = now();
  await handle.signal('decide', theWayBack);
  const written = await until({ client, workflowId: incident }, 'setFallback', count(asked, 'setFallback') + 1);
  await handle.terminate();
  const write = written.findLast(({ type }) => type === 'setFallback');
  const page = done.find(({ type }) => type === 'page');
  return { kit: (done[0]?.at ?? 0) - at, page: (page?.at ?? 0) - at, write: (write?.at ?? 0) - decided };
}

/** Waits for so many activities of a type. */
const until = ({ client, workflowId }: { client: Stage['temporal']['client']; workflowId: string }, type: string, times = 1) =>
  eventually(async () => {
    const all = await scheduled(client, workflowId);
    assert.ok(count(all, type) >= times, `${workflowId}: ${type}`);
    return all;
  });

const count = (all: Scheduled[], type: string) => all.filter(one => one.type === type).length;

const now = () => performance.timeOrigin + performance.now();

const quantile = (numbers: number[], part: number) =>
  numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * part))] ?? 0;
