import type { Finding, Stage } from '../../contract/index.ts';
import type { Words } from '../../kit/index.ts';

const tenMinutes = { every: '1 minute', for: '10 minutes', atLeast: 5 } as const;

/** Jobs return to Dynex as the platform lets them; what was measured last, and whatever is not healthy has gone back. */
export async function gradualRollback({ check, step, watch }: Words, stages: Stage[] = []): Promise<Finding> {
  const canary = await check('Gradual Rollback: canary').quantum.canary({ solver: 'dynex' });
  if (canary.verdict === 'faulty') return canary;
  return stages.length > 0 ? inStages() : atOnce();

  /** A share that pods read while they run. */
  async function inStages() {
    let resumed: Finding = canary;
    for (const { percent, minutes } of stages) {
      await step(`Gradual Rollback: ${percent}%`).quantum.setShare({ percent });
      const jobs = { solver: 'dynex', successRate: 0.95, startedShare: percent / 100, orCanaries: true } as const;
      const held = { ...tenMinutes, for: `${minutes} minutes` } as const;
      resumed = await watch(`Verify Quantum Jobs Resume: ${percent}%`, held).quantum.jobs(jobs);
      if (resumed.verdict === 'healthy') continue;
      await step('Gradual Rollback: back to 0%').quantum.setShare({ percent: 0 });
      return resumed;
    }
    await step('Gradual Rollback: fallback off').quantum.setFallback({ enabled: false });
    return resumed;
  }

  /** A setting that pods read when they start: each stage would restart the workers, so there is one. */
  async function atOnce() {
    await step('Gradual Rollback: 100%').quantum.setFallback({ enabled: false });
    const jobs = { solver: 'dynex', successRate: 0.95, startedShare: 1 } as const;
    const resumed = await watch('Verify Quantum Jobs Resume', tenMinutes).quantum.jobs(jobs);
    if (resumed.verdict !== 'healthy') await step('Activate Circuit Breaker: relapse').quantum.setFallback({ enabled: true });
    return resumed;
  }
}
