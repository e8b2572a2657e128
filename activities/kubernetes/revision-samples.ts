/** How long each revision served well, as Prometheus recorded it over seven days: all pods that it wanted were ready. */

import type { Prometheus } from '../connectors/prometheus.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { type Queries, servedBySets } from '../queries.ts';
import type { Revision, Served } from './revisions.ts';

/** How far it looks back, and in what steps, milliseconds, before pace. */
const lookBack = { window: 604_800_000, step: 60_000 };

/** By the text of its revision; or why no one can say, in a sentence. */
export type Samples = { served: Map<string, Served> } | { none: string };

/** Nothing is asked where there are none. */
export async function samplesOf(deps: Deps, namespace: string, revisions: Revision[]): Promise<Samples> {
  const { prometheus } = deps.systems;
  if (revisions.length === 0) return { served: new Map() };
  if (!prometheus) return { none: 'Prometheus is not connected, so it is not known which one served well.' };
  const { pace } = deps.platform.times;
  const span = { window: lookBack.window * pace, step: Math.ceil((lookBack.step * pace) / 1_000) * 1_000 };
  try {
    const served = await servedBy(prometheus, deps.platform.queries, { namespace, ...span }, revisions);
    if (served.size > 0) return { served };
    return { none: 'Prometheus has no samples of their ready pods, so it is not known which one served well.' };
  } catch (error) {
    if (error instanceof SystemError) return { none: `It is not known which one served well: ${error.message}.` };
    throw error;
  }
}

async function servedBy(
  prometheus: Prometheus,
  own: Queries,
  span: { namespace: string; window: number; step: number },
  revisions: Revision[],
): Promise<Map<string, Served>> {
  const queries = servedBySets(own, { ...span, names: revisions.flatMap(({ sets }) => sets) });
  const [steps, first, last] = await Promise.all(
    [queries.steps, queries.first, queries.last].map(async query => bySet(await prometheus.query(query))),
  );
  const known = revisions.flatMap(({ text, sets }): [string, Served][] => {
    const of = (values: Map<string, number> | undefined) => sets.flatMap(set => values?.get(set) ?? []);
    const counts = of(steps);
    if (counts.length === 0) return [];
    const ms = counts.reduce((sum, count) => sum + count, 0) * span.step;
    if (ms === 0) return [[text, { ms, from: 0, to: 0 }]];
    const [from, to] = [Math.min(...of(first)) * 1_000, Math.max(...of(last)) * 1_000];
    // While a restart rolls out, two sets of one revision serve at once.
    return [[text, { ms: Math.min(ms, to - from + span.step), from, to }]];
  });
  return new Map(known);
}

const bySet = (samples: { labels: Record<string, string>; value: number }[]) =>
  new Map(samples.map(({ labels, value }) => [labels['replicaset'] ?? '', value]));
