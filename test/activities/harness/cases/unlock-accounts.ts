/** Accounts of a frozen list, each locked in one pod: users are in the memory of each process. */

import { connectKubernetes } from '../../../../activities/connectors/kubernetes.ts';
import { pods } from '../../../../activities/connectors/resources.ts';
import type { AccountItem } from '../../../../activities/access/locked.ts';
import { freeze } from '../../../../activities/engine/frozen-list.ts';
import { clock } from '../../stage.ts';
import type { Act, ListCase } from '../case.ts';

const itemOf = (id: string): AccountItem => ({ id, becomes: 'unlock', failures: 5, because: 'only blocked addresses' });

export const unlockAccounts: ListCase = {
  is: 'list',
  name: 'unlockAccounts',
  to: 'api',
  async world({ on, incident }) {
    const kubernetes = connectKubernetes({ kubeconfig: on.cluster.kubeconfigs.you }, clock);
    const [pod] = await kubernetes.list(pods, 'nqba-platform', { app: 'nqba-platform' });
    const ids = ['customer-2', 'customer-3'];
    const locked = { method: 'PUT', body: JSON.stringify({ status: 'locked' }) };
    for (const id of ids) await on.operator(`/pods/${pod?.metadata.name}/api/v1/users/${id}`, locked);
    const listed = async (these: string[]): Promise<Act> => {
      const list = await freeze(on.artifacts(incident), 'locked accounts', these.map(itemOf));
      return (by, call) => by.access.unlockAccounts({ list }, call);
    };
    return {
      act: await listed(ids),
      otherwise: await listed(ids.slice(1)),
      tooMany: await listed(Array.from({ length: 21 }, (_, index) => `user-${index}`)),
      items: ids,
    };
  },
};
