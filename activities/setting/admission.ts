/** Would new pods be admitted, as things are now? Asked before any write: a Deployment's own dry run does not say. */

import type { Clearing } from '../../workflows/contract/action.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import { type Pod, pods, quotas, type Template } from '../connectors/resources.ts';
import { SystemError } from '../connectors/system-error.ts';
import { stopped } from '../failures.ts';
import type { Platform } from '../platform.ts';
import { clearingFor } from '../replica/room.ts';
import { shortage, surgeOf } from './surge.ts';
import { objectName, type SeenWorkload } from './view.ts';

export interface Newcomer {
  seen: SeenWorkload;
  template: Template;
}

interface Asking {
  kubernetes: Kubernetes;
  platform: Platform;
  /** Whether something of the change is written already. */
  begun: boolean;
}

/** @throws `NotAdmitted` with the answer, or SystemError when it cannot be asked. */
export async function admit(newcomers: Newcomer[], asking: Asking): Promise<void> {
  const { kubernetes } = asking;
  const rolled = newcomers.filter(({ seen }) => seen.deployment.spec.replicas > 0);
  const tried = (await Promise.all(rolled.map(newcomer => tryPod(newcomer, asking)))).flat();
  for (const [namespace, surging] of Map.groupBy(tried, ({ seen }) => seen.workload.namespace)) {
    const [short] = shortage(await kubernetes.list(quotas, namespace), surging);
    if (short)
      throw await overQuota(
        surging.map(({ seen }) => seen),
        short,
        asking,
      );
  }
}

/** A Pod as the ReplicaSet would make it; nothing is created. */
async function tryPod({ seen, template }: Newcomer, asking: Asking): Promise<{ seen: SeenWorkload; pod: Pod }[]> {
  const { kubernetes, begun } = asking;
  const { namespace, name } = seen.workload;
  const { labels, annotations } = template.metadata;
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: `${name.slice(0, 57)}-`, namespace, labels, annotations },
    spec: template.spec,
  };
  try {
    return [{ seen, pod: await kubernetes.tryCreate(pods, namespace, pod) }];
  } catch (error) {
    if (!(error instanceof SystemError && isAdmission(error))) throw error;
    const isOverQuota = error.message.includes('exceeded quota');
    if (isOverQuota && surgeOf(seen.deployment) === 0) return [];
    throw isOverQuota ? await overQuota([seen], error.message, asking) : refusal([seen], error.message, begun);
  }
}

/** That we may not even ask is another matter. */
const isAdmission = ({ status, message }: SystemError) =>
  status !== undefined && [400, 403, 422].includes(status) && !message.includes('cannot create resource "pods"');

/** A quota is the one obstacle that we can do something about. */
async function overQuota(seen: SeenWorkload[], said: string, { kubernetes, platform, begun }: Asking) {
  const roles = seen.map(({ workload }) => workload.role);
  return refusal(seen, said, begun, await clearingFor(kubernetes, platform, roles));
}

function refusal(seen: SeenWorkload[], said: string, begun: boolean, clearing?: Clearing) {
  const whose = seen.map(({ workload }) => objectName('Deployment', workload)).join(' and ');
  const left = begun ? 'What was changed before stays, and nothing restarts' : 'Nothing was changed';
  return stopped(
    'NotAdmitted',
    `New pods of ${whose} would be refused. ${said}. ${left}: make room or mend what it names, then retry.`,
    { nothingDone: !begun, ...(clearing && { clearing }) },
  );
}
