import type { Finding } from '../../contract/index.ts';
import type { Words } from '../../kit/index.ts';

const twice = { every: '1 minute', for: '1 minute', atLeast: 2 } as const;
const tenMinutes = { every: '1 minute', for: '10 minutes', atLeast: 5 } as const;
const held = { every: '1 minute', for: '15 minutes', atLeast: 8 } as const;
const mostSucceed = { solver: 'dynex', successRate: 0.9, orCanaries: true } as const;
const stages = [10, 25, 50, 100];

/** Held jobs are let in stage by stage, only where they are held; then the fallback of this incident ends. What was measured last. */
export async function gradualResumption({ step, watch }: Words, isOnFallback: boolean): Promise<Finding> {
  const canaries = await watch('Verify Job Processing', twice).quantum.solvers({});
  if (canaries.verdict !== 'healthy') return canaries;
  const intake = canaries.facts?.intake ?? 100;
  let former = intake;
  for (const percent of stages.filter(percent => percent > intake)) {
    await step(`Resume Job Processing: ${percent}%`, { approver: 'quantum' }).quantum.setIntake({ percent, raise: true });
    const jobs = await watch(`Monitor Success Rates: ${percent}%`, tenMinutes).quantum.jobs(mostSucceed);
    if (jobs.verdict === 'healthy') {
      former = percent;
      continue;
    }
    await step(`Resume Job Processing: back to ${former}%`, { approver: 'quantum' }).quantum.setIntake({ percent: former });
    return jobs;
  }
  if (isOnFallback)
    await step('Resume Job Processing: fallback off', { approver: 'quantum' }).quantum.setFallback({ enabled: false });
  return watch('Monitor Success Rates', held).observe.recovered({ of: 'quantum-job-failures' });
}
