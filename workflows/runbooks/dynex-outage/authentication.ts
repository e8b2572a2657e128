import type { Words } from '../../kit/index.ts';
import { newKey } from './new-key.ts';

const threeTimes = { every: '1 minute', for: '2 minutes', atLeast: 3 } as const;

/** Dynex answers, and refuses the key. */
export async function authenticationIssue({ ask, check, step, watch }: Words) {
  const secret = await newKey('Rotate Dynex API keys', { ask, check });
  if (!secret) return;
  await step('Update configuration', { approver: 'quantum' }).kubernetes.useSecret({ secret });
  await watch('Test connectivity', threeTimes).quantum.dynexKey({});
  await check('Test connectivity: canary').quantum.canary({ solver: 'dynex' });
}
