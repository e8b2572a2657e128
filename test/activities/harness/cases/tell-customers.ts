/** Mail to customers of a frozen list; a mail is named by its step and its address, as no address is told. */

import { sha256 } from '../../../../activities/connectors/artifacts.ts';
import type { Fetch } from '../../../../activities/connectors/http.ts';
import { connectOperatorApi } from '../../../../activities/connectors/operator-api.ts';
import { freeze } from '../../../../activities/engine/frozen-list.ts';
import { clock } from '../../stage.ts';
import type { Act, ListCase } from '../case.ts';

const total = 10_001;

/** The users of a platform with one more than it takes; the practice platform has only the first of them. */
const users: Fetch = async ({ url }) => {
  const asked = new URL(url).searchParams;
  const offset = Number(asked.get('offset'));
  const page = Array.from({ length: Math.min(Number(asked.get('limit')), total - offset) }, (_, index) => {
    const id = `customer-${offset + index + 1}`;
    return { id, email: `${id}@mail.example`, tier: 'free', status: 'active', password_reset_required: false };
  });
  return Response.json({ users: page, total });
};

export const tellCustomers: ListCase = {
  is: 'list',
  name: 'tellCustomers',
  to: 'mail',
  asksAgain: true,
  async world({ on, incident, key }) {
    const ids = ['customer-1', 'customer-2', 'customer-3'];
    const text = 'dynex-eta';
    const listed = async (these: string[]): Promise<Act> => {
      const items = these.map(customer => ({ customer, of: 'jobs_per_month', used: 95, allowed: 100 }));
      const list = await freeze(on.artifacts(incident), 'customers', items);
      return (by, call) => by.comms.tellCustomers({ text, list }, call);
    };
    return {
      act: await listed(ids),
      otherwise: await listed(ids.slice(1)),
      tooMany: (by, call) => by.comms.tellCustomers({ text, to: 'all customers' }, call),
      items: ids.map(id => sha256(`${key} ${id}@mail.example`).slice(0, 16)),
      systems: { operatorApi: connectOperatorApi({ url: 'http://api', token: 'unread' }, { ...clock, fetch: users }) },
    };
  },
};
