import { runbook } from 'nqba-runbooks/kit';

const steady = { every: '1 minute', for: '5 minutes', atLeast: 5 } as const;

/** Orders are not booked: the ledger has run out of memory, or hangs. */
export const ledgerStuck = runbook('Ledger Stuck', async ({ phase, step, check, watch }, alert) => {
  await phase('Immediate Response', { by: '5 minutes' }, () =>
    Promise.all([
      step('Declare Incident').comms.declareIncident({ title: 'Ledger Stuck' }),
      step('Notify Team').oncall.page({ roles: ['primary', 'warehouse'] }),
    ]),
  );

  await phase('Investigation', () =>
    Promise.all([
      check('Check the ledger').kubernetes.pods({ workloads: ['ledger'] }),
      check('Review Recent Changes').kubernetes.rollouts({ workloads: ['ledger', 'storefront'], before: alert.startsAt }),
    ]),
  );

  await phase('Resolution Steps', async () => {
    await step('More memory for the ledger', { until: '4 hours' }).kubernetes.setResources({
      workload: 'ledger',
      limits: { memory: '2Gi' },
    });
    await step('Restart the ledger').kubernetes.restart({ workload: 'ledger' });
  });

  await phase('Recovery', () => watch('Verify the ledger', steady).kubernetes.pods({ workloads: ['ledger'] }));
});
