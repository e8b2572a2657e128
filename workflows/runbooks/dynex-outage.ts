import { runbook } from '../kit/index.ts';
import { dynexCause } from './dynex-outage/cause.ts';
import { gradualRollback } from './dynex-outage/gradual-rollback.ts';
import { newKey } from './dynex-outage/new-key.ts';

const degraded = { component: 'quantum', status: 'degraded_performance' } as const;
const operational = { component: 'quantum', status: 'operational' } as const;
const everyone = { to: 'all customers' } as const;
const mailed = { approver: 'customer-success' } as const;
const patience = { every: '2 minutes', for: '15 minutes', atLeast: 5, upTo: '4 hours' } as const;
const threeTimes = { every: '1 minute', for: '2 minutes', atLeast: 3 } as const;
const reached = { owner: 'infrastructure', confirm: 'Dynex is reached again' } as const;
const steady = { every: '1 minute', for: '5 minutes', atLeast: 5 } as const;

/** Dynex API health check fails; quantum jobs fail and fall back to classical solvers. */
export const dynexOutage = runbook('Dynex Outage', async (words, alert, { stages, keySecrets: secrets }) => {
  const { phase, step, check, watch, task, ask, remedy } = words;
  await phase('Immediate Response', { by: '5 minutes' }, () =>
    Promise.all([
      step('Declare Incident').comms.declareIncident({ title: 'Dynex Outage' }),
      step('Notify Team').oncall.page({ roles: ['primary', 'quantum'] }),
      step('Update Status Page').comms.setStatusPage({ ...degraded, text: 'degraded' }),
      step('Activate Circuit Breaker').quantum.setFallback({ enabled: true }),
    ]),
  );

  const told = tellWhatWasMeasured();
  const investigate = () =>
    phase('Investigation', { by: '30 minutes' }, async () => {
      const [status, changes, probe, key] = await Promise.all([
        check('Check Dynex Status Page').quantum.dynexStatus({}),
        check('Review Recent Changes').kubernetes.rollouts({
          workloads: ['api', 'worker', 'batch'],
          before: alert.startsAt,
          alert: alert.name,
        }),
        check('Test Connectivity').quantum.probeDynex({}),
        check('Check Credentials').quantum.dynexKey({}),
      ]);
      return dynexCause({ status, changes, probe, key });
    });

  const causes = {
    async 'Dynex Platform Issue'() {
      await step('Update customers on expected resolution time', mailed).comms.tellCustomers({ text: 'dynex-eta', ...everyone });
      await check('Continue using classical fallback').quantum.jobs({ solver: 'classical', successRate: 0.95 });
      await watch('Monitor Dynex status page', patience).quantum.dynexStatus({});
    },

    /** Something of ours lies between the pods and Dynex: a policy, a firewall, or a rotation that left something behind. */
    async 'Network/Configuration Issue'() {
      const policies = await check('Check firewall rules and network policies').kubernetes.networkPolicies({
        workloads: ['api', 'worker', 'batch'],
      });
      const rotation = await check("Verify API key rotation hasn't caused issues").quantum.keyVersions({});
      const isRotation = rotation.verdict === 'faulty';
      if (!isRotation || policies.verdict === 'faulty') await task('Check firewall rules and network policies: by hand', reached);
      if (!isRotation) return;
      const secret = await newKey('Test with new API keys if necessary', { ask, check, secrets });
      if (secret)
        await step('Test with new API keys if necessary: use', { approver: 'quantum' }).kubernetes.useSecret({ secret });
    },

    /** Dynex answers, and refuses the key. */
    async 'Authentication Issue'() {
      const secret = await newKey('Rotate Dynex API keys', { ask, check, secrets });
      if (!secret) return;
      await step('Update configuration', { approver: 'quantum' }).kubernetes.useSecret({ secret });
      await watch('Test connectivity', threeTimes).quantum.dynexKey({});
      await check('Test connectivity: canary').quantum.canary({ solver: 'dynex' });
    },
  };

  await Promise.all([told, remedy(investigate, causes, { owner: 'commander', recovered: recovery })]);

  /** The public text about the effect states the measurement. */
  async function tellWhatWasMeasured() {
    const { verdict, facts } = await watch('Activate Circuit Breaker: measured', steady).quantum.jobs({ solver: 'classical' });
    if (verdict !== 'healthy' || facts?.share === undefined || facts.share < 0.5) return;
    await step('Update Status Page: measured').comms.setStatusPage({ ...degraded, text: 'quantum-fallback', share: facts.share });
  }

  function recovery() {
    return phase('Recovery', async () => {
      await told;
      const resumed = await gradualRollback(words, stages);
      if (resumed.verdict !== 'healthy') return resumed;
      await step('Update Status Page: operational').comms.setStatusPage({ ...operational, text: 'dynex-resolved' });
      await step('Customer Communication', mailed).comms.tellCustomers({ text: 'dynex-resolved', ...everyone });
      await task('Update Documentation', { owner: 'commander', confirm: 'The post-mortem is published', blocks: false });
      return resumed;
    });
  }
});
