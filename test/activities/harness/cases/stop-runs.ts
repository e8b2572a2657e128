/** Jobs that charge, suspended one after the other. */

import type { RunItem } from '../../../../activities/billing/charging/runs.ts';
import { freeze } from '../../../../activities/engine/frozen-list.ts';
import { charging } from '../../billing/charging-jobs.ts';
import type { Act, ListCase } from '../case.ts';

export const stopRuns: ListCase = {
  is: 'list',
  name: 'stopRuns',
  to: 'kubernetes',
  async world({ on, incident }) {
    const names = ['first', 'second', 'third'].map(which => `charge-${which}-${crypto.randomUUID().slice(0, 8)}`);
    const items = await charging(on, names, false);
    const many = Array.from({ length: 21 }, (_, index) => ({ namespace: 'nqba-platform', name: `job-${index}`, uid: 'none' }));
    const listed = async (these: RunItem[]): Promise<Act> => {
      const list = await freeze(on.artifacts(incident), 'Jobs that charge', these);
      return (by, call) => by.billing.stopRuns({ list }, call);
    };
    return { act: await listed(items), otherwise: await listed(items.slice(1)), tooMany: await listed(many), items: names };
  },
};
