import { runbook } from '../kit/index.ts';
import { billingCause } from './billing-drift/cause.ts';
import { runningJobs } from './billing-drift/running.ts';
import { asked, drafts, inLedger, inPlace, notDurable, released, safeguard } from './billing-drift/tasks.ts';

/** Above a limit of the platform the plan wants the second person too. */
const byFinance = { approver: 'finance', second: 'management' } as const;
const inPrivate = { private: true, roles: ['finance' as const] };
/** The first twentieth of the customers for half an hour, then all for an hour. */
const stages = [
  { customers: '5%', sustained: { every: '2 minutes', for: '30 minutes', atLeast: 10 } },
  { customers: '100%', sustained: { every: '2 minutes', for: '1 hour', atLeast: 20 } },
] as const;
const answering = { every: '2 minutes', for: '15 minutes', atLeast: 6, upTo: '4 hours' } as const;

/** Billing discrepancies detected, revenue anomalies: charges are wrong, or fail. */
export const billingDrift = runbook('Billing Drift', async ({ phase, step, check, watch, task, remedy }, alert) => {
  /** However long the incident lasts: what went wrong before the alert belongs to it. */
  const since = `24 hours before ${alert.startsAt}`;
  const jobs = runningJobs({ step, check, task });

  await phase('Immediate Response', { by: '5 minutes' }, () =>
    Promise.all([
      step('Declare Incident').comms.declareIncident({ title: 'Billing Drift', channel: inPrivate }),
      step('Pause Billing', { approver: 'finance' }).billing.setCharging({ customers: '0%' }).then(jobs.stop),
      task('Keep invoices as drafts', drafts),
      step('Notify Finance Team').oncall.page({ roles: ['finance', 'primary'] }),
      check('Check Recent Transactions').billing.auditCharges({ since, days: 7 }),
    ]),
  );

  const causes = {
    /** A price in force is not the reviewed one. */
    async 'Pricing Error'() {
      await step('Correct pricing configuration', { approver: 'finance' }).billing.applyPricing({ version: 'reviewed' });
      const prices = await check('Correct pricing configuration: prices').billing.comparePricing({ since, of: 'Stripe' });
      if (prices.verdict !== 'healthy') await task('Correct pricing configuration: at Stripe', inPlace);
      const list = 'wrong charges';
      await step('Reverse incorrect charges', byFinance).billing.correctCharges({ list, as: 'refund' });
      await step('Update customer accounts', byFinance).billing.correctCharges({ list, as: 'credit-note' });
    },

    /** Billed quantities are not the metered ones. */
    async 'Usage Mismatch'() {
      const list = 'usage differences';
      const rebuilt = await check('Reconcile usage data').billing.compareUsage({ since, rebuild: true, freeze: list });
      if (rebuilt.verdict === 'unknown') return task('Reconcile usage data: by finance', notDurable);
      await step('Adjust billing accordingly', byFinance).billing.correctCharges({ list, as: 'usage' });
      await task('Update customer records', inLedger);
    },

    /** The provider does not process payments. */
    async 'Payment Processing Issue'() {
      const gateway = await watch('Check payment gateway status', answering).billing.probePayments({ since: '15 minutes' });
      if (gateway.verdict !== 'healthy') return;
      await step('Retry failed charges', byFinance).billing.retryCharges({ list: 'failed charges' });
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
        jobs.lookAgain(),
      ]);
      return billingCause({ charges, prices, usage, payments });
    });
  }

  /** Also of an earlier round: what Stripe has, and not what a list was to correct. */
  async function tellCorrected() {
    const those = { since: alert.startsAt, freeze: 'corrected charges' } as const;
    const { facts } = await check('Customer Communication: corrections').billing.corrected(those);
    const mail = { text: 'billing-corrected', list: facts?.frozen === undefined ? undefined : those.freeze } as const;
    await step('Customer Communication', { approver: 'customer-success' }).comms.tellCustomers(mail);
  }

  function recovery() {
    return phase('Recovery', async () => {
      const audit = await check('Verify Billing Accuracy').billing.auditCharges({ since, dryRun: true });
      if (audit.verdict !== 'healthy') return audit;
      let accurate = audit;
      for (const { customers, sustained } of stages) {
        const left = await check(`Resume Billing: drafts before ${customers}`).billing.draftInvoices({
          freeze: 'draft invoices',
        });
        await step(`Resume Billing: ${customers}`, { approver: 'finance' }).billing.setCharging({ customers });
        await task(`Release drafts: ${customers}`, released(customers, left.evidence));
        accurate = await watch(`Verify Billing Accuracy: ${customers}`, sustained).observe.recovered({ of: 'billing-drift' });
        if (accurate.verdict === 'healthy') continue;
        await step(`Pause Billing: again at ${customers}`, { approver: 'finance' }).billing.setCharging({ customers: '0%' });
        await task(`Keep invoices as drafts: again at ${customers}`, drafts);
        return accurate;
      }
      await tellCorrected();
      await task('Implement Safeguards', safeguard);
      return accurate;
    });
  }
});
