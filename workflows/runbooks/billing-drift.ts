import { runbook } from '../kit/index.ts';
import { type BillingFindings, billingCause, secondFor } from './billing-drift/cause.ts';

const finance = { approver: 'finance' } as const;
const inPrivate = { private: true, roles: ['finance' as const] };
/** The first twentieth of the customers for half an hour, then all for an hour. */
const stages = [
  { customers: '5%', sustained: { every: '2 minutes', for: '30 minutes', atLeast: 10 } },
  { customers: '100%', sustained: { every: '2 minutes', for: '1 hour', atLeast: 20 } },
] as const;
const answering = { every: '2 minutes', for: '15 minutes', atLeast: 6, upTo: '4 hours' } as const;
const asked = {
  owner: 'customer-success',
  confirm: 'Customers whose cards were declined were asked to update them',
  blocks: false,
} as const;
const byFinance = { owner: 'finance', confirm: 'Finance has decided what the usage was, and corrected the charges' } as const;
const safeguard = {
  owner: 'platform',
  confirm: 'A check before charging refuses the charges of this incident',
  blocks: false,
} as const;

/** Billing discrepancies detected, revenue anomalies: charges are wrong, or fail. */
export const billingDrift = runbook('Billing Drift', async ({ phase, step, check, watch, task, remedy }, alert) => {
  /** However long the incident lasts: what went wrong before the alert belongs to it. */
  const since = `24 hours before ${alert.startsAt}`;
  let found: BillingFindings | undefined;

  await phase('Immediate Response', { by: '5 minutes' }, () =>
    Promise.all([
      step('Declare Incident').comms.declareIncident({ title: 'Billing Drift', channel: inPrivate }),
      step('Pause Billing').billing.setCharging({ customers: '0%' }),
      step('Notify Finance Team').oncall.page({ roles: ['finance', 'primary'] }),
      check('Check Recent Transactions').billing.auditCharges({ since, days: 7 }),
    ]),
  );

  const causes = {
    /** A price in force is not the reviewed one. */
    async 'Pricing Error'() {
      const list = 'wrong charges';
      const second = secondFor(found?.charges);
      await step('Correct pricing configuration', finance).billing.applyPricing({ version: 'reviewed' });
      await step('Reverse incorrect charges', { approver: 'finance', second }).billing.correctCharges({ list, as: 'refund' });
      await step('Update customer accounts', { approver: 'finance', second }).billing.correctCharges({ list, as: 'credit-note' });
    },

    /** What was billed is not what was metered. */
    async 'Usage Mismatch'() {
      const list = 'usage differences';
      const rebuilt = await check('Reconcile usage data').billing.compareUsage({ since, rebuild: true, freeze: list });
      if (rebuilt.verdict === 'unknown') return task('Reconcile usage data: by finance', byFinance);
      const second = secondFor(rebuilt);
      await step('Adjust billing accordingly', { approver: 'finance', second }).billing.correctCharges({ list, as: 'usage' });
      await step('Update customer records', finance).billing.correctCharges({ list, as: 'ledger' });
    },

    /** The provider does not process payments. */
    async 'Payment Processing Issue'() {
      const gateway = await watch('Check payment gateway status', answering).billing.probePayments({ since: '15 minutes' });
      if (gateway.verdict !== 'healthy') return;
      const second = secondFor(found?.payments);
      await step('Retry failed charges', { approver: 'finance', second }).billing.retryCharges({ list: 'failed charges' });
      await task('Update payment methods if needed', asked);
    },
  };

  await remedy(investigate, causes, { owner: 'finance', recovered: recovery });

  function investigate() {
    return phase('Investigation', { by: '30 minutes' }, async () => {
      const [charges, prices, usage, payments] = await Promise.all([
        check('Audit Recent Charges').billing.auditCharges({ since, freeze: 'wrong charges' }),
        check('Check Billing Configuration').billing.comparePricing({ since }),
        check('Review Customer Usage').billing.compareUsage({ since }),
        check('Check Payment Processing').billing.probePayments({ since, freeze: 'failed charges' }),
      ]);
      found = { charges, prices, usage, payments };
      return billingCause(found);
    });
  }

  function recovery() {
    return phase('Recovery', async () => {
      const audit = await check('Verify Billing Accuracy').billing.auditCharges({ since, dryRun: true });
      if (audit.verdict !== 'healthy') return audit;
      let accurate = audit;
      for (const { customers, sustained } of stages) {
        await step(`Resume Billing: ${customers}`, finance).billing.setCharging({ customers });
        accurate = await watch(`Verify Billing Accuracy: ${customers}`, sustained).observe.recovered({ of: 'billing-drift' });
        if (accurate.verdict === 'healthy') continue;
        await step(`Pause Billing: again at ${customers}`).billing.setCharging({ customers: '0%' });
        return accurate;
      }
      await step('Customer Communication').comms.tellCustomers({ text: 'billing-corrected' });
      await task('Implement Safeguards', safeguard);
      return accurate;
    });
  }
});
