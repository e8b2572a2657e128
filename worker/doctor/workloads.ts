/** Each workload by its names: the object, container, pods, HorizontalPodAutoscaler, and what its pods start with. */

import { z } from 'zod';
import type { Kubernetes } from '../../activities/connectors/kubernetes.ts';
import { type Deployment, hpas, type Pod } from '../../activities/connectors/resources.ts';
import { allWorkloads, type PlacedWorkload, type Platform } from '../../activities/platform.ts';
import { workloadTarget } from '../../activities/engine/kubernetes-targets.ts';
import { livePods } from '../../activities/engine/templates.ts';
import { atZero, pausedSince, resumption } from '../../activities/engine/useless.ts';
import { fault, fine, type Line, looked } from './line.ts';
import { startingLines } from './starting.ts';
import { targetName } from '../../workflows/contract/action.ts';
import { readWorkload } from '../../activities/engine/rollout.ts';

export const workloadLines = async (kubernetes: Kubernetes, platform: Platform): Promise<Line[]> =>
  (await Promise.all(allWorkloads(platform).map(workload => linesOf(kubernetes, platform, workload)))).flat();

function linesOf(kubernetes: Kubernetes, platform: Platform, workload: PlacedWorkload): Promise<Line[]> {
  const check = targetName(workload);
  const look = async () => {
    const deployment = await readWorkload(kubernetes, workload);
    const pods = await livePods(kubernetes, workload.namespace, workload.selector);
    return [
      deploymentLine(workload, deployment, pods),
      ...(await uselessLines(kubernetes, workload, deployment)),
      ...(await hpaLines(kubernetes, workload)),
      ...startingLines(platform, workload, deployment),
    ];
  };
  return looked(check, look, `workloads.${workload.role}.name`);
}

/** States in which a change of it would start no pod, and is refused. */
async function uselessLines(kubernetes: Kubernetes, workload: PlacedWorkload, deployment: Deployment): Promise<Line[]> {
  const target = workloadTarget(workload);
  const check = targetName(target);
  const since = pausedSince(deployment);
  if (since !== undefined)
    return [fault(check, `is paused since ${since}, so no change reaches its pods.`, `${resumption(deployment)}.`)];
  if (deployment.spec.replicas > 0) return [];
  return [fine(check, `has no replicas. ${await atZero(kubernetes, target)} A change that starts its pods again is refused.`)];
}

const selecting = z.looseObject({ selector: z.looseObject({ matchLabels: z.record(z.string(), z.string()).default({}) }) });

function deploymentLine(workload: PlacedWorkload, { spec }: Deployment, pods: Pod[]): Line {
  const check = targetName(workload);
  const where = `workloads.${workload.role}`;
  const containers = spec.template.spec.containers.map(({ name }) => name);
  if (!containers.includes(workload.container))
    return fault(
      check,
      `has no container ${workload.container}.`,
      `Correct ${where}.container in the platform description: ${containers.join(', ')}.`,
    );
  const own = selecting.parse(spec).selector.matchLabels;
  const selects = { ...own, ...workload.selector };
  const strangers = pods.filter(({ metadata }) => !carries(metadata.labels, own)).map(({ metadata }) => metadata.name);
  const selector = `Correct ${where}.selector in the platform description: ${textOf(own)}.`;
  if (!carries(spec.template.metadata.labels, selects))
    return fault(check, `has no pods with ${textOf(workload.selector)}.`, selector);
  if (strangers.length > 0)
    return fault(
      check,
      `${textOf(workload.selector)} also selects pods of others: ${strangers.slice(0, 3).join(', ')}.`,
      selector,
    );
  return fine(check, `exists: ${pods.length} of ${spec.replicas} pods, container ${workload.container}.`);
}

const carries = (labels: Record<string, string>, wanted: Record<string, string>) =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value);

const textOf = (labels: Record<string, string>) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');

const scaling = z.looseObject({ scaleTargetRef: z.looseObject({ kind: z.string(), name: z.string() }) });
const scaler = z.looseObject({ spec: scaling });

async function hpaLines(kubernetes: Kubernetes, { hpa, kind, name, namespace, role }: PlacedWorkload): Promise<Line[]> {
  if (!hpa) return [];
  const check = targetName({ kind: 'HorizontalPodAutoscaler', namespace, name: hpa });
  const where = `workloads.${role}.hpa`;
  const look = async () => {
    const { scaleTargetRef: target } = scaler.parse(await kubernetes.read(hpas, { namespace, name: hpa })).spec;
    return target.name === name && target.kind === kind
      ? fine(check, `scales ${name}.`)
      : fault(check, `scales ${target.kind} ${target.name}, not ${name}.`, `Correct ${where} in the platform description.`);
  };
  return looked(check, look, where);
}
