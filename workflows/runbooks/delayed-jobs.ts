import type { QueueFacts } from '../../activities/index.ts';
import type { Finding } from '../contract/index.ts';
import { runbook } from '../kit/index.ts';
import { type DelayFindings, delayCause } from './delayed-jobs/cause.ts';
import { workersFor } from './delayed-jobs/workers.ts';

const ofWorkers = { workloads: ['worker' as const, 'batch' as const] };
const pressing = ['urgent', 'high'];
const fourHours = { approver: 'primary', until: '4 hours' } as const;
/** While the database and Dynex are known to take more. */
const routine = { workload: 'worker', headroom: true } as const;
const drained = { every: '1 minute', for: '15 minutes', atLeast: 15, upTo: '2 hours' } as const;
const measured = { every: '1 minute', for: '0 minutes', atLeast: 1, upTo: '30 minutes' } as const;

/** Jobs wait much longer than usual: more come in than workers finish, or each takes long. */
export const delayedJobs = runbook('Delayed Jobs', async ({ phase, step, check, watch, task, remedy }, alert) => {
  let queue: Finding<QueueFacts> | undefined;
  let found: DelayFindings | undefined;

  await phase('Immediate Response', { by: '5 minutes' }, () =>
    Promise.all([
      step('Declare Incident').comms.declareIncident({ title: 'Delayed Jobs' }),
      checkQueue(),
      step('Scale Workers', fourHours).kubernetes.raiseFloor({ ...routine, atLeast: 'twice', atMost: 6 }),
      step('Prioritize Critical Jobs').quantum.prioritizeJobs({ classes: pressing }),
    ]),
  );
  const causes = { 'Worker Bottleneck': moreWorkers, 'Database Bottleneck': fasterQueries, 'Resource Exhaustion': moreRoom };
  await remedy(investigate, causes, { owner: 'commander', recovered: recovery, expert: 'platform' });

  async function checkQueue() {
    queue = await check('Check Queue Status').quantum.queue({});
    const { oldestPressing = 0 } = queue.facts ?? {};
    const text = `The oldest urgent or high job has waited for ${Math.round(oldestPressing)} minutes: this is a P1 (runbooks severity).`;
    if (oldestPressing > 30) await step('Declare Incident: P1').comms.remark({ text });
  }

  function investigate() {
    return phase('Investigation', { by: '30 minutes' }, async () => {
      const [flow, workers, stuck, database, ...usage] = await Promise.all([
        check('Analyze Queue Metrics').quantum.flow({ before: alert.startsAt }),
        check('Check Worker Health').kubernetes.pods({ ...ofWorkers, freeze: 'unhealthy workers' }),
        check('Identify Stuck Jobs').quantum.stuckJobs({ freeze: 'stuck workers' }),
        check('Review Resource Usage: database').database.load({}),
        check('Review Resource Usage: workers').kubernetes.usage({ of: 'pods', ...ofWorkers, below: 0.9 }),
        check('Review Resource Usage: nodes').kubernetes.usage({ of: 'nodes', below: 0.9 }),
        check('Review Resource Usage: quota').kubernetes.usage({ of: 'quota', below: 0.9 }),
      ]);
      found = { flow, workers, stuck, database, usage };
      return delayCause(found);
    });
  }

  async function moreWorkers() {
    const { stuck, workers } = found ?? {};
    const atLeast = workersFor(found, queue);
    await step('Scale up worker instances', fourHours).kubernetes.raiseFloor({ ...routine, atLeast });
    const list = stuck?.facts?.pods ? 'stuck workers' : 'unhealthy workers';
    if (list === 'stuck workers' || workers?.verdict === 'faulty')
      await step('Restart stuck workers', { approver: 'primary' }).kubernetes.deletePods({ list });
    const confirm = 'The change that makes the slow operation faster is planned';
    await task('Optimize job processing logic', { owner: 'quantum', confirm, blocks: false });
  }

  async function fasterQueries() {
    await check('Check database performance').database.load({});
    const fixed = 'The slow statements are fixed, or what blocks the others has ended';
    await task('Optimize queries', { owner: 'database', confirm: fixed });
    const { verdict } = await check('Optimize queries: measured').database.load({});
    if (verdict !== 'healthy') await step('Scale database resources', { approver: 'database' }).database.resize({});
  }

  async function moreRoom() {
    await step('Implement job prioritization').quantum.prioritizeJobs({ classes: pressing, hold: ['low'] });
    await scaleUp();
    const timeout = { configMap: 'quantum', values: { QUANTUM_TIMEOUT: '300' } };
    await step('Add circuit breakers for long-running jobs', { approver: 'quantum' }).kubernetes.setConfigMap(timeout);
  }

  /** Limits are raised only where workers reach them and the nodes have room; room itself is people's work. */
  async function scaleUp() {
    const [ofPods, ofNodes] = found?.usage ?? [];
    const larger = { workload: 'worker', limits: { cpu: '6', memory: '12Gi' } };
    if (ofPods?.verdict === 'faulty' && ofNodes?.verdict === 'healthy')
      return step('Scale up infrastructure', { approver: 'infrastructure' }).kubernetes.setResources(larger);
    const confirm = 'Quota and nodes have room for the workers that are missing';
    return task('Scale up infrastructure: quota and nodes', { owner: 'infrastructure', confirm });
  }

  async function tellOwners() {
    const those = { of: 'delayed', before: alert.startsAt, freeze: 'customers with delayed jobs' } as const;
    const { facts } = await check('Customer Communication: owners of delayed jobs').quantum.jobOwners(those);
    const mail = { text: 'jobs-delayed-resolved', list: facts?.frozen === undefined ? undefined : those.freeze } as const;
    await step('Customer Communication', { approver: 'customer-success' }).comms.tellCustomers(mail);
  }

  function recovery() {
    return phase('Recovery', async () => {
      const depth = await watch('Monitor Queue Depth', drained).quantum.queue({ below: 20, youngerThan: 2 });
      if (depth.verdict !== 'healthy') return depth;
      const times = await watch('Verify Processing Times', measured).quantum.durations({ mean: 300, p95: 1.2 });
      if (times.verdict !== 'healthy') return times;
      await step('Implement job prioritization: released').quantum.prioritizeJobs({ classes: [] });
      await tellOwners();
      const confirm = 'A rule that would have fired earlier is merged';
      await task('Implement Monitoring', { owner: 'primary', confirm, blocks: false });
      return times;
    });
  }
});
