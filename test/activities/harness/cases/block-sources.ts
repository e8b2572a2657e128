/** Sources of a frozen list, on both Ingresses of the platform. */

import type { SourceItem } from '../../../../activities/gateway/items.ts';
import { freeze } from '../../../../activities/engine/frozen-list.ts';
import { operatorApiWith } from '../../gateway/edge.ts';
import { at } from '../../stage.ts';
import type { Act, SettingCase } from '../case.ts';

export const itemOf = (cidr: string): SourceItem => ({
  cidr,
  rule: 'errors',
  calls: 40,
  accepted: 0,
  accounts: 0,
  sample: 'GET / 404',
});
const blocked = (sources: string) => ({
  metadata: { annotations: { 'nginx.ingress.kubernetes.io/denylist-source-range': sources } },
});

export const blockSources: SettingCase = {
  is: 'setting',
  name: 'blockSources',
  to: 'kubernetes',
  alone: 'while one incident blocks, another is refused',
  async world({ on, incident }) {
    const listed = async (cidrs: string[]): Promise<Act> => {
      const list = await freeze(on.artifacts(incident), 'abusive sources', cidrs.map(itemOf));
      return ({ gateway }, call) => gateway.blockSources({ list }, call);
    };
    await on.bob.patch(at.ingress, blocked('203.0.113.200'));
    const { operatorApi } = operatorApiWith();
    return {
      act: await listed(['203.0.113.7/32', '2001:db8:ffff:1::/64']),
      otherwise: await listed(['203.0.113.8/32']),
      touches: [at.ingress, at.lowPriority],
      meddle: () => on.bob.patch(at.ingress, blocked('203.0.113.201')),
      harmless: () => on.bob.patch(at.ingress, { metadata: { labels: { seen: 'today' } } }),
      systems: { operatorApi },
    };
  },
};
