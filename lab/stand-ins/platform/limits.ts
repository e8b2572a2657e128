/** Limits and blocks in force: a change names the version that it has seen, and ends by itself. */

import type { Context } from 'hono';
import { z } from 'zod';
import { Block, Limit, tiers } from '../../world/customers.ts';
import { blocksAt, blocksVersion, isCidr, limitsAt, limitsVersion } from '../../world/policies.ts';
import { classes, isRoute } from '../../world/traffic/routes.ts';
import { readBody } from '../job-request.ts';
import { closed, detail, isOutdated, outdated, type Part, type Platform, unfit } from './served.ts';

const known: Record<string, (name: string) => boolean> = {
  class: name => [...classes].some(one => one === name),
  tier: name => [...tiers].some(one => one === name),
  route: isRoute,
  address: isCidr,
};

/** Why a scope limits nothing here. */
function unfitScope(scope: string): string | undefined {
  const [kind = '', ...rest] = scope.split(':');
  if (!known[kind]) return 'scope begins with class:, tier:, route: or address:';
  return known[kind](rest.join(':')) ? undefined : `there is no ${kind} ${rest.join(':')}`;
}

const Wanted = Limit.extend({
  per_minute: z.number().min(0),
  burst: z.number().int().min(0),
  until: z.string().nullable().default(null),
  reason: z.string().default(''),
});

const limitsOf = ({ customers, around }: Platform) => {
  const [state, now] = [customers.read(), around.now()];
  return { version: limitsVersion(state, now), limits: limitsAt(state, now) };
};

const blocksOf = ({ customers, around }: Platform) => {
  const [state, now] = [customers.read(), around.now()];
  return { version: blocksVersion(state, now), blocks: blocksAt(state, now) };
};

const isOver = (until: string | null, now: number) => until !== null && !(Date.parse(until) > now);

async function setLimit(c: Context, platform: Platform): Promise<Response> {
  const scope = c.req.param('scope') ?? '';
  const why = unfitScope(scope);
  if (why) return unfit(c, ['path', 'scope'], why, scope);
  const limit = await readBody(c, Wanted);
  if (limit instanceof Response) return limit;
  if (isOver(limit.until, platform.around.now()))
    return unfit(c, ['body', 'until'], 'until is no date and time to come', limit.until);
  return written(c, platform, scope, limit);
}

function written(c: Context, platform: Platform, scope: string, limit: Limit | null): Response {
  const { customers, around } = platform;
  const { version } = limitsOf(platform);
  if (isOutdated(c, version)) return outdated(c, version);
  customers.change({ limits: [...customers.read().limits, { at: around.now(), scope, limit }] });
  return c.json(limitsOf(platform));
}

const mostBlocks = 1_000;
const Blocks = z.object({ blocks: z.array(Block).max(mostBlocks) });

async function setBlocks(c: Context, platform: Platform): Promise<Response> {
  const wanted = await readBody(c, Blocks);
  if (wanted instanceof Response) return wanted;
  const { customers, around } = platform;
  const { version } = blocksOf(platform);
  if (isOutdated(c, version)) return outdated(c, version);
  for (const [place, { cidr, until }] of wanted.blocks.entries()) {
    if (!isCidr(cidr)) return unfit(c, ['body', 'blocks', place, 'cidr'], 'cidr is no network', cidr);
    if (isOver(until, around.now()))
      return unfit(c, ['body', 'blocks', place, 'until'], 'until is no date and time to come', until);
  }
  customers.change({ blocks: [...customers.read().blocks, { at: around.now(), blocks: wanted.blocks }] });
  return c.json(blocksOf(platform));
}

export const limits: Part = (app, base, platform) => {
  const [limits, one, blocks] = [`${base}/v1/limits`, `${base}/v1/limits/:scope`, `${base}/v1/blocks`];
  app.get(limits, c => {
    c.header('ETag', `"${limitsOf(platform).version}"`);
    return c.json(limitsOf(platform));
  });
  app.put(one, c => setLimit(c, platform));
  app.delete(one, c => {
    const scope = c.req.param('scope') ?? '';
    return scope in limitsOf(platform).limits ? written(c, platform, scope, null) : detail(c, 404, 'Limit not found');
  });
  app.get(blocks, c => {
    c.header('ETag', `"${blocksOf(platform).version}"`);
    return c.json(blocksOf(platform));
  });
  app.put(blocks, c => setBlocks(c, platform));
  closed(app, [limits, one, blocks]);
};
