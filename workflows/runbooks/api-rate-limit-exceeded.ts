import { runbook } from '../kit/index.ts';
import { isOfQuotas, otherRunbook, type RateFindings, rateCause } from './api-rate-limit-exceeded/cause.ts';
import { adjusted, blocked, plans, raised, stricter, toRaised } from './quota-exhaustion/by-hand.ts';
import { isUrgent } from './quota-exhaustion/cause.ts';

const growing = 'customers with most calls';
const sources = 'abusive sources';
const near = { above: 0.9, rates: true, freeze: 'customers near their limit' } as const;
const mailed = { approver: 'customer-success' } as const;
const bySecurity = { approver: 'security', until: '24 hours' } as const;
const bySuccess = { approver: 'customer-success', until: '30 days' } as const;
const later = { blocks: false } as const;
const twice = { every: '2 minutes', for: '0 minutes', atLeast: 2, upTo: '30 minutes' } as const;
const lasting = { every: '1 minute', for: '30 minutes', atLeast: 20, upTo: '4 hours' } as const;

/** Calls are refused because they are too fast: customers grew, someone abuses the API, or a limit is wrong. */
export const apiRateLimitExceeded = runbook(
  'API Rate Limit Exceeded',
  async ({ phase, step, check, watch, task, remedy }, alert) => {
    const firing = { before: alert.startsAt, alert: alert.name };
    let found: RateFindings | undefined;
    let hasRaised = false;

    await phase('Immediate Response', { by: '5 minutes' }, () =>
      Promise.all([
        step('Declare Incident').comms.declareIncident({ title: 'API Rate Limit Exceeded' }),
        check('Check Rate Limit Status').gateway.limits({}),
        step('Implement Throttling', { approver: 'primary' }).gateway.setLimit({ limit: 'essential only' }),
        notifyCustomers(),
      ]),
    );

    const causes = {
      async 'Legitimate High Usage'() {
        const list = found?.traffic.facts?.frozen ? growing : undefined;
        hasRaised ||= list !== undefined;
        if (list) await step('Increase rate limits for affected customers', bySuccess).gateway.raiseQuotas({ list, by: 0.5 });
        else await task('Increase rate limits for affected customers: by hand', raised);
        const decided = 'It is decided for each customer who pays for more, and how';
        await task('Implement usage-based billing', { owner: 'management', confirm: decided, ...later });
        const planned = 'The change that makes fewer calls necessary is planned';
        await task('Optimize API efficiency', { owner: 'platform', confirm: planned, ...later });
      },

      async 'API Abuse'() {
        await task('Implement stricter rate limiting', stricter);
        if (found?.abuse.facts?.sources)
          await step('Block abusive IPs/users', bySecurity).gateway.blockSources({ list: sources });
        else await task('Block abusive IPs/users: by hand', blocked);
        const reviewed = 'Keys, scopes and rules that this incident used are reviewed';
        await task('Review security measures', { owner: 'security', confirm: reviewed, ...later });
      },

      /** The edge reads its limits again by itself; the API reads them at its start. */
      async 'Configuration Issue'() {
        await step('Adjust rate limit settings', { approver: 'primary' }).gateway.setLimit({ limit: 'reviewed' });
        await task('Adjust rate limit settings: API', adjusted);
        await task('Update customer plans', plans);
        const { verdict } = await check('Restart rate limiting service: needed').gateway.limits({ layer: 'app' });
        if (verdict !== 'faulty') return;
        const exported = 'Counters are exported: they lie in the memory of the API';
        await task('Restart rate limiting service: export', { owner: 'primary', confirm: exported });
        await step('Restart rate limiting service', { approver: 'primary' }).kubernetes.restart({ workload: 'api' });
      },
    };
    await remedy(diagnose, causes, { owner: 'commander', recovered: recovery, expert: 'platform' });

    async function notifyCustomers() {
      const { facts } = await check('Notify High-Usage Customers: near their limit').gateway.quotas(near);
      const list = facts?.frozen === undefined ? undefined : near.freeze;
      await step('Notify High-Usage Customers', mailed).comms.tellCustomers({ text: 'limit-near', list });
    }

    async function diagnose() {
      found = await investigate();
      const urgent = isUrgent(found.traffic);
      if (urgent !== undefined) await step('Declare Incident: P1').comms.remark({ text: urgent });
      if (isOfQuotas(found)) await step('Review Rate Limit Settings: quotas').comms.remark({ text: otherRunbook });
      return rateCause(found);
    }

    function investigate(): Promise<RateFindings> {
      return phase('Investigation', { by: '30 minutes' }, async () => {
        const [traffic, abuse, limits, changes, customers, quotas] = await Promise.all([
          check('Analyze Usage Patterns').gateway.traffic({ freeze: growing }),
          check('Check for Abuse').gateway.abuse({ surface: 'api', freeze: sources }),
          check('Review Rate Limit Settings').gateway.limits({}),
          check('Review Rate Limit Settings: changes').kubernetes.rollouts({ workloads: ['api'], ...firing }),
          check('Check Customer Plans').gateway.limits({ layer: 'tiers' }),
          check('Analyze Usage Patterns: quotas').gateway.quotas({ above: 0.9 }),
        ]);
        return { traffic, abuse, limits, changes, plans: customers, quotas };
      });
    }

    function recovery() {
      return phase('Recovery', async () => {
        const active = await watch('Verify Rate Limits', twice).gateway.limits({ probe: true });
        if (active.verdict !== 'healthy') return active;
        const usage = await watch('Monitor Usage', lasting).observe.recovered({ of: 'api-rate-limit-exceeded', symptom: true });
        if (usage.verdict !== 'healthy') return usage;
        await step('Customer Communication', mailed).comms.tellCustomers(hasRaised ? toRaised : { text: 'limit-raised' });
        const merged = 'The rate limit change is in the policy document: old and new values, reasons, ends';
        await task('Document Changes', { owner: 'platform', confirm: merged, ...later });
        return usage;
      });
    }
  },
);
