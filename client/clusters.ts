/** Which cluster is ours: what belongs to another one never acts here. */

import type { ClientPlatform } from './platform.ts';

type Named = Pick<ClientPlatform, 'cluster' | 'clusterAliases'>;

/** True if the name is the cluster's, or one of its other names. */
export const isOurs = ({ cluster, clusterAliases = [] }: Named, name: string) => [cluster, ...clusterAliases].includes(name);

/** As people read it: `shop-west, also called shop-prod`. */
export const clusterNames = ({ cluster, clusterAliases = [] }: Named) =>
  [cluster, ...(clusterAliases.length > 0 ? [`also called ${clusterAliases.join(', ')}`] : [])].join(', ');
