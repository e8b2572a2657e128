/** Alerts that differ: how fast they are taken against one bare `signalWithStart` each, and whether all that were taken are there. */

import type { Row } from '../row.ts';
import { fingerprints, incidents } from './histories.ts';
import { deliver, firing, group, inParallel, post } from './senders.ts';
import { type Stage, taskQueue } from './stage.ts';

const alerts = 300;
const rounds = 3;
const width = 16;

const named = (round: string) =>
  Array.from({ length: alerts }, (_, index) => firing(`${round}-${index}`, { pod: `${round}-${index}` }));

export async function distinct(stage: Stage): Promise<Row[]> {
  const rates: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const bare = await seconds(() => bareSignals(stage, round));
    rates.push(bare / (await seconds(() => inParallel(named(`round${round}`), width, one => deliver(stage.url, group([one]))))));
  }
  const [, ...counted] = rates;
  const lost = await lostWhenKilled(stage);
  return [
    {
      what: 'Distinct alerts, against a bare signalWithStart each',
      value: middle(counted),
      goal: 0.75,
      bound: 'least',
      tolerance: 0.05,
    },
    { what: '… answered 2xx and not in Temporal after kill -9', value: lost, goal: 0, unit: 'things', promise: true },
  ];
}

/** As many at once as the intake is sent. */
const bareSignals = ({ temporal: { client } }: Stage, round: number) =>
  inParallel(named(`bare${round}`), width, alert =>
    client.workflow.signalWithStart('bare', {
      workflowId: `bare:${round}`,
      taskQueue,
      args: [{ version: 1, alert }],
      signal: 'alert',
      signalArgs: [alert],
    }),
  );

async function lostWhenKilled({ url, temporal: { client }, intake }: Stage): Promise<number> {
  const taken = new Set<string>();
  await inParallel(named('killed'), width, async (one, index) => {
    if (index === alerts / 5 || index === alerts / 2) process.kill(intake.pid, 'SIGKILL');
    if (await post(url, group([one]))) taken.add(one.fingerprint);
    else await deliver(url, group([firing('alive')]));
  });
  const held = await fingerprints(client, await incidents(client));
  return [...taken].filter(one => !held.has(one)).length;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}

const middle = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
