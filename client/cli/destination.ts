/** The cluster that an order goes to: named in its answer, and compared with the platform description before anything is written. */

import { Option } from 'commander';
import type { Destination } from '../../activities/connectors/kubeconfig.ts';
import { clusterNames, isOurs } from '../clusters.ts';
import { value } from '../environment.ts';
import { Failed, Refused, Usage } from '../errors.ts';
import type { ClientPlatform } from '../platform.ts';
import type { Desk } from './desk.ts';
import { line } from './text.ts';

export const context = () =>
  new Option('--context <name>', 'the context of KUBECONFIG that is meant, whatever its cluster is called');

const which = 'For practice: source .practice/env. Else set TEMPORAL_ADDRESS.';

/** @throws Usage where the practice platform would be meant, and KUBECONFIG leads elsewhere */
export function expectMeant({ unused }: Pick<Desk, 'unused'>) {
  if (unused)
    throw new Usage(
      line`Which cluster? KUBECONFIG names ${unused}, but TEMPORAL_ADDRESS is not set, which selects the practice platform. ${which}`,
    );
}

/** Where the order goes. @throws Refused where nothing says that this is the cluster of the platform description */
export async function destination(desk: Desk, command: string): Promise<Destination> {
  expectMeant(desk);
  const found = await leadingTo(desk);
  const platform = desk.platform();
  const isMeant = desk.context !== undefined || found.isPod || isCalled(found, platform);
  if (isMeant) return found;
  throw new Refused(
    line`KUBECONFIG leads to ${textOf(found)}, and the platform description is of ${clusterNames(platform)}. Nothing was changed. If it is the same cluster: ${command} --context ${found.context}, or add a name of it to clusterAliases.`,
  );
}

/** True where context, cluster or server is called as the description calls the cluster. */
export const isCalled = (found: Destination, platform: ClientPlatform) => namesOf(found).some(name => isOurs(platform, name));

export async function leadingTo(desk: Desk): Promise<Destination> {
  const { destinationOf } = await import('../../activities/connectors/kubeconfig.ts');
  const kubeconfig = value(desk.environment, 'KUBECONFIG');
  try {
    return await destinationOf({ ...(kubeconfig && { kubeconfig }), ...(desk.context && { context: desk.context }) });
  } catch (error) {
    throw new Failed(line`${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
}

/** The parts of context, cluster and server: `arn:aws:eks:eu-west-1:1:cluster/production` names the last. */
const namesOf = ({ context, cluster, server }: Destination) =>
  [context, cluster, server].flatMap(text => text.split(/[^\w-]+|_/));

type Named = Omit<Destination, 'isPod'>;

const textOf = ({ context, cluster, server }: Named) => `context ${context}, cluster ${cluster}, server ${server}`;

export const onCluster = (found: Named) => line`On ${textOf(found)}.`;
