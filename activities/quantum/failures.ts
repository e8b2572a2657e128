/** Failed jobs against all others, by the records of the hub since an hour before; and the waiting jobs that are like them. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Verdict } from '../../workflows/contract/vocabulary.ts';
import type { JobRecord } from '../connectors/hub.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { FailuresFacts } from '../facts.ts';
import { countJobs } from '../jobs.ts';
import { quantumOf } from '../platform.ts';
import { breaksARule, factsOf, hasIt, isFailed, type Leading, leadingOf, lifts, topErrors } from './common.ts';
import { ofResources } from './error-kind.ts';
import { jobRecords } from './job-records.ts';

export interface FailuresAsked {
  /** RFC 3339: the records begin an hour before; now where it is absent. */
  before?: string;
  by: 'reason' | 'parameters';
  /** Which of the waiting jobs have what failed ones have in common. */
  waiting?: true;
}

const anHour = 3_600_000;
/** Fewer failed jobs have nothing in common that means anything; so many finished ones show that few fail. */
const fewestFailed = 5;
const fewestFinished = 20;
const usual = 0.05;

/** @throws SystemError, also where the platform does not offer records */
export async function checkFailures(deps: Deps, { before, by, waiting }: FailuresAsked): Promise<Finding<FailuresFacts>> {
  if (!deps.systems.api) return byMetrics(deps, by === 'reason' && !waiting);
  const since = (before === undefined ? deps.now() : Date.parse(before)) - anHour;
  const { jobs, isAll } = await jobRecords(deps, { since });
  const finished = jobs.filter(({ status }) => status === 'failed' || status === 'completed');
  const found = waiting ? judgeWaiting(jobs, finished) : judgeFailures(finished, by);
  const cut = isAll ? '' : ` There are more: these are the newest ${jobs.length}.`;
  return { ...found, evidence: `${found.evidence}${cut}` };
}

/** Without the API there are no records: how many jobs failed, and on which solver, of the last minutes. */
async function byMetrics(deps: Deps, isAsked: boolean): Promise<Finding<FailuresFacts>> {
  const { solvers } = quantumOf(deps.platform);
  const counted = await Promise.all([countJobs(deps, 'dynex'), countJobs(deps, 'classical')]);
  const [dynex, classical] = counted.map(({ jobs, succeeded }) => jobs - succeeded);
  const [failed, finished] = [(dynex ?? 0) + (classical ?? 0), counted.reduce((sum, { jobs }) => sum + jobs, 0)];
  const most = Math.max(dynex ?? 0, classical ?? 0);
  const facts: Partial<FailuresFacts> = { failed, finished };
  if (failed > 0)
    Object.assign(facts, { solver: most === dynex ? solvers.dynex : solvers.classical, solverShare: most / failed });
  const on = failed > 0 ? `, ${percent(most / failed)} of them on ${facts.solver}` : '';
  const { message } = notConnected('The NQBA API', 'NQBA_API_URL');
  const evidence = `By metrics alone: ${failed} of ${finished} finished jobs failed${on}. Not checked: their errors and parameters. ${message}.`;
  return { verdict: isAsked ? verdictOf(failed, finished) : 'unknown', evidence, facts };
}

function verdictOf(failed: number, finished: number): Verdict {
  if (failed >= fewestFailed) return failed / finished >= usual ? 'faulty' : 'healthy';
  return finished >= fewestFinished && failed / finished < usual ? 'healthy' : 'unknown';
}

export function judgeFailures(finished: JobRecord[], by: FailuresAsked['by']): Finding<FailuresFacts> {
  const facts = factsOf(finished);
  const { failed } = facts;
  const ratio = `${failed} of ${finished.length} finished jobs failed`;
  if (failed < fewestFailed) {
    const isWell = finished.length >= fewestFinished && failed / finished.length < usual;
    const few = isWell ? '' : `: fewer than ${fewestFailed} are too few to compare`;
    return { verdict: isWell ? 'healthy' : 'unknown', evidence: `${ratio}${few}.`, facts };
  }
  const table = `${ratio}: ${topErrors(finished.filter(isFailed))}. ${lifts(finished).map(textOf).join('; ')}.`;
  const { isFaulty, says } = by === 'reason' ? byReason(facts) : byParameters(facts);
  return { verdict: isFaulty ? 'faulty' : 'healthy', evidence: `${table}${says}`, facts };
}

interface Judged {
  isFaulty: boolean;
  says: string;
}

function byReason({ failed, finished, error, errorShare }: FailuresFacts): Judged {
  const isTold = error === 'code' || ofResources.includes(error);
  const says = isTold ? ` Most are of the kind ${error} (${percent(errorShare)}).` : '';
  return { isFaulty: failed / finished >= usual, says };
}

/** Most failed jobs break a rule, or share a shape while others succeed on the same solver. */
function byParameters({ leading, ruleShare, othersSucceed }: FailuresFacts): Judged {
  const isShape = leading !== null && leading.factor !== 'solver' && othersSucceed;
  const says = ruleShare > 0 ? ` ${percent(ruleShare)} break a rule (at most 1000 variables, a limit of 1 to 3600 s).` : '';
  return { isFaulty: isShape || ruleShare > 0.5, says };
}

/** `operation routing: 80% of the failed, 2.4 times as often as of all`. */
const textOf = ({ factor, value, share, lift }: Leading) =>
  `${factor} ${value}: ${percent(share)} of the failed, ${Number(lift.toPrecision(2))} times as often as of all`;

const percent = (share: number) => `${Math.round(share * 100)}%`;

function judgeWaiting(jobs: JobRecord[], finished: JobRecord[]): Finding<FailuresFacts> {
  const waiting = jobs.filter(({ status }) => status === 'queued');
  const leading = leadingOf(finished);
  const likely = waiting.filter(job => breaksARule(job) || (leading !== null && hasIt(job, leading)));
  const facts = factsOf(finished);
  const like = leading ? ` (${leading.factor} ${leading.value}, or a broken rule)` : ' (a broken rule)';
  const told = `${likely.length} of ${waiting.length} waiting jobs are as those that failed${like}`;
  if (likely.length === 0) return { verdict: 'healthy', evidence: `${told}.`, facts };
  const some = likely.slice(0, 5).map(({ job_id: id, customer }) => `${id}${customer ? ` of ${customer}` : ''}`);
  return { verdict: 'faulty', evidence: `${told}: ${some.join(', ')}${likely.length > 5 ? ', …' : ''}.`, facts };
}
