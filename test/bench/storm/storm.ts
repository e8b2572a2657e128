/** `npm run bench -- storm`: alerts by the thousand, with kills and outages in between, on a real Temporal server. */

import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Row } from '../row.ts';
import { distinct } from './distinct.ts';
import { latency } from './latency.ts';
import { many, trials } from './many.ts';
import { repeats } from './repeats.ts';
import { startStage } from './stage.ts';
import { writeTrials } from './trials.ts';
import { withoutTemporal } from './without-temporal.ts';

/** @param bundles files with the code of our workflows, and of the same by hand */
export async function storm(bundles: { kit: string; bare: string }, say: (line: string) => void): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'nqba-trials-'));
  writeTrials(folder, trials);
  const stage = await startStage(say, folder);
  const rows: Row[] = [];
  const measures: [string, () => Promise<Row[]>][] = [
    ['one group, ten thousand times', () => repeats(stage, bundles.kit, say)],
    ['latency', () => latency(stage, bundles, say)],
    ['distinct alerts', () => distinct(stage)],
    ['five hundred incidents', () => many(stage)],
    ['two minutes without Temporal', () => withoutTemporal(stage, say)],
  ];
  try {
    for (const [what, measure] of measures) {
      say(`… ${what}`);
      rows.push(...(await measure()));
    }
  } finally {
    await stage.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}
