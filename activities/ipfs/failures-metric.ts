/** How many pins fail, by the metric of the platform: nothing is judged by fewer than twenty. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';
import { notConnected } from '../connectors/system-error.ts';
import { valueOf } from '../observe/metric.ts';
import { promql } from '../queries.ts';

const window = 1_800_000;
export const fewestPins = 20;

interface PinFailuresFacts {
  pins: number;
}

/** Faulty where this part of them or more failed in half an hour; unknown with its count where they are few. @throws SystemError */
export async function pinFailures({ systems, platform }: Deps, most: number): Promise<Finding<PinFailuresFacts>> {
  const { prometheus } = systems;
  if (!prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  const asked = { window: window * platform.times.pace };
  const [pins, share] = await Promise.all([
    valueOf(prometheus, promql(platform.queries, 'pins', asked)),
    valueOf(prometheus, promql(platform.queries, 'pins failed', asked)),
  ]);
  const count = Math.round(pins ?? 0);
  const facts = { pins: count };
  if (pins === undefined) return { verdict: 'unknown', evidence: 'Prometheus counts no pins (nqba_ipfs_pins_total).', facts };
  if (count < fewestPins || share === undefined)
    return { verdict: 'unknown', evidence: `${count} pins in half an hour are too few to judge by.`, facts };
  const evidence = `${Number((share * 100).toPrecision(3))}% of ${count} pins in half an hour failed.`;
  return { verdict: share >= most ? 'faulty' : 'healthy', evidence, facts };
}
