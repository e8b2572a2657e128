import type { Words } from '../../kit/index.ts';
import { newKey } from './new-key.ts';

const reached = { owner: 'infrastructure', confirm: 'Dynex is reached again' } as const;

/** Something of ours lies between the pods and Dynex: a policy, a firewall, or a rotation that left something behind. */
export async function networkConfigurationIssue({ ask, check, step, task }: Words) {
  const policies = await check('Check firewall rules and network policies').kubernetes.networkPolicies({
    workloads: ['api', 'worker', 'batch'],
  });
  const rotation = await check("Verify API key rotation hasn't caused issues").quantum.keyVersions({});
  const isRotation = rotation.verdict === 'faulty';
  if (!isRotation || policies.verdict === 'faulty') await task('Check firewall rules and network policies: by hand', reached);
  if (!isRotation) return;
  const secret = await newKey('Test with new API keys if necessary', { ask, check });
  if (secret) await step('Test with new API keys if necessary: use', { approver: 'quantum' }).kubernetes.useSecret({ secret });
}
