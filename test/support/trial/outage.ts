import type { Finding } from '../../../workflows/contract/index.ts';
import { runbook } from '../../../workflows/kit/index.ts';
import { outageTitle } from './catalog.ts';

const degraded = { component: 'quantum', status: 'degraded_performance' } as const;
const patience = { every: '2 minutes', for: '15 minutes', atLeast: 5, upTo: '4 hours' } as const;
const steady = { every: '1 minute', for: '5 minutes', atLeast: 5 } as const;
const tenMinutes = { every: '1 minute', for: '10 minutes', atLeast: 5 } as const;

/** A whole outage in words of its own, each word of the kit in it: rewording a written runbook moves no test of the kit. */
export const outage = runbook(outageTitle, async ({ phase, step, check, watch, task, remedy }, alert) => {
  await phase('Immediate Response', { by: '5 minutes' }, () =>
    Promise.all([
      step('Declare Incident').comms.declareIncident({ title: outageTitle }),
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
        check('Review Recent Changes').kubernetes.rollouts({ workloads: ['worker'], before: alert.startsAt }),
        check('Test Connectivity').quantum.probeDynex({}),
        check('Check Credentials').quantum.dynexKey({}),
      ]);
      return causeOf([status, changes, probe, key]);
    });

  const causes = {
    async 'Dynex Platform Issue'() {
      await step('Update customers on expected resolution time').comms.tellCustomers({ text: 'dynex-eta' });
      await watch('Monitor Dynex status page', patience).quantum.dynexStatus({});
    },
    'Network/Configuration Issue': () =>
      task('Check firewall rules and network policies: by hand', { owner: 'infrastructure', confirm: 'Dynex is reached again' }),
  };

  await Promise.all([told, remedy(investigate, causes, { owner: 'commander', recovered: recovery })]);

  async function tellWhatWasMeasured() {
    const { verdict } = await watch('Activate Circuit Breaker: measured', steady).quantum.jobs({ solver: 'classical' });
    if (verdict !== 'healthy') return;
    await step('Update Status Page: measured').comms.setStatusPage({ ...degraded, text: 'quantum-fallback', share: 1 });
  }

  function recovery() {
    return phase('Recovery', async () => {
      await told;
      const canary = await check('Gradual Rollback: canary').quantum.canary({ solver: 'dynex' });
      if (canary.verdict === 'faulty') return canary;
      await step('Gradual Rollback: 100%').quantum.setFallback({ enabled: false });
      const resumed = await watch('Verify Quantum Jobs Resume', tenMinutes).quantum.jobs({ solver: 'dynex', successRate: 0.95 });
      if (resumed.verdict !== 'healthy') {
        await step('Activate Circuit Breaker: relapse').quantum.setFallback({ enabled: true });
        return resumed;
      }
      const operational = { component: 'quantum', status: 'operational', text: 'dynex-resolved' } as const;
      await step('Update Status Page: operational').comms.setStatusPage(operational);
      await step('Customer Communication').comms.tellCustomers({ text: 'dynex-resolved' });
      await task('Update Documentation', { owner: 'commander', confirm: 'The post-mortem is published', blocks: false });
      return resumed;
    });
  }
});

function causeOf(findings: Finding[]) {
  const faulty = findings.find(({ verdict }) => verdict === 'faulty');
  if (!faulty) return { why: 'The findings support none of the written causes.', ruledOut: [] };
  return { proposed: 'Dynex Platform Issue' as const, why: faulty.evidence, ruledOut: ['Ruled out our changes.'] };
}
