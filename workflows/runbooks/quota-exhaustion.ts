import { runbook } from '../kit/index.ts';
import { isOfRates, isUrgent, otherRunbook, type QuotaFindings, quotaCause } from './quota-exhaustion/cause.ts';
import { blocked, raised, stricter, toRaised } from './quota-exhaustion/by-hand.ts';

const near = 'customers near their quota';
const sources = 'abusive sources';
const quotas = { owner: 'primary', confirm: 'Quotas of the tiers are set as reviewed in platform.json' } as const;
const mailed = { approver: 'customer-success' } as const;
const bySecurity = { approver: 'security', until: '24 hours' } as const;
const bySuccess = { approver: 'customer-success', until: '30 days' } as const;
const later = { blocks: false } as const;
const twice = { every: '2 minutes', for: '0 minutes', atLeast: 2, upTo: '30 minutes' } as const;
const lasting = { every: '1 minute', for: '30 minutes', atLeast: 20, upTo: '4 hours' } as const;

/** Calls are refused because a quota is used up, or a quota is nearly used up. */
export const quotaExhaustion = runbook('Quota Exhaustion', async ({ phase, step, check, watch, task, remedy }, alert) => {
  const firing = { before: alert.startsAt, alert: alert.name };
  let found: QuotaFindings | undefined;
  let hasRaised = false;

  await phase('Immediate Response', { by: '5 minutes' }, () =>
    Promise.all([
      step('Declare Incident').comms.declareIncident({ title: 'Quota Exhaustion' }),
      notifyCustomers(),
      step('Implement Rate Limiting', { approver: 'primary' }).gateway.setLimit({ limit: 'essential only' }),
    ]),
  );

  const causes = {
    'Legitimate High Usage': raiseQuotas,
    'API Abuse': stopAbuse,
    'Configuration Issue': restoreLimits,
  };
  await remedy(diagnose, causes, { owner: 'commander', recovered: recovery, expert: 'customer-success' });

  async function notifyCustomers() {
    const { facts } = await check('Check Quota Status').gateway.quotas({ above: 0.9, freeze: near });
    const list = facts?.frozen ? near : undefined;
    await step('Notify Customers', mailed).comms.tellCustomers({ text: 'limit-near', list });
  }

  async function diagnose() {
    found = await investigate();
    const urgent = isUrgent(found.traffic);
    if (urgent !== undefined) await step('Declare Incident: P1').comms.remark({ text: urgent });
    if (isOfRates(found)) await step('Review Quota Configuration: rates').comms.remark({ text: otherRunbook });
    return quotaCause(found);
  }

  function investigate() {
    return phase('Investigation', { by: '30 minutes' }, async () => {
      const [quotas, traffic, abuse, limits, changes] = await Promise.all([
        check('Check Quota Status: now').gateway.quotas({ above: 0.9, freeze: near }),
        check('Analyze Usage Patterns').gateway.traffic({}),
        check('Check for Abuse').gateway.abuse({ surface: 'api', freeze: sources }),
        check('Review Quota Configuration').gateway.limits({}),
        check('Review Quota Configuration: changes').kubernetes.rollouts({ workloads: ['api'], ...firing }),
        check('Check Billing').billing.compareUsage({ since: '24 hours', raised: true }),
      ]);
      return { quotas, traffic, abuse, limits, changes };
    });
  }

  async function raiseQuotas() {
    const list = found?.quotas.facts?.frozen ? near : undefined;
    hasRaised ||= list !== undefined;
    if (list) await step('Increase quota limits for affected customers', bySuccess).gateway.raiseQuotas({ list, by: 0.5 });
    else await task('Increase quota limits for affected customers: by hand', raised);
    const decided = 'It is decided for each customer who pays for more, and how';
    await task('Implement usage-based billing', { owner: 'management', confirm: decided, ...later });
    const planned = 'The change that makes fewer calls necessary is planned';
    await task('Optimize API efficiency', { owner: 'platform', confirm: planned, ...later });
  }

  async function stopAbuse() {
    await task('Implement stricter rate limiting', stricter);
    if (found?.abuse.facts?.sources) await step('Block abusive IPs/users', bySecurity).gateway.blockSources({ list: sources });
    else await task('Block abusive IPs/users: by hand', blocked);
    const reviewed = 'Keys, scopes and rules that this incident used are reviewed';
    await task('Review security measures', { owner: 'security', confirm: reviewed, ...later });
  }

  async function restoreLimits() {
    await step('Adjust quota settings', { approver: 'primary' }).gateway.setLimit({ limit: 'reviewed' });
    await task('Adjust quota settings: tiers', quotas);
    await step('Update billing configuration', { approver: 'finance' }).billing.applyPricing({ version: 'reviewed' });
    const { verdict } = await check('Restart quota service: needed').gateway.limits({ layer: 'tiers' });
    if (verdict === 'healthy') return;
    const exported = 'Counters and tiers are exported: they lie in the memory of the API';
    await task('Restart quota service: export', { owner: 'primary', confirm: exported });
    await step('Restart quota service', { approver: 'primary' }).kubernetes.restart({ workload: 'api' });
  }

  function recovery() {
    return phase('Recovery', async () => {
      const active = await watch('Verify Quota Reset', twice).gateway.limits({ layer: 'tiers', probe: true });
      if (active.verdict !== 'healthy') return active;
      const usage = await watch('Monitor Usage', lasting).observe.recovered({ of: 'quota-exhaustion', symptom: true });
      if (usage.verdict !== 'healthy') return usage;
      await step('Customer Communication', mailed).comms.tellCustomers(hasRaised ? toRaised : { text: 'limit-raised' });
      const merged = 'The quota change is in the policy document: old and new values, reasons, ends';
      await task('Document Changes', { owner: 'platform', confirm: merged, ...later });
      return usage;
    });
  }
});
