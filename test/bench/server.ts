/** The same incidents on a real Temporal server, as our kit and as the workflow by hand: CPU of server and worker together. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary } from '../../lab/binaries.ts';
import { freePorts } from '../../lab/ports.ts';
import { startTemporal } from '../../lab/temporal/dev-server.ts';
import type { Row } from './row.ts';
import { Side } from './side.ts';

const rounds = 5;

/** @param bundles files with the code of ours, and of theirs */
export async function onAServer(bundles: { kit: string; bare: string }, say: (line: string) => void): Promise<Row[]> {
  const dir = mkdtempSync(join(tmpdir(), 'nqba-bench-'));
  const started: { stop(): Promise<void> }[] = [];
  const keep = async <T extends { stop(): Promise<void> }>(starting: Promise<T>) => {
    const one = await starting;
    started.unshift(one);
    return one;
  };
  try {
    const [grpc = 0, http = 0, ui = 0] = await freePorts(3);
    const path = await binary('temporal', { say });
    const temporal = await keep(startTemporal({ dir, ports: { grpc, http, ui }, binary: path, say }));
    const kit = await keep(Side.start('kit', bundles.kit, dir, temporal));
    const bare = await keep(Side.start('bare', bundles.bare, dir, temporal));
    return [
      { what: 'CPU of server and worker, the same activities', value: await compared(kit, bare), goal: 1.05, tolerance: 0.05 },
    ];
  } finally {
    for (const one of started) await one.stop();
    rmSync(dir, { recursive: true });
  }
}

/** In turn, after one round each that only warms up; of each its middle round counts. */
async function compared(kit: Side, bare: Side): Promise<number> {
  const taken: [number, number][] = [];
  for (let round = 0; round <= rounds; round += 1) taken.push([await kit.cpuOfARound(), await bare.cpuOfARound()]);
  const [, ...counted] = taken;
  return middle(counted.map(([mine]) => mine)) / middle(counted.map(([, theirs]) => theirs));
}

const middle = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
