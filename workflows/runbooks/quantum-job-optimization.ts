import { fieldsOf, operation } from '../kit/index.ts';

const requests = { cpu: '2', memory: '4Gi' } as const;
const limits = { cpu: '4', memory: '8Gi' } as const;
const quarterOfAnHour = { every: '1 minute', for: '15 minutes', atLeast: 12 } as const;
const halfAnHour = { every: '2 minutes', for: '30 minutes', atLeast: 12 } as const;
const jobs = { solver: 'dynex', successRate: 0.95 } as const;

/** Quantum jobs are slow: resources of the workers, then batches and time limits, each measured before and after. */
export const quantumJobOptimization = operation(
  'Quantum Job Optimization',
  fieldsOf['quantum-job-optimization'],
  async ({ step, check, watch, task }, { batch, timeout }) => {
    await check('Monitor quantum job performance').quantum.jobs(jobs);

    await step('Adjust quantum worker resources', { approver: 'infrastructure' }).kubernetes.setResources({
      workload: 'worker',
      requests,
      limits,
    });
    const fits = await watch('Adjust quantum worker resources: pods stay ready', quarterOfAnHour).kubernetes.pods({
      workloads: ['worker'],
    });
    if (fits.verdict === 'faulty') return leave('Adjust quantum worker resources: undo?', fits.evidence);

    const values = { QUANTUM_BATCH_SIZE: String(batch), QUANTUM_TIMEOUT: String(timeout) };
    await step('Tune quantum job batching', { approver: 'quantum' }).kubernetes.setConfigMap({ configMap: 'quantum', values });
    const after = await watch('Monitor quantum job performance: afterwards', halfAnHour).quantum.jobs(jobs);
    return after.verdict === 'healthy' ? undefined : leave('Tune quantum job batching: undo?', after.evidence);

    function leave(title: string, evidence: string) {
      return task(title, { owner: 'quantum', confirm: `${evidence} To restore what was: runbooks undo.`, blocks: false });
    }
  },
);
