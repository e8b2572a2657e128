/** Does the platform serve again? Stricter than what opens the incident, and only with a view from outside. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { notConnected, SystemError } from '../connectors/system-error.ts';
import { answered } from '../checking.ts';
import type { Deps } from '../deps.ts';
import type { PlatformRecoveredFacts } from '../facts.ts';
import { checkPods } from '../kubernetes/pods.ts';
import { promql } from '../queries.ts';
import { evidenceOf, part, together } from '../together.ts';
import { viewsOf } from '../viewpoints.ts';
import { checkMetric, ofTheApi, valueOf, windowOf } from './metric.ts';

/** Fewest calls in the window. */
const calls = 100;
/** So few jobs may wait without the queue having to become shorter. */
const short = 20;

export async function platformRecovered(deps: Deps): Promise<Finding<PlatformRecoveredFacts>> {
  const [{ outside }, latency, errors, pods, queue, called] = await Promise.all([
    viewsOf(deps, 'api'),
    answered(() => checkMetric(deps, { metric: 'api latency p95', below: 2, calls })),
    answered(() => checkMetric(deps, { metric: 'api errors', below: 0.01, calls })),
    answered(() => checkPods(deps, {})),
    part(() => draining(deps)),
    callsOf(deps).catch(unlessUnanswered),
  ]);
  const seen = 'leftOut' in outside ? notSeen(outside.leftOut) : outside;
  const parts = [seen, pods, latency, errors, queue];
  const { ready, wanted } = pods.facts ?? {};
  const unhealthy = ready === undefined || wanted === undefined ? {} : { unhealthyPods: Math.max(0, wanted - ready) };
  return {
    verdict: together(parts),
    evidence: evidenceOf(parts),
    facts: { ...(called !== undefined && { calls: called }), ...unhealthy },
  };
}

/** Answers from inside say nothing of names, certificates and load balancers. */
const notSeen = (why: string): Finding => ({ verdict: 'unknown', evidence: `No viewpoint outside: ${why}` });

/** Gone where no queue is measured. */
async function draining(deps: Deps): Promise<Finding> {
  const { prometheus } = deps.systems;
  const { queries } = deps.platform;
  if (!prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  const window = await windowOf(deps);
  const [depth, growth] = await Promise.all([
    valueOf(prometheus, promql(queries, 'queue depth')),
    valueOf(prometheus, promql(queries, 'queue growth', { window })),
  ]);
  if (depth === undefined) throw new SystemError({ system: 'Prometheus', fault: 'not connected', text: 'has no queue depth' });
  const jobs = `${Math.round(depth)} jobs wait`;
  if (depth < short) return { verdict: 'healthy', evidence: `${jobs}, fewer than ${short}.` };
  if (growth === undefined) return { verdict: 'unknown', evidence: `${jobs}, and it is not known whether they become fewer.` };
  const more = Math.round(growth);
  if (more > 0) return { verdict: 'faulty', evidence: `${jobs}, ${more} more than before.` };
  return { verdict: 'healthy', evidence: `${jobs}, ${-more} fewer than before.` };
}

async function callsOf(deps: Deps): Promise<number | undefined> {
  const { prometheus } = deps.systems;
  return prometheus && valueOf(prometheus, ofTheApi(deps, 'api calls', await windowOf(deps)));
}

function unlessUnanswered(error: unknown): undefined {
  if (!(error instanceof SystemError)) throw error;
}
