/** The platform as its customers meet it, and whether an incident is over. */

import type { Finding } from '../workflows/contract/index.ts';
import { runCanary, verdictFor } from './canary.ts';
import { answered, checking } from './checking.ts';
import type { NqbaApi } from './connectors/api.ts';
import type { Deps } from './deps.ts';
import { checkKey } from './dynex-key.ts';
import type { RecoveredFacts } from './facts.ts';
import { countJobs, judgeJobs } from './jobs.ts';
import { limits } from './limits.ts';
import { quietly, runningOf } from './running.ts';
import { evidenceOf, part, together } from './together.ts';
import { fromBothSides, type Target, viewsOf } from './viewpoints.ts';

export const observeActivities = (deps: Deps) => ({
  /** Stricter than what opens an incident: enough jobs succeeded on Dynex, and probes and key are healthy where they are connected. */
  recovered: checking((_: { of: 'dynex-outage' }) => dynexRecovered(deps)),

  /** `curl -I`, from inside and from outside. Reads only. */
  probe: checking(({ url }: { url: Target }): Promise<Finding> => fromBothSides(deps, url)),
});

async function dynexRecovered(deps: Deps): Promise<Finding<RecoveredFacts>> {
  const [jobs, key, { inside, outside }] = await Promise.all([
    answered(() => jobsSucceed(deps)),
    part(() => checkKey(deps)),
    viewsOf(deps, 'dynex'),
  ]);
  const parts = [jobs, key, inside, outside];
  return { verdict: together(parts), evidence: evidenceOf(parts), facts: jobs.facts ?? {} };
}

/** By the jobs there are; with too few of them, by canaries. */
async function jobsSucceed(deps: Deps): Promise<Finding<RecoveredFacts>> {
  const { solvers, successRate, recovery } = deps.platform.quantum;
  const { api } = deps.systems;
  const rule = { solver: solvers.dynex, atLeast: recovery.jobs, successRate };
  const jobs = await answered(async () => judgeJobs(await countJobs(deps, 'dynex'), rule));
  if (jobs.verdict !== 'unknown') return jobs;
  if (api) return canariesSucceed(api, deps, jobs.evidence);
  return { ...jobs, evidence: `${jobs.evidence} No canary: the NQBA API is not connected, set NQBA_API_URL.` };
}

/** Side by side: a check has half a minute. */
async function canariesSucceed(api: NqbaApi, deps: Deps, why: string): Promise<Finding<RecoveredFacts>> {
  const { solvers, recovery } = deps.platform.quantum;
  const asked = Array.from({ length: recovery.canaries }, () =>
    runCanary(api, { solver: solvers.dynex }, deps, quietly(runningOf(deps)), limits.checkedCanary),
  );
  const canaries = await Promise.all(asked);
  const facts = { canaries: canaries.length };
  const other = canaries.find(canary => verdictFor(solvers.dynex, canary) !== 'healthy');
  if (other) return { verdict: verdictFor(solvers.dynex, other), evidence: `${other.text} ${why}`, facts };
  const evidence = `${canaries.length} of ${canaries.length} canaries succeeded on ${solvers.dynex}. ${why}`;
  return { verdict: 'healthy', evidence, facts };
}
