import { runbook } from 'nqba-runbooks/kit';

const steady = { every: '1 minute', for: '5 minutes', atLeast: 3 } as const;

/** A Deployment of the shop has had too few pods for a while: its alert says which. */
export const replicasMissing = runbook('Replicas Missing', async ({ phase, step, check, watch }, alert) => {
  await phase('Immediate Response', { by: '5 minutes' }, () =>
    Promise.all([
      step('Declare Incident').comms.declareIncident({ title: 'Replicas Missing' }),
      step('Notify Team').oncall.page({ roles: ['primary'] }),
    ]),
  );

  await phase('Investigation', () =>
    Promise.all([
      check('Check its pods').kubernetes.pods({ workloads: ['of the alert'] }),
      check('Review Recent Changes').kubernetes.rollouts({ workloads: ['of the alert'], before: alert.startsAt }),
    ]),
  );

  await phase('Resolution Steps', () => step('Restart it').kubernetes.restart({ workload: 'of the alert' }));

  await phase('Recovery', () => watch('Verify its pods', steady).kubernetes.pods({ workloads: ['of the alert'] }));
});
