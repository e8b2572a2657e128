/** Carries a draft out: each write is allowed anew, and what is there already is not written again. */

import type { Kubernetes } from '../connectors/kubernetes.ts';
import { type ConfigMap, configMaps, type Deployment, deployments } from '../connectors/resources.ts';
import type { Because } from '../guard.ts';
import type { Draft } from './draft.ts';
import { configMapPatch, workloadPatch } from './patches.ts';
import { restartStamp, templateDigest } from './view.ts';

/** Somebody else changed an object that the draft rests on. */
export class Moved extends Error {
  override name = 'Moved' as const;
}

export interface Applying {
  kubernetes: Kubernetes;
  key: string;
  /** Asked immediately before each write. */
  forbidden: () => Promise<Because | undefined>;
  heartbeat: () => void;
}

/**
 * Nothing when all is written; why not, when it was forbidden on the way.
 * @throws Moved, SystemError
 */
export async function apply(draft: Draft, applying: Applying): Promise<Because | undefined> {
  const writes = [() => writeConfigMap(draft, applying), ...draft.workloads.map(one => () => writeWorkload(one, applying))];
  for (const write of writes) {
    applying.heartbeat();
    const because = await write();
    if (because) return because;
  }
  return undefined;
}

async function writeConfigMap({ configMap }: Draft, { kubernetes, forbidden }: Applying) {
  const now = await kubernetes.read(configMaps, configMap);
  if (now.metadata.uid !== configMap.uid) throw new Moved();
  const { fields } = configMap;
  if (recorded(now, configMap.annotations) && fields.every(({ field, after }) => (now.data[field] ?? null) === after))
    return undefined;
  if (!fields.every(({ field, before, after }) => [before, after].includes(now.data[field] ?? null))) throw new Moved();
  const because = await forbidden();
  if (!because) await kubernetes.patch(configMaps, configMap, configMapPatch(configMap, now.metadata.resourceVersion));
  return because;
}

async function writeWorkload(workload: Draft['workloads'][number], { kubernetes, key, forbidden }: Applying) {
  const now = await kubernetes.read(deployments, workload);
  const template = templateDigest(now.spec.template);
  if (now.metadata.uid !== workload.uid || ![workload.from, workload.target].includes(template)) throw new Moved();
  if (isWritten(workload, now, key)) return undefined;
  const because = await forbidden();
  if (!because) await kubernetes.patch(deployments, workload, workloadPatch(workload, key, now.metadata.resourceVersion));
  return because;
}

/** Whether this part of the draft stands on the API server already. */
export const isWritten = (workload: Draft['workloads'][number], now: Deployment, key: string) =>
  recorded(now, workload.annotations) && (!workload.restart || isRestarted(now, workload, key));

/** Stamped by this key; or recorded by it and restarted again by somebody since. */
const isRestarted = ({ spec }: Deployment, { annotations }: Draft['workloads'][number], key: string) =>
  spec.template.metadata.annotations[restartStamp] === key || Object.values(annotations).some(text => text !== null);

const recorded = ({ metadata }: ConfigMap | Deployment, annotations: Record<string, string | null>) =>
  Object.entries(annotations).every(([name, text]) => (metadata.annotations[name] ?? null) === text);
