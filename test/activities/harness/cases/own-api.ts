/** Limits and blocks where the platform's own API enforces them: the same two actions, by the form that the description says. */

import { z } from 'zod';
import { freeze } from '../../../../activities/engine/frozen-list.ts';
import type { Platform } from '../../../../activities/platform.ts';
import type { Nqba } from '../../../support/nqba.ts';
import type { Stage } from '../../stage.ts';
import type { Act, SettingCase } from '../case.ts';
import { itemOf } from './block-sources.ts';
import { to } from './set-limit.ts';

const byApi = (platform: Nqba): Platform => ({
  ...platform,
  ...(platform.gateway && { gateway: { ...platform.gateway, form: 'api' } }),
});

/** As another operator, who has read what is in force. */
async function put(on: Stage, { read, path }: { read: string; path: string }, body: object) {
  const { version } = z.looseObject({ version: z.number() }).parse(await on.operator(read));
  return on.operator(path, { method: 'PUT', body: JSON.stringify(body), headers: { 'if-match': String(version) } });
}

const limit = (on: Stage, scope: string, per_minute: number, reason = 'by hand') =>
  put(on, { read: '/v1/limits', path: `/v1/limits/${scope}` }, { per_minute, burst: 240, until: null, reason });

export const setLimitByApi: SettingCase = {
  is: 'setting',
  name: 'setLimit',
  way: 'own API',
  to: 'api',
  notOffered: ['404'],
  platform: byApi,
  async world({ on }) {
    await limit(on, 'class:low-priority', 120, 'as reviewed');
    return {
      act: to('essential only'),
      otherwise: to('reviewed'),
      touches: ['/v1/limits/class:low-priority'],
      meddle: () => limit(on, 'class:low-priority', 500),
      harmless: () => limit(on, 'class:standard', 900),
    };
  },
};

const until = () => new Date(Date.now() + 3_600_000).toISOString();
const blocks = (on: Stage, cidrs: string[], reason: string) =>
  put(
    on,
    { read: '/v1/blocks', path: '/v1/blocks' },
    { blocks: cidrs.map(cidr => ({ cidr, how: 'block', until: until(), reason })) },
  );

export const blockSourcesByApi: SettingCase = {
  is: 'setting',
  name: 'blockSources',
  way: 'own API',
  to: 'api',
  notOffered: ['404'],
  platform: byApi,
  async world({ on, incident }) {
    const listed = async (cidrs: string[]): Promise<Act> => {
      const list = await freeze(on.artifacts(incident), 'abusive sources', cidrs.map(itemOf));
      return ({ gateway }, call) => gateway.blockSources({ list }, call);
    };
    await blocks(on, ['203.0.113.200/32'], 'by hand');
    return {
      act: await listed(['203.0.113.7/32', '2001:db8:ffff:1::/64']),
      otherwise: await listed(['203.0.113.8/32']),
      touches: ['/v1/blocks'],
      meddle: () => blocks(on, ['203.0.113.201/32'], `nqba-runbooks: incident ${incident}`),
      harmless: () => blocks(on, ['203.0.113.202/32'], 'by hand'),
    };
  },
};
