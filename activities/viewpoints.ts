/** One endpoint from two places: this process, and Prometheus' blackbox exporter. Each is believed once it has been healthy. */

import type { Finding } from '../workflows/contract/finding.ts';
import type { Verdict } from '../workflows/contract/vocabulary.ts';
import { answered } from './checking.ts';
import { SystemError } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import type { ProbeDynexFacts } from './facts.ts';
import { outsideProbe } from './queries.ts';
import { trusted } from './seen.ts';

export type Target = keyof typeof outsideProbe;

const names: Record<Target, string> = { dynex: 'Dynex', api: 'The NQBA API' };

/** Faulty where any viewpoint is, healthy where all that are connected are. */
export async function fromBothSides(deps: Deps, target: Target): Promise<Finding<ProbeDynexFacts>> {
  const [inside, outside] = await Promise.all([fromInside(deps, target), fromOutside(deps, target)]);
  const views = [inside, outside].filter(view => view !== undefined);
  const verdict = together(views.map(view => view.verdict));
  const evidence = [
    `From inside: ${inside?.evidence ?? 'not connected.'}`,
    `From outside: ${outside?.evidence ?? 'Prometheus is not connected.'}`,
  ];
  return {
    verdict,
    evidence: evidence.join(' '),
    facts: { inside: inside?.verdict ?? 'unknown', outside: outside?.verdict ?? 'unknown' },
  };
}

export function together(verdicts: Verdict[]): Verdict {
  if (verdicts.includes('faulty')) return 'faulty';
  return verdicts.length > 0 && verdicts.every(verdict => verdict === 'healthy') ? 'healthy' : 'unknown';
}

async function fromInside(deps: Deps, target: Target): Promise<Finding | undefined> {
  const system = deps.systems[target];
  if (!system?.address) return undefined;
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

async function fromOutside(deps: Deps, target: Target): Promise<Finding | undefined> {
  const { prometheus } = deps.systems;
  if (!prometheus) return undefined;
  const finding = await answered(async (): Promise<Finding> => {
    const [sample] = await prometheus.query(outsideProbe[target]);
    if (!sample) return { verdict: 'unknown', evidence: `Prometheus has no probe of it: ${outsideProbe[target]}.` };
    return sample.value > 0
      ? { verdict: 'healthy', evidence: 'the probe succeeds.' }
      : { verdict: 'faulty', evidence: 'the probe fails.' };
  });
  return trusted(deps, { check: `${target} from outside`, address: prometheus.address }, finding);
}
