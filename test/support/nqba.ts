/** The platform that is shipped as an example, whose workloads and sections tests name. */

import assert from 'node:assert/strict';
import { type Platform, readPlatform } from '../../activities/platform.ts';
import type { Quantum } from '../../activities/platform/quantum.ts';

type Named = Record<'api' | 'worker' | 'batch', Platform['workloads'][string]>;
export type Nqba = Platform & { quantum: Quantum; workloads: Named };

function isNqba(platform: Platform): asserts platform is Nqba {
  assert.ok(platform.quantum);
  for (const name of ['api', 'worker', 'batch']) assert.ok(platform.workloads[name], name);
}

export async function nqba(): Promise<Nqba> {
  const platform = await readPlatform('platform.json');
  isNqba(platform);
  return platform;
}
