/** One small job with a known optimum. That a job was accepted proves nothing; where and how it ran does. */

import { randomUUID } from 'node:crypto';
import { type CanaryJob, canaryOptimum, type JobAnswer, type NqbaApi } from './connectors/api.ts';
import { quoted } from './connectors/system-error.ts';
import type { Verdict } from '../workflows/contract/vocabulary.ts';
import type { Deps } from './deps.ts';
import { limits } from './limits.ts';
import type { Running } from './running.ts';

export interface CanaryResult {
  /** Healthy when solved rightly by a solver that says which it is; unknown when it has not ended in time. */
  verdict: Verdict;
  /** Absent when it did not run in time. */
  solver?: string;
  text: string;
}

/** @param within milliseconds to wait for its result. @throws SystemError when the API does not answer. */
export async function runCanary(
  api: NqbaApi,
  job: Omit<CanaryJob, 'nonce'>,
  { now, sleep }: Pick<Deps, 'now' | 'sleep'>,
  { heartbeat, signal }: Pick<Running, 'heartbeat' | 'signal'>,
  within: number = limits.canary,
): Promise<CanaryResult> {
  const until = now() + within;
  const id = await api.submit({ ...job, nonce: randomUUID() });
  for (;;) {
    heartbeat();
    const answer = await api.job(id);
    if (['completed', 'failed', 'archived'].includes(answer.status)) return judge(answer);
    if (now() >= until) return { verdict: 'unknown', text: `The canary was ${quoted(answer.status)} after ${within / 1000} s.` };
    await sleep(limits.look / 4, signal);
  }
}

export function judge({ status, solver, result, energy, error }: JobAnswer): CanaryResult {
  const ran = solver === undefined ? {} : { solver };
  if (status !== 'completed' || solver === undefined)
    return { ...ran, verdict: 'faulty', text: `The canary failed: ${quoted(error ?? status)}.` };
  if (result === 'mock')
    return { solver, verdict: 'faulty', text: `${quoted(solver)} says success, the answer is a mock: counted as failure.` };
  if (energy !== canaryOptimum)
    return {
      solver,
      verdict: 'faulty',
      text: `${quoted(solver)} missed the canary's optimum ${canaryOptimum}: ${energy ?? 'no energy'}.`,
    };
  return { solver, verdict: 'healthy', text: `${quoted(solver)} solved the canary.` };
}

/** A right answer of another solver is not the one asked for. */
export const verdictFor = (solver: string, { verdict, solver: ran }: CanaryResult): Verdict =>
  verdict === 'healthy' && ran !== solver ? 'faulty' : verdict;
