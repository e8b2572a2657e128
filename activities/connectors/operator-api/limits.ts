/** Rate limits and blocked sources that the platform itself enforces. Each write names the version that it was read with. */

import { z } from 'zod';
import { type Calls, name, optional, time, version } from './calls.ts';

export interface RateLimit {
  per_minute: number;
  burst: number;
  /** RFC 3339: it ends by itself; null where it stays. */
  until: string | null;
  reason: string;
}

export interface RateLimits {
  version: string;
  /** By scope: `class:<name>`, `tier:<name>`, `route:<name>`, `address:<cidr>`. */
  limits: Record<string, RateLimit>;
}

export interface Block {
  cidr: string;
  how: 'block' | 'challenge';
  /** RFC 3339. */
  until: string;
  reason: string;
}

export interface Blocks {
  version: string;
  blocks: Block[];
}

/** Every call throws SystemError; a write is 412 where another was made since the version. */
export interface LimitsInForce {
  limits: () => Promise<RateLimits>;
  setLimit: (scope: string, limit: RateLimit, version: string) => Promise<void>;
  clearLimit: (scope: string, version: string) => Promise<void>;
  blocks: () => Promise<Blocks>;
  /** The whole list, 1,000 at most. */
  setBlocks: (blocks: Block[], version: string) => Promise<void>;
}

/** Never cut, as it is written back; the size of an answer bounds it. */
const reason = z.string();

const limit = z
  .looseObject({ per_minute: z.number().min(0), burst: z.number().min(0), until: optional(time), reason })
  .transform(({ per_minute, burst, until, reason }): RateLimit => ({ per_minute, burst, until: until ?? null, reason }));
const limits = z.looseObject({
  version,
  limits: z.record(name, limit).refine(all => Object.keys(all).length <= 10_000, 'has more than 10,000 scopes'),
});
/** With the fields that only the platform knows: the list is written back whole. */
const block = z.looseObject({
  cidr: z.string().min(1).max(64),
  how: z.enum(['block', 'challenge']),
  until: time,
  reason,
});
const blocks = z.looseObject({ version, blocks: z.array(block).max(1000) });

const at = (scope: string) => `/v1/limits/${encodeURIComponent(scope)}`;

export const limitsOf = ({ offered, write }: Calls): LimitsInForce => ({
  limits: () => offered(limits, '/v1/limits'),
  setLimit: (scope, body, version) => write('PUT', at(scope), { body, version }),
  clearLimit: (scope, version) => write('DELETE', at(scope), { version }),
  blocks: () => offered(blocks, '/v1/blocks'),
  setBlocks: (list, version) => write('PUT', '/v1/blocks', { body: { blocks: list }, version }),
});
