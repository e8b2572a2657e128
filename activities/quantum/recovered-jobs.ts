/** Do quantum jobs succeed again? Every breaker closed, every canary right, jobs of all solvers, and all of them let in. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { answered } from '../checking.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { RecoveredFacts } from '../facts.ts';
import { countJobs } from '../jobs.ts';
import { quantumOf } from '../platform.ts';
import { evidenceOf, type Part, part, together } from '../together.ts';
import { checkSolvers } from './solvers.ts';

const successRate = 0.95;

/** Where jobs are few, canaries decide. With `symptom` jobs may still be held by us. */
export async function jobsRecovered(deps: Deps, { symptom = false }: { symptom?: boolean }): Promise<Finding<RecoveredFacts>> {
  const [solvers, jobs, intake] = await Promise.all([
    answered(() => checkSolvers(deps)),
    allJobs(deps).catch(silent),
    symptom ? undefined : part(() => allLetIn(deps)),
  ]);
  const parts: Part[] = [solvers, jobs, ...(intake ? [intake] : [])];
  const facts = 'facts' in jobs ? jobs.facts : undefined;
  return { verdict: together(parts), evidence: evidenceOf(parts), ...(facts && { facts }) };
}

/** Too few are left out, as canaries on every solver were right or not. @throws SystemError */
async function allJobs(deps: Deps): Promise<Part<RecoveredFacts>> {
  const [dynex, classical] = await Promise.all([countJobs(deps, 'dynex'), countJobs(deps, 'classical')]);
  const jobs = dynex.jobs + classical.jobs;
  const succeeded = dynex.succeeded + classical.succeeded;
  const { recovery } = quantumOf(deps.platform);
  const text = `${succeeded} of ${jobs} jobs succeeded on all solvers`;
  if (jobs < recovery.jobs) return { leftOut: `${text}: fewer than ${recovery.jobs} are too few to judge by.` };
  const good = succeeded / jobs >= successRate;
  return { verdict: good ? 'healthy' : 'faulty', evidence: `${text}.`, facts: { jobs, successRate: succeeded / jobs } };
}

/** A system that does not answer leaves the question open. */
function silent(error: unknown): Part<RecoveredFacts> {
  if (!(error instanceof SystemError)) throw error;
  return { verdict: 'unknown', evidence: `${error.message}.` };
}

async function allLetIn({ systems: { api } }: Deps): Promise<Finding> {
  const percent = (await api?.intake())?.percent;
  if (percent === undefined) return { verdict: 'unknown', evidence: 'The intake is not known.' };
  return { verdict: percent === 100 ? 'healthy' : 'faulty', evidence: `The intake is ${percent}%.` };
}
