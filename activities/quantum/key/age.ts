/** Is the key in use older than it may be? By when its Secret was last written: the key itself may be older, and never is younger. */

import type { Finding } from '../../../workflows/contract/finding.ts';
import type { Kubernetes } from '../../connectors/kubernetes.ts';
import { notConnected } from '../../connectors/system-error.ts';
import type { Deps } from '../../deps.ts';
import { quantumOf } from '../../platform.ts';
import { evidenceOf, part, together } from '../../together.ts';
import type { Reference } from './reference.ts';
import { readKey } from './secret.ts';
import { referencesInUse } from './view.ts';

/** @throws SystemError */
export async function checkAge(deps: Deps): Promise<Finding> {
  const { kubernetes } = deps.systems;
  quantumOf(deps.platform);
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const used = await referencesInUse(kubernetes, deps.platform);
  const parts = await Promise.all(used.map(from => part(() => ageOf(kubernetes, deps, from))));
  return { verdict: together(parts), evidence: evidenceOf(parts) };
}

async function ageOf(kubernetes: Kubernetes, deps: Deps, from: Reference): Promise<Finding> {
  const { where, days } = await readKey(kubernetes, deps, from);
  const most = quantumOf(deps.platform).key.maxAgeDays;
  if (days === undefined) return { verdict: 'unknown', evidence: `${where}: the cluster does not say when it was written.` };
  const text = `${where}, at most ${most} are allowed; the key itself may be older`;
  return days > most
    ? { verdict: 'faulty', evidence: `${text}: runbooks start quantum-api-key-rotation.` }
    : { verdict: 'healthy', evidence: `${text}.` };
}
