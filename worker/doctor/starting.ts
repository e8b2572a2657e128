/** The environment of quantum pods at start: the setting, which moves no workload that does not read it, and the Dynex key. */

import { z } from 'zod';
import type { Container, Deployment } from '../../activities/connectors/resources.ts';
import type { Deps } from '../../activities/deps.ts';
import {
  type PlacedWorkload,
  type Platform,
  quantumConfigMap,
  quantumOf,
  quantumSecret,
  quantumWorkloads,
  shareKey,
} from '../../activities/platform.ts';
import { consumed } from '../../activities/kubernetes/consumption.ts';
import { readsTheShare } from '../../activities/quantum/breaker/view.ts';
import { fault, fine, type Line, looked } from './line.ts';
import { targetName } from '../../workflows/contract/action.ts';
import { readWorkload } from '../../activities/engine/rollout.ts';

/** The warnings in a worker's log when it starts: parts of the setting that reach no pod. Never throws. */
export async function sayUnread(
  { systems: { kubernetes }, platform }: Pick<Deps, 'systems' | 'platform'>,
  say: (line: string) => void,
) {
  if (!kubernetes) return;
  const look = quantumWorkloads(platform).map(async workload => {
    const check = targetName(workload);
    return looked(check, async () => startingLines(platform, workload, await readWorkload(kubernetes, workload)));
  });
  for (const { ok, check, text, fix = '' } of (await Promise.all(look)).flat()) if (!ok) say(`${check}: ${text} ${fix}`);
}

export function startingLines(platform: Platform, workload: PlacedWorkload, deployment: Deployment): Line[] {
  const { quantum } = platform;
  if (!quantum) return [];
  const reads = platform.workloads[workload.role]?.configMap === quantum.configMap;
  const runsJobs = quantum.workloads.includes(workload.role);
  const sharing = runsJobs ? sharingLines(platform, workload, deployment) : [];
  const follows = readsTheShare(platform, workload, deployment.spec.template);
  return [
    ...sharing,
    ...((reads || runsJobs) && !follows ? [readingLine(platform, workload, deployment)] : []),
    ...(runsJobs ? keyLines(platform, workload, deployment) : []),
  ];
}

/** Where jobs return by a share, every workload that runs them should follow it; the others move with the last step, by a restart. */
function sharingLines(platform: Platform, workload: PlacedWorkload, { spec }: Deployment): Line[] {
  const share = shareKey(platform);
  if (share === undefined) return [];
  const check = `${workload.name} reads ${share} while it runs`;
  if (readsTheShare(platform, workload, spec.template)) return [fine(check, 'yes.')];
  const place = targetName({ kind: 'ConfigMap', ...quantumConfigMap(platform) });
  const fix = `Mount ${place} in container ${workload.container}, without subPath, or add ${workload.role} to quantum.share.polledBy.`;
  return [fault(check, 'no: its jobs do not return in stages.', fix)];
}

function readingLine(platform: Platform, workload: PlacedWorkload, { spec }: Deployment): Line {
  const { role, name, namespace, container } = workload;
  const place = quantumConfigMap(platform);
  const check = `${name} reads ${targetName({ kind: 'ConfigMap', ...place })}`;
  const keys = Object.keys(quantumOf(platform).fallback);
  const read = place.namespace === namespace ? consumed(spec.template, place.name, keys) : [];
  if (read.length === keys.length) return fine(check, `yes: ${read.join(', ')}.`);
  const missing = keys.filter(key => !read.includes(key));
  const text =
    read.length === 0 ? 'no: no circuit breaker moves its jobs.' : `not all of it: ${missing.join(', ')} do not reach its pods.`;
  const fix = `Give container ${container} envFrom configMapRef ${place.name} (its pods restart), or take ${role} out of quantum.workloads in the platform description.`;
  return fault(check, text, fix);
}

const keyRef = z.looseObject({ secretKeyRef: z.looseObject({ name: z.string().default(''), key: z.string() }) });
const wholeSecret = z.looseObject({ secretRef: z.looseObject({ name: z.string().default('') }) });

/** By reference only. The check of the key is worth nothing where the pods take theirs from elsewhere. */
function keyLines(platform: Platform, { name, namespace, container }: PlacedWorkload, { spec }: Deployment): Line[] {
  const { env, key } = quantumOf(platform).key;
  const place = quantumSecret(platform);
  const check = `${name} takes ${env} from ${targetName({ kind: 'Secret', ...place })}`;
  const found = spec.template.spec.containers.find(one => one.name === container);
  if (!found || (place.namespace === namespace && takes(found, { env, key, secret: place.name }))) return [];
  return [fault(check, `no: its container ${container} does not.`, 'Correct quantum.key in the platform description.')];
}

/** A variable set by name wins over one that comes with a whole Secret. */
function takes({ env, envFrom }: Container, wanted: { env: string; key: string; secret: string }): boolean {
  const named = env.find(({ name }) => name === wanted.env);
  const { data } = keyRef.safeParse(named?.valueFrom);
  if (named) return data?.secretKeyRef.name === wanted.secret && data.secretKeyRef.key === wanted.key;
  const refs = envFrom.map(source => wholeSecret.safeParse(source).data?.secretRef.name);
  return wanted.env === wanted.key && refs.includes(wanted.secret);
}
