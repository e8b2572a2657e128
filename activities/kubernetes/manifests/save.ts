/** `kubectl get deployments -o yaml > pre-maintenance-state.yaml`: kept outside Temporal, by its digest. */

import type { Finding } from '../../../workflows/contract/finding.ts';
import { bodyOf } from '../../connectors/artifacts.ts';
import { notConnected, SystemError } from '../../connectors/system-error.ts';
import type { Deps } from '../../deps.ts';
import type { ManifestsFacts } from '../../facts.ts';
import { allNamespaces } from '../../platform.ts';
import { frozenOf, liveObjects, type Manifest } from './frozen.ts';
import { type Restored, tryToRestore } from './restore.ts';

/** The same state twice is one artifact. Healthy once it is proved to restore. @throws SystemError */
export async function saveManifests({
  systems: { kubernetes, artifacts },
  platform,
  now,
}: Deps): Promise<Finding<ManifestsFacts>> {
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const live = await liveObjects(kubernetes, platform);
  const items = frozenOf(live, platform.cluster);
  const where = allNamespaces(platform).join(', ');
  if (items.length === 0) return { verdict: 'unknown', evidence: `${where} has no Deployment: nothing was saved.` };
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, undefined, 2);
  const digest = await artifacts.save(body);
  const hidden = body.match(/<hidden \w{8}>/g)?.length ?? 0;
  const gaps = hidden > 0 ? ` ${hidden} values that look like secrets are hidden: fill them in before it is applied.` : '';
  const restoring = { kubernetes, live, cluster: platform.cluster, now };
  const { verdict, text } = await artifacts.load(digest).then(kept => tryToRestore(kept, restoring), unread);
  return {
    verdict,
    evidence: `Saved ${countsOf(items)} of ${where} in the artifact store: ${bodyOf(digest)}. ${text}${gaps}`,
    facts: { digest, objects: items.length, hidden },
  };
}

/** The archive is compared with all the same. */
function unread(error: unknown): Restored {
  if (!(error instanceof SystemError)) throw error;
  return { verdict: 'unknown', text: `Whether it restores is unknown: ${error.message}.` };
}

const countsOf = (items: Manifest[]) =>
  [...Map.groupBy(items, ({ kind }) => kind)].map(([kind, those]) => `${those.length} ${kind}s`).join(' and ');
