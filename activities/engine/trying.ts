/** A draft tried before anything is written: by the API server's dry run, then as the pods that it would start. */

import { autoscalers } from '../connectors/health-resources.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { ActionContext } from './action.ts';
import { admit, isUntried, type Newcomer, untriedText } from './admission.ts';
import { readObject, type Served, snapshotOf, tryWrite } from './kubernetes-targets.ts';
import { refuseOwned, refuseReferred } from './ownership.ts';
import { readWorkload } from './rollout.ts';
import { startsPods } from './rolling.ts';
import { isSameTarget, type Snapshot } from './target.ts';
import { refuseAtZero, refusePaused } from './useless.ts';
import type { Write } from './write.ts';

export interface Tried {
  writes: Write[];
  /** Answers of tests that were impossible, quoted: people are asked then. */
  untried: string[];
}

interface How {
  /** True if a part of the change is written already. */
  begun: boolean;
  /** One rollout after the other, so that each surges by itself. */
  inTurn: boolean;
}

/** The writes with the API server's own answers. @throws `NotAdmitted`, `Refused`, SystemError */
export async function tried(writes: Write[], context: ActionContext, { begun, inTurn }: How): Promise<Tried> {
  if (!begun) await refuseAtZero(writes, context.kubernetes);
  const served = await Promise.all(writes.map(write => dryRun(write, context)));
  const newcomers = (await Promise.all(served.map(one => newcomersOf(one, writes, context)))).flat();
  const asking = { kubernetes: context.kubernetes, platform: context.deps.platform, begun };
  const untried = served.flatMap(one => one.untried ?? []);
  for (const group of inTurn ? newcomers.map(one => [one]) : [newcomers]) untried.push(...(await admit(group, asking)));
  return { writes: served.map(({ write }) => write), untried };
}

type Tested = Served & { untried?: string };

async function dryRun(write: Write, context: ActionContext): Promise<Tested> {
  const { kubernetes, deps, systems } = context;
  const { target, edits } = write;
  if (target.system !== 'kubernetes' || edits.length === 0) return { write, template: undefined };
  const tries = systems.kubernetes?.tries?.(target);
  if (tries) return tries(write).then(() => ({ write, template: undefined }));
  const object = await readObject(kubernetes, target);
  refuseOwned(target, object);
  refusePaused(write, object);
  const unread = await refuseReferred(kubernetes, target).catch(unlessForbidden);
  try {
    const served = await tryWrite(kubernetes, deps.systems.artifacts, withTemplate(write, snapshotOf(target, object)));
    return unread === undefined ? served : { ...served, untried: unread };
  } catch (error) {
    if (!(error instanceof SystemError && isUntried(error))) throw error;
    return { write, template: undefined, untried: untriedText(error) };
  }
}

/** Other owners of the object are unknown without permission to read. */
function unlessForbidden(error: unknown): string {
  if (error instanceof SystemError && error.status === 403)
    return `Whether another controller owns it is not known: ${error.message}.`;
  throw error;
}

const withTemplate = (write: Write, { template }: Snapshot): Write =>
  startsPods(write) && template !== undefined ? { ...write, template: { from: template, to: template } } : write;

/** Pods that a rollout, a further replica or a higher floor would start. */
async function newcomersOf({ write, template }: Served, all: Write[], { kubernetes }: ActionContext): Promise<Newcomer[]> {
  if (write.target.kind === 'HorizontalPodAutoscaler') return underFloor(write, all, kubernetes);
  const more = addedReplicas(write);
  if (!template || (!startsPods(write) && more <= 0)) return [];
  const deployment = await readWorkload(kubernetes, write.target);
  return [{ rolled: { target: write.target, deployment }, template, ...(!startsPods(write) && { more }) }];
}

/** Pods that an autoscaler adds because of its floor; where the replicas are written beside it, those count already. */
async function underFloor({ target, edits }: Write, all: Write[], kubernetes: Kubernetes): Promise<Newcomer[]> {
  const floor = Number(edits.find(({ field }) => field === 'minReplicas')?.after ?? 0);
  const { spec } = await kubernetes.read(autoscalers, { namespace: target.namespace ?? '', name: target.name });
  const scaled = { ...target, kind: spec.scaleTargetRef.kind, name: spec.scaleTargetRef.name };
  if (
    floor === 0 ||
    !['Deployment', 'StatefulSet'].includes(scaled.kind) ||
    all.some(write => isSameTarget(write.target, scaled))
  )
    return [];
  const deployment = await readWorkload(kubernetes, scaled);
  const more = floor - deployment.spec.replicas;
  return more > 0 ? [{ rolled: { target: scaled, deployment }, template: deployment.spec.template, more }] : [];
}

function addedReplicas({ edits }: Write): number {
  const edit = edits.find(({ field }) => field === 'replicas');
  return edit ? Number(edit.after) - Number(edit.before) : 0;
}
