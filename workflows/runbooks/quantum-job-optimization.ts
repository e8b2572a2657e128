import type { Finding } from '../contract/index.ts';
import { fieldsOf, operation } from '../kit/index.ts';
import { noSlowerThan, usualBounds } from './quantum-job-optimization/bounds.ts';

const requests = { cpu: '2', memory: '4Gi' } as const;
const limits = { cpu: '4', memory: '8Gi' } as const;
const quarterOfAnHour = { every: '1 minute', for: '15 minutes', atLeast: 12 } as const;
const halfAnHour = { every: '2 minutes', for: '30 minutes', atLeast: 12 } as const;

const told = (findings: Finding[]) => findings.map(({ evidence }) => evidence).join(' ');

/** Quantum jobs are slow: resources of the workers, then batches and time limits, each measured before and after. */
export const quantumJobOptimization = operation(
  'Quantum Job Optimization',
  fieldsOf['quantum-job-optimization'],
  async ({ step, check, watch, task }, { batch, timeout }) => {
    const before = await check('Monitor quantum job performance').quantum.durations(usualBounds(timeout));

    await step('Adjust quantum worker resources', { approver: 'infrastructure' }).kubernetes.setResources({
      workload: 'worker',
      requests,
      limits,
    });
    const pods = await watch('Adjust quantum worker resources: pods stay ready', quarterOfAnHour).kubernetes.pods({
      workloads: ['worker'],
    });
    const throttling = await check('Adjust quantum worker resources: throttling').kubernetes.usage({
      of: 'throttling',
      workloads: ['worker'],
      below: 0.25,
    });
    const resources = [pods, throttling];
    if (resources.some(({ verdict }) => verdict === 'faulty'))
      return leave('Adjust quantum worker resources: undo?', told(resources));

    const values = { QUANTUM_BATCH_SIZE: String(batch), QUANTUM_TIMEOUT: String(timeout) };
    await step('Tune quantum job batching', { approver: 'quantum' }).kubernetes.setConfigMap({ configMap: 'quantum', values });
    const bounds = noSlowerThan(before, timeout);
    const after = await watch('Monitor quantum job performance: afterwards', halfAnHour).quantum.durations(bounds);
    const evidence = `Before: ${before.evidence} Afterwards: ${after.evidence} ${throttling.evidence}`;
    return after.verdict === 'healthy' ? evidence : leave('Tune quantum job batching: undo?', evidence);

    function leave(title: string, evidence: string) {
      return task(title, { owner: 'quantum', confirm: `${evidence} To restore what was: runbooks undo.`, blocks: false });
    }
  },
);
