/** What lets the intake be held without approval: a canary that is wrong on Dynex, or more than four of five of its jobs failing. */

import type { Finding } from '../../../workflows/contract/finding.ts';
import { runCanary, verdictFor } from '../../canary.ts';
import { answered } from '../../checking.ts';
import { notConnected } from '../../connectors/system-error.ts';
import type { Deps } from '../../deps.ts';
import { countJobs } from '../../jobs.ts';
import { limits } from '../../limits.ts';
import { quantumOf } from '../../platform.ts';
import type { Running } from '../../running.ts';

const tooManyFail = 0.8;

/** Faulty where either is measured, unknown where neither could be. */
export async function symptomNow(deps: Deps, running: Running): Promise<Finding> {
  const found = await Promise.all([answered(() => canary(deps, running)), answered(() => failing(deps))]);
  const faulty = found.filter(({ verdict }) => verdict === 'faulty');
  const told = faulty.length > 0 ? faulty : found;
  const isKnown = found.some(({ verdict }) => verdict !== 'unknown');
  return {
    verdict: faulty.length > 0 ? 'faulty' : isKnown ? 'healthy' : 'unknown',
    evidence: told.map(({ evidence }) => evidence).join(' '),
  };
}

async function canary(deps: Deps, running: Running): Promise<Finding> {
  const { api } = deps.systems;
  if (!api) throw notConnected('The NQBA API', 'NQBA_API_URL');
  const { dynex } = quantumOf(deps.platform).solvers;
  const result = await runCanary(api, { solver: dynex }, deps, running, limits.checkedCanary);
  return { verdict: verdictFor(dynex, result), evidence: result.text };
}

async function failing(deps: Deps): Promise<Finding> {
  const { minJobs, solvers } = quantumOf(deps.platform);
  const { jobs, succeeded } = await countJobs(deps, 'dynex');
  const text = `${jobs - succeeded} of ${jobs} jobs failed on ${solvers.dynex}`;
  if (jobs < minJobs) return { verdict: 'unknown', evidence: `${text}: fewer than ${minJobs} are too few to judge by.` };
  return { verdict: (jobs - succeeded) / jobs > tooManyFail ? 'faulty' : 'healthy', evidence: `${text}.` };
}
