/** The cluster: does it answer, is everything there that the platform's description names, may we do what we need to? */

import { z } from 'zod';
import { accepted, parsed } from '../../activities/connectors/http.ts';
import { destinationOf } from '../../activities/connectors/kubeconfig.ts';
import { readIfAny } from '../../activities/connectors/kubernetes.ts';
import { SystemError } from '../../activities/connectors/system-error.ts';
import { workloadResources } from '../../activities/connectors/workload-resources.ts';
import { allWorkloads } from '../../activities/platform.ts';
import { type Line, fault, fine, looked } from './line.ts';
import { rightsLines } from './rights.ts';
import { roomLines } from './room.ts';
import { configMapLines, holdLines, secretLines } from './settings.ts';
import type { Sight } from './sight.ts';
import { webhookLines } from './webhooks.ts';
import { workloadLines } from './workloads.ts';

const version = z.looseObject({ gitVersion: z.string() });

/**
 * A cluster that does not answer is one line, not one for each name.
 * @param own folder with runbooks of one's own
 */
export async function clusterLines(sight: Sight, own?: string): Promise<Line[]> {
  const answers = await looked('Kubernetes', () => answerLine(sight));
  const { kubernetes } = sight.systems;
  if (!kubernetes || answers.some(({ ok }) => !ok)) return answers;
  const { platform } = sight;
  const found = await Promise.all([
    ...Object.entries(platform.namespaces).map(([role, name]) => namespaceLines(sight, role, name)),
    workloadLines(kubernetes, platform),
    configMapLines(kubernetes, platform),
    holdLines(kubernetes, platform),
    secretLines(kubernetes, platform),
    looked('Room for a rollout', () => roomLines(kubernetes, platform)),
    looked('Rights', () => rightsLines(sight, own)),
    looked('A write to the cluster', () => webhookLines(kubernetes, sight)),
  ]);
  return [...answers, ...(await foreignLines(sight)), ...found.flat()];
}

/** Where nothing is found that the description names, it is for another cluster, or we are at the wrong one. */
async function foreignLines({ systems: { kubernetes }, platform }: Sight): Promise<Line[]> {
  const workloads = allWorkloads(platform);
  const found = workloads.map(async place => {
    const resource = workloadResources[place.kind];
    return kubernetes && readIfAny(kubernetes, resource, place).catch(unlessUnanswered);
  });
  if ((await Promise.all(found)).some(object => object !== undefined)) return [];
  const text = `has none of the ${workloads.length} workloads, so the description of ${platform.cluster} is for another cluster, or this is the wrong one.`;
  return [fault('Kubernetes', text, 'Set KUBECONFIG to its cluster, or RUNBOOKS_PLATFORM to the description of this one.')];
}

/** It may be there. */
function unlessUnanswered(error: unknown): 'not known' {
  if (error instanceof SystemError) return 'not known';
  throw error;
}

async function answerLine({ askCluster, connections }: Sight): Promise<Line> {
  const { fetch, ...source } = connections.kubernetes ?? {};
  const { gitVersion } = parsed('Kubernetes', version, await askCluster('/version'));
  if (fetch) return fine('Kubernetes', `answers: ${gitVersion}.`);
  const { context, cluster, server } = await destinationOf(source);
  return fine('Kubernetes', `answers: ${gitVersion}; context ${context}, cluster ${cluster}, server ${server}.`);
}

/** Our narrow Role does not read namespaces: that is no fault. */
const namespaceLines = ({ askCluster }: Sight, role: string, name: string) =>
  looked(`Namespace ${name}`, async () => {
    const check = `Namespace ${name}`;
    const answer = await askCluster(`/api/v1/namespaces/${encodeURIComponent(name)}`);
    if (answer.status === 403) return fine(check, 'may not be read by this account, which needs no permission to.');
    if (answer.status === 404) return fault(check, 'does not exist.', `Correct namespaces.${role} in the platform description.`);
    accepted('Kubernetes', answer);
    return fine(check, 'exists.');
  });
