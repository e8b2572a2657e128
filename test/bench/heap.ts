/** What open incidents keep, each kind in a process of its own: what one leaves behind would count for the other. */

import { execFileSync } from 'node:child_process';
import { z } from 'zod';
import type { Row } from './row.ts';

const measured = z.object({ each: z.number(), process: z.number() });
const script = new URL('memory.ts', import.meta.url).pathname;

/** @param bundles files with the code of ours, and of theirs */
export function memory(bundles: { kit: string; bare: string }): Row[] {
  const [mine, theirs] = [measure(bundles.kit), measure(bundles.bare)];
  return [
    { what: 'Heap that each of 300 open incidents adds', value: mine.each / theirs.each, goal: 1.15, tolerance: 0.05 },
    { what: 'A whole process with 300 open incidents', value: mine.process / theirs.process },
  ];
}

const measure = (bundle: string) =>
  measured.parse(JSON.parse(execFileSync(process.execPath, ['--expose-gc', script, bundle], { encoding: 'utf8' })));
