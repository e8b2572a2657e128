/** Limits of the Ingress that has only routes of low priority. */

import type { Act, SettingCase } from '../case.ts';
import { calm, operatorApiWith } from '../../gateway/edge.ts';
import { at } from '../../stage.ts';

export const to =
  (limit: 'essential only' | 'reviewed'): Act =>
  ({ gateway }, call) =>
    gateway.setLimit({ limit }, call);

const limitedTo = (rate: string | null) => ({
  metadata: {
    annotations: {
      'nginx.ingress.kubernetes.io/limit-rpm': rate,
      'nginx.ingress.kubernetes.io/limit-burst-multiplier': rate && '3',
    },
  },
});

export const setLimit: SettingCase = {
  is: 'setting',
  name: 'setLimit',
  to: 'kubernetes',
  world: async ({ on }) => ({
    act: to('essential only'),
    otherwise: to('reviewed'),
    touches: [at.lowPriority],
    meddle: () => on.bob.patch(at.lowPriority, limitedTo('500')),
    harmless: () => on.bob.patch(at.lowPriority, { metadata: { labels: { seen: 'today' } } }),
    systems: { operatorApi: operatorApiWith(calm).operatorApi },
  }),
};
