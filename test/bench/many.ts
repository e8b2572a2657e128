/** Runbooks as long as their alert says, to see what one more step, phase or question costs. */

import type { Alert } from '../../workflows/contract/index.ts';
import { runbook } from '../../workflows/kit/index.ts';

const upTo = ({ labels }: Alert) => Array.from({ length: Number(labels['many']) }, (_, index) => index + 1);

export const steps = runbook('Dynex Outage', async ({ step }, alert) => {
  for (const number of upTo(alert)) await step(`Activate Circuit Breaker: ${number}`).quantum.setFallback({ enabled: true });
});

export const phases = runbook('Dynex Outage', async ({ phase, check }, alert) => {
  for (const number of upTo(alert))
    await phase(`Investigation: ${number}`, { by: `${number} minutes` }, () =>
      check(`Check Credentials: ${number}`).quantum.dynexKey({}),
    );
});

export const questions = runbook('Dynex Outage', async ({ ask }, alert) => {
  for (const number of upTo(alert))
    await ask(`Go on: ${number}?`, ['yes', 'no'], { owner: 'quantum', otherwise: 'no', by: '1 hour' });
});
