import { runbook } from '../../../workflows/kit/index.ts';

/** The circuit breaker for half a minute of these tests. */
export const briefOutage = runbook('Brief Outage', async ({ step, task }) => {
  await step('Activate Circuit Breaker', { until: '60 minutes' }).quantum.setFallback({ enabled: true });
  await task('Wait and see', { owner: 'quantum', confirm: 'It is over' });
});
