import { runbook } from '../kit/index.ts';
import { gradualRollback } from './dynex-outage/gradual-rollback.ts';

const degraded = { component: 'quantum', status: 'degraded_performance', text: 'degraded' } as const;
const operational = { component: 'quantum', status: 'operational', text: 'dynex-resolved' } as const;
const classical = { solver: 'classical', successRate: 0.95, p95: 300 } as const;
const quarter = { every: '1 minute', for: '15 minutes', atLeast: 15 } as const;
const patience = { every: '2 minutes', for: '15 minutes', atLeast: 5, upTo: '4 hours' } as const;

/** Emergency procedure, started by a person: the mitigation of Dynex Outage at once, and its way back. One incident with it. */
export const dynexServiceOutage = runbook('Dynex Service Outage', async (words, _alert, { stages }) => {
  const { phase, step, check, watch, remedy } = words;

  await mitigate();
  await Promise.all([monitorFallback(), restore()]);

  /** While Dynex fails, a fallback that was not confirmed yet is judged again: in Recovery it would not be. */
  async function restore() {
    await untilDynexIsWell();
    await remedy(mitigateAgain, { recovered: recovery });
  }

  async function mitigateAgain() {
    await mitigate();
    await untilDynexIsWell();
  }

  async function mitigate() {
    await Promise.all([
      step('Update status page: declared').comms.declareIncident({ title: 'Dynex Service Outage' }),
      step('Update status page').comms.setStatusPage(degraded),
      fallBack(),
    ]);
  }

  /** The fallback restarts what reads it; this is whether it came up. */
  async function fallBack() {
    await step('Enable classical fallback immediately', { approver: 'quantum' }).quantum.setFallback({ enabled: true });
    await check('Restart workers to pick up new config').kubernetes.rolloutStatus({ workload: 'worker' });
  }

  async function monitorFallback() {
    const { verdict, evidence, facts } = await watch('Monitor fallback performance', quarter).quantum.jobs(classical);
    const because = `jobs on the classical solvers do not succeed as they should, or not in time: ${evidence.slice(0, 300)}`;
    if (verdict !== 'healthy') await step('Monitor fallback performance: page').oncall.page({ roles: ['quantum'], because });
    if (verdict !== 'healthy' || facts?.share === undefined || facts.share < 0.5) return;
    const measured = { component: 'quantum', status: 'degraded_performance', text: 'quantum-fallback' } as const;
    await step('Update status page: measured').comms.setStatusPage({ ...measured, share: facts.share });
  }

  function untilDynexIsWell() {
    return watch('Monitor fallback performance: Dynex', patience).quantum.dynexStatus({});
  }

  /** As in Dynex Outage. */
  function recovery() {
    return phase('Recovery', async () => {
      const resumed = await gradualRollback(words, stages);
      if (resumed.verdict !== 'healthy') return resumed;
      await step('Update status page: operational').comms.setStatusPage(operational);
      const everyone = { text: 'dynex-resolved', to: 'all customers' } as const;
      await step('Update status page: mail', { approver: 'customer-success' }).comms.tellCustomers(everyone);
      return resumed;
    });
  }
});
