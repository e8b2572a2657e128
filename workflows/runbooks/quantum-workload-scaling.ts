import { fieldsOf, operation } from '../kit/index.ts';
import { shorterThan, workersFor } from './quantum-workload-scaling/workers.ts';

const tenMinutes = { every: '1 minute', for: '10 minutes', atLeast: 8 } as const;
const onDynex = { solver: 'dynex', successRate: 0.95 } as const;

/** Jobs wait: as many workers as finish the queue in ten minutes, at most ten. More of them help only below Dynex’s own limits. */
export const quantumWorkloadScaling = operation(
  'Quantum Workload Scaling',
  fieldsOf['quantum-workload-scaling'],
  async ({ step, check, watch, task, ask }, values) => {
    const [queue, pods, dynex] = await Promise.all([
      check('Check quantum job queue depth').quantum.queue({}),
      check('Scale quantum workers based on demand: workers now').kubernetes.pods({ workloads: ['worker'] }),
      check('Monitor Dynex API rate limits: before').quantum.jobs(onDynex),
    ]);
    const { count, because } = workersFor({ queue, pods }, values);
    if (count === undefined) return byHand(because);

    const isUsual = count >= 2 && count <= 6;
    const go = isUsual
      ? 'scale'
      : await ask(`Scale quantum workers based on demand: ${count}?`, ['scale', 'leave'], {
          owner: 'primary',
          otherwise: 'leave',
          because: `${because} Dynex: ${dynex.evidence}`,
          by: '1 hour',
        });
    if (go === 'leave') return `Nothing was scaled. ${because}`;

    const scaled = await step('Scale quantum workers based on demand', { approver: 'primary' }).kubernetes.raiseFloor({
      workload: 'worker',
      atLeast: count,
    });
    if (!['done', 'part', 'by hand'].includes(scaled)) return `Nothing was scaled. ${because}`;
    const limits = await watch('Monitor Dynex API rate limits', tenMinutes).quantum.jobs(onDynex);
    const after = await check('Check quantum job queue depth: afterwards').quantum.queue(shorterThan(queue));
    if (after.verdict === 'healthy' && limits.verdict === 'healthy') return because;
    return task('Scale quantum workers based on demand: did it help?', {
      owner: 'quantum',
      confirm: `${after.evidence} Dynex: ${limits.evidence} Where it did not help, restore the floor: runbooks undo.`,
      blocks: false,
    });

    function byHand(confirm: string) {
      return task('Scale quantum workers based on demand: by hand', { owner: 'quantum', confirm, blocks: false });
    }
  },
);
