/** The doctor's view: the connectors of the activities, and nothing that writes. */

import { connectAll, type Connections, type Systems } from '../../activities/connectors/index.ts';
import { apiServer, kubernetesFetch } from '../../activities/connectors/kubeconfig.ts';
import { type Answer, type Asked, type Clock, sender } from '../../activities/connectors/http.ts';
import { nobody, type OnCall } from '../../activities/people.ts';
import type { Platform } from '../../activities/platform.ts';
import type { Config } from '../config.ts';

export interface Sight {
  platform: Platform;
  onCall: OnCall;
  connections: Connections;
  systems: Systems;
  clock: Clock;
  /** The worker's name at the API server, where someone else asks. */
  user: string | undefined;
  /** A path of the API server that has no connector. Throws SystemError. */
  askCluster: (path: string, asked?: Asked) => Promise<Answer>;
}

export function sightOf({ platform, onCall = nobody, connections, user }: Config, clock: Clock): Sight {
  const { artifacts, ...systems } = connectAll(connections, clock);
  const { fetch, ...source } = connections.kubernetes ?? {};
  const send = sender('Kubernetes', {
    fetch: fetch ?? kubernetesFetch({ ...source, proxies: connections.proxies }, clock.now),
    ...clock,
  });
  return {
    platform,
    onCall,
    connections,
    systems: { ...systems, artifacts: { ...artifacts, write: async () => undefined } },
    clock,
    user,
    askCluster: (path, asked) => send(apiServer + path, asked),
  };
}
