/** One endpoint from two places: this process, and Prometheus' blackbox exporter. Each is believed once it has been healthy. */

import type { Finding } from '../workflows/contract/finding.ts';
import { notConnected, SystemError } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import type { ProbeDynexFacts } from './facts.ts';
import { promql } from './queries.ts';
import { type Looked, seenHealthy, trusted } from './seen.ts';
import { evidenceOf, type Part, part, together, verdictOf } from './together.ts';

export type Target = 'dynex' | 'api';
/** The systems that measure: nothing else looks at them from outside. */
export type Monitoring = 'prometheus' | 'grafana';

const names = { dynex: 'Dynex', api: 'The NQBA API', prometheus: 'Prometheus', grafana: 'Grafana' };
const variables = {
  dynex: 'DYNEX_API_URL',
  api: 'NQBA_API_URL',
  prometheus: 'PROMETHEUS_URL',
  grafana: 'GRAFANA_URL',
};

export interface Views {
  inside: Part;
  outside: Part;
}

/** Faulty where any viewpoint is, healthy where all that are connected are. */
export async function fromBothSides(deps: Deps, target: Target): Promise<Finding<ProbeDynexFacts>> {
  const { inside, outside } = await viewsOf(deps, target);
  return {
    verdict: together([inside, outside]),
    evidence: evidenceOf([inside, outside]),
    facts: { inside: verdictOf(inside) ?? 'unknown', outside: verdictOf(outside) ?? 'unknown' },
  };
}

export async function viewsOf(deps: Deps, target: Target): Promise<Views> {
  const [inside, outside] = await Promise.all([part(() => fromInside(deps, target)), part(() => fromOutside(deps, target))]);
  return { inside: seenFrom('inside', inside), outside: seenFrom('outside', outside) };
}

const seenFrom = (side: string, view: Part): Part =>
  'leftOut' in view ? view : { ...view, evidence: `From ${side}: ${view.evidence}` };

/** Believed once it has been healthy. @throws SystemError where it is not connected */
export async function fromInside(deps: Deps, target: Target | Monitoring): Promise<Finding> {
  const system = deps.systems[target];
  if (!system?.address) throw notConnected(names[target], variables[target]);
  const finding = await asked(() => system.health(), deps, names[target]);
  return trusted(deps, { check: `${target} from inside`, address: system.address }, finding);
}

async function asked(health: () => Promise<void>, { now }: Deps, name: string): Promise<Finding> {
  const began = now();
  try {
    await health();
    return { verdict: 'healthy', evidence: `${name} answered in ${now() - began} ms.` };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const verdict = error.fault === 'garbled' ? 'unknown' : 'faulty';
    return { verdict, evidence: `${layerOf(error)} ${error.message}.` };
  }
}

/** How far the call came before it failed. */
export function layerOf({ fault, status, cause }: Pick<SystemError, 'fault' | 'status' | 'cause'>): string {
  if (fault !== 'unreachable') return `HTTP ${status ?? ''} fails:`;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL'].includes(code)) return 'DNS fails:';
  if (/^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)|EPROTO/.test(code)) return 'TLS fails:';
  if (/^(ECONN|EHOST|ENET|ETIMEDOUT|UND_ERR_CONNECT)/.test(code)) return 'TCP fails:';
  return 'No answer:';
}

async function fromOutside(deps: Deps, target: Target): Promise<Finding> {
  const { prometheus } = deps.systems;
  if (!prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  const looked = { check: `${target} from outside`, address: prometheus.address };
  const [sample] = await prometheus.query(promql(deps.platform.queries, `${target} from outside`));
  if (!sample) return withoutProbe(deps, target, looked);
  const finding: Finding =
    sample.value > 0
      ? { verdict: 'healthy', evidence: 'the probe succeeds.' }
      : { verdict: 'faulty', evidence: 'the probe fails.' };
  return trusted(deps, looked, finding);
}

/** A series that never was is no probe; one that was and is gone is a probe that went blind. */
async function withoutProbe(
  { systems: { artifacts }, platform: { queries } }: Deps,
  target: Target,
  looked: Looked,
): Promise<Finding> {
  const text = `has no probe of ${names[target]}: ${promql(queries, `${target} from outside`)}`;
  const seen = await seenHealthy(artifacts, looked);
  if (seen === undefined) throw new SystemError({ system: 'Prometheus', fault: 'not connected', text });
  return { verdict: 'unknown', evidence: `Prometheus ${text}. It had one: last healthy ${seen.last}.` };
}
