import { runbook } from '../kit/index.ts';
import { tellOwners } from './delayed-jobs/owners.ts';
import { dynexFails, type JobFindings, jobFailureCause, letIn, theirs, workloadAtFault } from './quantum-job-failures/cause.ts';
import { gradualResumption } from './quantum-job-failures/gradual-resumption.ts';

const degraded = { component: 'quantum', status: 'degraded_performance', text: 'jobs-failing' } as const;
const operational = { component: 'quantum', status: 'operational', text: 'jobs-resolved' } as const;
const pods = { of: 'pods' as const, workloads: ['api', 'worker', 'batch'], below: 0.9 };
const reviewed = { QUANTUM_TIMEOUT: '600', QUANTUM_MAX_RETRIES: '3' };
const fourHours = { approver: 'infrastructure', until: '4 hours' } as const;
const twice = { workload: 'worker', atLeast: 'twice' } as const;
const quantum = { approver: 'quantum' } as const;
const merged = { owner: 'infrastructure', confirm: 'The rules for this usage are merged', blocks: false } as const;
const released = { owner: 'platform', confirm: 'The release that normalises them is out', blocks: false } as const;
const exported = { owner: 'quantum', confirm: 'Waiting jobs are exported: they lie in the memory of the API' } as const;
const notNow = 'not now';

/** Quantum jobs fail or give wrong results: more than a fifth of them, or a canary misses its optimum. */
export const quantumJobFailures = runbook('Quantum Job Failures', async (words, alert) => {
  const { phase, step, check, task, ask, remedy } = words;
  const before = alert.startsAt;
  let found: JobFindings | undefined;
  let isOnFallback = false;
  await phase('Immediate Response', { by: '5 minutes' }, () =>
    Promise.all([
      step('Declare Incident').comms.declareIncident({ title: 'Quantum Job Failures' }),
      step('Declare Incident: status page').comms.setStatusPage(degraded),
      step('Pause New Jobs', quantum).quantum.setIntake({ percent: 0 }),
      notifyQuantumTeam(),
    ]),
  );

  const investigate = () =>
    phase('Investigation', { by: '30 minutes' }, async () => {
      const [patterns, solvers, dynex, parameters, usage, quota] = await Promise.all([
        check('Analyze Failure Patterns').quantum.failures({ by: 'reason', before }),
        check('Check Solver Health').quantum.solvers({}),
        check('Check Solver Health: Dynex').quantum.probeDynex({}),
        check('Review Job Parameters').quantum.failures({ by: 'parameters', before }),
        check('Check Resource Availability').kubernetes.usage(pods),
        check('Check Resource Availability: quota').kubernetes.usage({ of: 'quota', below: 0.9 }),
      ]);
      return { patterns, solvers, dynex, parameters, usage, quota };
    });

  async function diagnose() {
    found = await investigate();
    if (dynexFails(found)) await step('Check Solver Health: Dynex fails').comms.remark({ text: theirs });
    return jobFailureCause(found);
  }

  const causes = {
    /** A breaker is open, a canary is wrong, or one solver has most of the failures. */
    async 'Solver Issue'() {
      await restartFailedSolvers();
      if (!found?.solvers.facts?.wrong?.includes('classical')) await fallBack();
      await check('Check solver configuration').kubernetes.configMap({ configMap: 'quantum', expected: reviewed });
      await check('Check solver configuration: key').quantum.keyVersions({});
    },

    /** Jobs run out of time or memory, or over a limit. */
    async 'Resource Issue'() {
      const how = { owner: 'infrastructure', because: found?.usage.evidence, otherwise: notNow } as const;
      const answer = await ask('Scale up computational resources', ['twice', notNow], how);
      if (answer === 'twice') await step('Scale up computational resources: floor', fourHours).kubernetes.raiseFloor(twice);
      await step('Implement job queuing', quantum).quantum.setIntake({ percent: letIn(found?.patterns.facts) });
      await task('Add resource monitoring', merged);
    },

    /** Failed jobs have something in common, and other jobs succeed on the same solver. */
    async 'Parameter Issue'() {
      await check('Validate job parameters').quantum.failures({ by: 'parameters', before, waiting: true });
      await task('Update job validation logic', { owner: 'platform', confirm: 'The release that refuses such jobs is out' });
      await task('Implement parameter sanitization', released);
    },
  };

  await remedy(diagnose, causes, { owner: 'commander', recovered: recovery, expert: 'quantum' });

  async function notifyQuantumTeam() {
    const health = await check('Check Quantum Service Health').quantum.solvers({});
    const because = health.verdict === 'healthy' ? undefined : health.evidence.slice(0, 300);
    await step('Notify Quantum Team').oncall.page({ roles: ['primary', 'quantum'], because });
  }

  function fallBack() {
    isOnFallback = true;
    return step('Implement fallback to classical solvers', quantum).quantum.setFallback({ enabled: true });
  }

  async function restartFailedSolvers() {
    const suggest = workloadAtFault(found?.solvers.facts);
    const asking = { owner: 'quantum', suggest, because: found?.solvers.evidence, otherwise: notNow } as const;
    const workload = await ask('Restart failed solvers', ['worker', 'api', notNow], asking);
    if (workload === notNow) return;
    if (workload === 'api') await task('Restart failed solvers: export', exported);
    await step('Restart failed solvers: restart', quantum).kubernetes.restart({ workload });
  }

  function recovery() {
    return phase('Recovery', async () => {
      const resumed = await gradualResumption(words, isOnFallback);
      if (resumed.verdict !== 'healthy') return resumed;
      await step('Customer Communication: status page').comms.setStatusPage(operational);
      await tellOwners(words, { of: 'failed', text: 'jobs-resolved', before });
      return resumed;
    });
  }
});
