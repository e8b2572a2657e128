/** Pods that a check froze, evicted one after the other. */

import { connectKubernetes } from '../../../../activities/connectors/kubernetes.ts';
import { pods } from '../../../../activities/connectors/resources.ts';
import { freeze } from '../../../../activities/engine/frozen-list.ts';
import type { PodItem } from '../../../../activities/kubernetes/delete-pods.ts';
import { clock } from '../../stage.ts';
import type { Act, ListCase } from '../case.ts';

export const deletePods: ListCase = {
  is: 'list',
  name: 'deletePods',
  to: 'kubernetes',
  async world({ on, incident }) {
    const kubernetes = connectKubernetes({ kubeconfig: on.cluster.kubeconfigs.you }, clock);
    const found = await Promise.all(
      ['nqba-worker', 'nqba-worker-batch'].map(app => kubernetes.list(pods, 'nqba-platform', { app })),
    );
    const items = found.flat().map(({ metadata: { namespace, name, uid } }) => ({ namespace, name, uid }));
    const many = Array.from({ length: 21 }, (_, index) => ({ namespace: 'nqba-platform', name: `pod-${index}`, uid: 'none' }));
    const listed = async (these: PodItem[]): Promise<Act> => {
      const list = await freeze(on.artifacts(incident), 'stuck pods', these);
      return (by, call) => by.kubernetes.deletePods({ list }, call);
    };
    return {
      act: await listed(items),
      otherwise: await listed(items.slice(1)),
      tooMany: await listed(many),
      items: items.map(({ name }) => name),
    };
  },
};
