/** One small job with a known optimum. That a job was accepted proves nothing; where and how it ran does. */

import { randomUUID } from 'node:crypto';
import { type CanaryJob, canaryOptimum, type JobAnswer, type NqbaApi } from './connectors/api.ts';
import { quoted } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import { limits } from './limits.ts';
import type { Running } from './running.ts';

export interface CanaryResult {
  /** Solved rightly, by a solver that says so. */
  right: boolean;
  /** Absent when it did not run in time. */
  solver?: string;
  text: string;
}

/** @throws SystemError when the API does not answer. */
export async function runCanary(
  api: NqbaApi,
  job: Omit<CanaryJob, 'nonce'>,
  { now, sleep }: Pick<Deps, 'now' | 'sleep'>,
  { heartbeat, signal }: Pick<Running, 'heartbeat' | 'signal'>,
): Promise<CanaryResult> {
  const until = now() + limits.canary;
  const id = await api.submit({ ...job, nonce: randomUUID() });
  for (;;) {
    heartbeat();
    const answer = await api.job(id);
    if (['completed', 'failed', 'archived'].includes(answer.status)) return judge(answer);
    if (now() >= until) return { right: false, text: `The canary was ${quoted(answer.status)} after ${limits.canary / 1000} s.` };
    await sleep(limits.look / 4, signal);
  }
}

export function judge({ status, solver, result, energy, error }: JobAnswer): CanaryResult {
  const ran = solver === undefined ? {} : { solver };
  if (status !== 'completed' || solver === undefined)
    return { ...ran, right: false, text: `The canary failed: ${quoted(error ?? status)}.` };
  if (result === 'mock') return { solver, right: false, text: `${quoted(solver)} answered the canary with a mock.` };
  if (energy !== canaryOptimum)
    return {
      solver,
      right: false,
      text: `${quoted(solver)} missed the canary's optimum ${canaryOptimum}: ${energy ?? 'no energy'}.`,
    };
  return { solver, right: true, text: `${quoted(solver)} solved the canary.` };
}
