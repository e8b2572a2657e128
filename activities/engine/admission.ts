/** Would new pods be admitted, as things are now? Asked before any write: a Deployment's own dry run does not say. */

import { type RemedialAction, type Target, targetName } from '../../workflows/contract/action.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import { type Pod, quotas, type Template } from '../connectors/resources.ts';
import { SystemError } from '../connectors/system-error.ts';
import { stopped } from '../failures.ts';
import { remedialActionsFor } from '../kubernetes/quota-room.ts';
import type { Platform } from '../platform.ts';
import type { Rolled } from './rolling.ts';
import { shortage, surgeOf } from './surge.ts';
import { refusesWhatRuns, tryPodOf } from './trial-pod.ts';

export interface Newcomer {
  rolled: Omit<Rolled, 'pods'>;
  template: Template;
  /** How many pods are added for good; else it is the surge of a rollout. */
  more?: number;
}

interface Asking {
  kubernetes: Kubernetes;
  platform: Platform;
  /** True if a part of the change is written already. */
  begun: boolean;
}

interface Tried {
  newcomer: Newcomer;
  pod?: Pod;
  /** Why no one could say. */
  untried?: string;
}

/** Answers that could not be tested, quoted: people decide then. @throws `NotAdmitted` with the answer, or SystemError. */
export async function admit(newcomers: Newcomer[], asking: Asking): Promise<string[]> {
  const { kubernetes } = asking;
  const wanted = newcomers.filter(({ rolled, more }) => (more ?? rolled.deployment.spec.replicas) > 0);
  const tried = (await Promise.all(wanted.map(newcomer => tryPod(newcomer, asking)))).flat();
  const byNamespace = Map.groupBy(tried, ({ newcomer }) => newcomer.rolled.target.namespace ?? '');
  for (const [namespace, those] of byNamespace) {
    const surging = those.flatMap(({ newcomer: { rolled, more }, pod }) =>
      pod ? [{ deployment: rolled.deployment, pod, ...(more !== undefined && { more }) }] : [],
    );
    const [short] = shortage(await kubernetes.list(quotas, namespace), surging);
    if (short) throw await overQuota(those, short, asking);
  }
  return tried.flatMap(({ untried }) => untried ?? []);
}

/** Why a Pod of this template would be refused, whatever room there is; nothing where it would be admitted or no one can say. */
export async function refusalOf(kubernetes: Kubernetes, target: Target, template: Template): Promise<string | undefined> {
  try {
    await tryPodOf(kubernetes, target, template);
    return undefined;
  } catch (error) {
    if (!(error instanceof SystemError && isAdmission(error))) throw error;
    return isUntried(error) || isOverQuota(error) ? undefined : error.message;
  }
}

async function tryPod(newcomer: Newcomer, asking: Asking): Promise<Tried[]> {
  const { rolled, template, more } = newcomer;
  try {
    return [{ newcomer, pod: await tryPodOf(asking.kubernetes, rolled.target, template) }];
  } catch (error) {
    if (!(error instanceof SystemError && isAdmission(error))) throw error;
    if (isUntried(error)) return [{ newcomer, untried: untriedText(error) }];
    if (await mayMindUs(error, newcomer, asking)) return [{ newcomer, untried: mindedText(error) }];
    if (isOverQuota(error) && more === undefined && surgeOf(rolled.deployment) === 0) return [];
    const those = [{ newcomer }];
    throw isOverQuota(error) ? await overQuota(those, error.message, asking) : refusal(those, error.message, asking);
  }
}

/** The template that runs now is refused too, so that the answer may be about the trial rather than about the change. */
const mayMindUs = (refused: SystemError, { rolled: { target, deployment }, template }: Newcomer, { kubernetes }: Asking) =>
  refusesWhatRuns(kubernetes, target, { template, running: deployment.spec.template, refused });

const mindedText = ({ message }: SystemError) =>
  `A policy refuses a trial Pod, as it would refuse one of the pods that run now, so it may mind who asks: ${message}.`;

const isOverQuota = ({ message }: SystemError) => message.includes('exceeded quota');

/** That we may not even ask is another matter. */
const isAdmission = ({ status, message }: SystemError) =>
  status !== undefined && [400, 403, 422].includes(status) && !message.includes('cannot create resource "pods"');

/** A webhook that has side effects refuses to be tried: that says nothing of the change. */
export const isUntried = ({ status, message }: SystemError) => status === 400 && message.includes('does not support dry run');

export const untriedText = ({ message }: SystemError) => `It could not be tested before: ${message}.`;

/** A quota is the one obstacle that we can do something about. */
async function overQuota(those: Tried[], said: string, asking: Asking) {
  const isRolled = ({ namespace, name }: { namespace: string; name: string }) =>
    those.some(({ newcomer: { rolled } }) => rolled.target.namespace === namespace && rolled.target.name === name);
  return refusal(those, said, asking, await remedialActionsFor(asking.kubernetes, asking.platform, isRolled));
}

function refusal(those: Tried[], said: string, { begun }: Asking, remedialActions: RemedialAction[] = []) {
  const whose = those.map(({ newcomer }) => targetName(newcomer.rolled.target)).join(' and ');
  const left = begun ? 'What was changed before stays, and nothing restarts' : 'Nothing was changed';
  return stopped(
    'NotAdmitted',
    `New pods of ${whose} would be refused. ${said}. ${left}: free capacity or fix what the message names, then retry.`,
    { nothingDone: !begun, remedialActions },
  );
}
