import type { FailuresFacts, ProbeDynexFacts, SolversFacts, UsageFacts } from '../../../activities/index.ts';
import type { Finding } from '../../contract/index.ts';
import { type Diagnosis, noneSupported } from '../../kit/index.ts';

export interface JobFindings {
  /** By their reasons. */
  patterns: Finding<FailuresFacts>;
  solvers: Finding<SolversFacts>;
  dynex: Finding<ProbeDynexFacts>;
  /** By their shape. */
  parameters: Finding<FailuresFacts>;
  usage: Finding<UsageFacts>;
  quota: Finding<UsageFacts>;
}

export type JobFailureCause = 'Solver Issue' | 'Resource Issue' | 'Parameter Issue';

type Proposal = Diagnosis<JobFailureCause> | undefined;

export const theirs =
  'Dynex itself fails from inside and from outside: this belongs to Dynex Outage. Join it with `runbooks open dynex-outage`; ' +
  'the fallback that it sets is the one that is proposed here, and the last of both incidents lets it go.';

/** Proposes a written cause from what was found: the first that fits. An unknown finding never supports one. */
export function jobFailureCause(found: JobFindings): Diagnosis<JobFailureCause> {
  return dynexOutage(found) ?? parameter(found) ?? resource(found) ?? solver(found) ?? noneSupported;
}

export const dynexFails = ({ dynex: { facts } }: Pick<JobFindings, 'dynex'>) =>
  facts?.inside === 'faulty' && facts.outside === 'faulty';

/** The branch of a faulty solver sets the same fallback as Dynex Outage. */
const dynexOutage = (found: JobFindings): Proposal =>
  dynexFails(found) ? { proposed: 'Solver Issue', why: theirs, ruledOut: [] } : undefined;

function parameter({ parameters }: JobFindings): Proposal {
  if (parameters.verdict !== 'faulty') return undefined;
  const ruledOut = parameters.facts?.othersSucceed ? ['Ruled out the solver: other jobs succeed on it.'] : [];
  return { proposed: 'Parameter Issue', why: parameters.evidence, ruledOut };
}

const ofResources: FailuresFacts['error'][] = ['timeout', 'memory', 'limit'];
const most = 0.5;

/** Jobs that ran out of something, and something that is used up; a limit that was answered is one by itself. */
function resource({ patterns: { facts, evidence, verdict }, usage, quota, parameters }: JobFindings): Proposal {
  const { error, errorShare = 0 } = facts ?? {};
  if (verdict !== 'faulty' || error === undefined || !ofResources.includes(error) || errorShare <= most) return undefined;
  const used = [usage, quota].filter(one => one.verdict === 'faulty').map(one => one.evidence);
  if (used.length === 0 && error !== 'limit') return undefined;
  return { proposed: 'Resource Issue', why: [...used, evidence].join(' '), ruledOut: noShape(parameters) };
}

const nearlyAll = 0.8;

function solver({ patterns, solvers, usage, quota, parameters }: JobFindings): Proposal {
  const { solver: name, solverShare = 0 } = patterns.facts ?? {};
  const isOne = patterns.verdict === 'faulty' && solverShare > nearlyAll;
  if (solvers.verdict !== 'faulty' && !isOne) return undefined;
  const one = isOne ? [`${Math.round(solverShare * 100)}% of the failed jobs ran on ${name}.`] : [];
  const faulty = solvers.verdict === 'faulty' ? [solvers.evidence] : [];
  const isFree = usage.verdict === 'healthy' && quota.verdict === 'healthy';
  const ruledOut = [
    ...noShape(parameters),
    ...(isFree ? ['Ruled out resources: neither pods nor quotas are near their limits.'] : []),
  ];
  return { proposed: 'Solver Issue', why: [...faulty, ...one].join(' '), ruledOut };
}

const noShape = ({ verdict }: Finding) =>
  verdict === 'healthy' ? ['Ruled out parameters: failed jobs share no shape that others do not have.'] : [];

/** The hub whose breaker is open is in the API; else the worker runs the solver. */
export const workloadAtFault = (facts: Partial<SolversFacts> | undefined) =>
  (facts?.open ?? []).length > 0 ? ('api' as const) : ('worker' as const);

/** The rate that succeeds, in steps of five; half where it is not known. */
export function letIn(facts: Partial<FailuresFacts> | undefined): number {
  const { failed, finished = 0 } = facts ?? {};
  if (failed === undefined || finished === 0) return 50;
  return Math.max(5, Math.floor((100 * (finished - failed)) / finished / 5) * 5);
}
