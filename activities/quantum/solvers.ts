/** Do the solvers solve? The hub's word in every pod, and a canary on each solver: the hub's own health check always says so. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { runCanary, verdictFor } from '../canary.ts';
import { answered } from '../checking.ts';
import { notConnected, SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { SolversFacts } from '../facts.ts';
import { countJobs, judgeJobs, type Solver } from '../jobs.ts';
import { limits } from '../limits.ts';
import { quantumOf } from '../platform.ts';
import { quietly, runningOf } from '../running.ts';
import { evidenceOf, type Part, part, together, verdictOf } from '../together.ts';
import { codeFault } from './error-kind.ts';
import { type HubOfPod, hubOfEachPod } from './hub.ts';

/** @throws SystemError */
export async function checkSolvers(deps: Deps): Promise<Finding<SolversFacts>> {
  if (!deps.systems.api) return byJobs(deps);
  const [hubs, intake, ...canaries] = await Promise.all([
    part(async () => judgeHubs(await hubOfEachPod(deps))),
    intakeNow(deps),
    ...solvers.map(solver => answered(() => canaryOn(deps, solver))),
  ]);
  const wrong = canaries.flatMap(({ verdict, facts }) => (verdict === 'faulty' && facts?.solver ? [facts.solver] : []));
  const isCode = canaries.some(({ verdict, evidence }) => verdict === 'faulty' && codeFault.test(evidence));
  const parts = [hubs, ...canaries];
  const evidence = [
    evidenceOf(faultyFirst(parts)),
    isCode && fixedByARelease,
    intake !== undefined && intake < 100 && `The intake is ${intake}%.`,
  ];
  const facts: Partial<SolversFacts> = { open: 'facts' in hubs ? (hubs.facts?.open ?? []) : [], wrong, codeFault: isCode };
  if (intake !== undefined) facts.intake = intake;
  return { verdict: together(parts), evidence: evidence.filter(Boolean).join(' '), facts };
}

const solvers = ['dynex', 'classical'] as const;

/** Without the API no canary runs: how jobs went on each solver. One without jobs is not known to solve. */
async function byJobs(deps: Deps): Promise<Finding<SolversFacts>> {
  const { solvers: labels, minJobs: atLeast, successRate } = quantumOf(deps.platform);
  const judged = solvers.map(solver =>
    answered(async () => judgeJobs(await countJobs(deps, solver), { solver: labels[solver], atLeast, successRate })),
  );
  const parts: Part[] = await Promise.all(judged);
  const { message } = notConnected('The NQBA API', 'NQBA_API_URL');
  const evidence = `By jobs alone: ${evidenceOf(faultyFirst(parts))} Not checked: breakers and canaries. ${message}.`;
  return { verdict: together(parts), evidence };
}

/** Texts are cut where there is little room: the fault must be in what remains. */
const faultyFirst = (parts: Part[]) =>
  ['faulty', 'unknown', 'healthy', undefined].flatMap(verdict => parts.filter(part => verdictOf(part) === verdict));

const fixedByARelease = 'This is a fault of the code, which a restart does not repair.';

/** Pods that do not answer are unknown; one that differs from the others is named. */
export function judgeHubs(hubs: HubOfPod[]): Finding<Pick<SolversFacts, 'open'>> {
  const seen = hubs.flatMap(({ pod, hub }) => (hub ? [{ pod, hub }] : []));
  const silent = hubs.filter(({ hub }) => hub === undefined);
  const open = seen.filter(({ hub }) => hub.breaker !== 'CLOSED');
  const says = [
    seen.length > 0 &&
      `The breaker is ${open.length === 0 ? 'CLOSED' : 'not closed'} in ${open.length || seen.length} of ${hubs.length}${naming(seen)}.`,
    ...open.map(({ pod, hub }) => `${pod}: ${hub.breaker}${unavailable(hub.solvers)}.`),
    ...silent.map(({ pod, fault }) => `${pod} does not answer: ${fault}.`),
    hubs.length === 0 && 'No pod of the API runs.',
  ];
  const isKnown = silent.length === 0 && hubs.length > 0;
  return {
    verdict: open.length > 0 ? 'faulty' : isKnown ? 'healthy' : 'unknown',
    evidence: says.filter(Boolean).join(' '),
    facts: { open: open.map(({ pod }) => pod) },
  };
}

/** Where the Service was asked, one pod has answered for all. */
const naming = (seen: { pod: string }[]) => {
  const [only] = seen;
  return only && seen.length === 1 ? ` (${only.pod})` : ' pods';
};

function unavailable(solvers: { name: string; available: boolean }[]): string {
  const names = solvers.filter(({ available }) => !available).map(({ name }) => name);
  return names.length > 0 ? `, without ${names.join(', ')}` : '';
}

async function canaryOn(deps: Deps, solver: Solver): Promise<Finding<{ solver: Solver }>> {
  const { api } = deps.systems;
  if (!api) throw notConnected('The NQBA API', 'NQBA_API_URL');
  const label = quantumOf(deps.platform).solvers[solver];
  const result = await runCanary(api, { solver: label }, deps, quietly(runningOf(deps)), limits.checkedCanary);
  return { verdict: verdictFor(label, result), evidence: `Canary on ${label}: ${result.text}`, facts: { solver } };
}

/** Nothing where the platform does not say. */
async function intakeNow({ systems: { api } }: Deps): Promise<number | undefined> {
  try {
    return (await api?.intake())?.percent;
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return undefined;
  }
}
