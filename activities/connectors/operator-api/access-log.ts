/** The access log of the platform. Customers' addresses and accounts are in it: they never leave the activity but in a frozen list. */

import { z } from 'zod';
import { type Calls, name, optional, time, words } from './calls.ts';

export interface AccessLine {
  /** RFC 3339. */
  at: string;
  /** Empty where the log has none. */
  address: string;
  account: string | undefined;
  tier: string | undefined;
  route: string;
  method: string;
  status: number;
  /** Of a login that failed: `unknown_user`, `wrong_password`, `locked`, `bad_token`, `expired_token`. */
  reason: string | undefined;
  userAgent: string;
  /** Refused because a period is used up, or because it was too fast. */
  refusedBy: 'quota' | 'rate' | undefined;
}

export interface AccessLogAsked {
  /** RFC 3339. */
  since: string;
  until: string;
  /** An answer is 1 MiB at most: `linesPerPage` of them fit. */
  limit: number;
  cursor?: string | undefined;
}

export const linesPerPage = 2000;

export interface AccessLog {
  /** @throws SystemError */
  page: (asked: AccessLogAsked) => Promise<{ lines: AccessLine[]; next: string | undefined }>;
}

const line = z
  .looseObject({
    at: time,
    address: optional(z.string().max(64)),
    account: optional(name),
    tier: optional(name),
    route: words,
    method: z.string().max(20),
    status: z.int(),
    reason: optional(words),
    user_agent: optional(words),
    refused_by: optional(z.enum(['quota', 'rate'])),
  })
  .transform(
    ({ at, address, account, tier, route, method, status, reason, user_agent, refused_by }): AccessLine => ({
      at,
      address: address ?? '',
      account,
      tier,
      route,
      method,
      status,
      reason,
      userAgent: user_agent ?? '',
      refusedBy: refused_by,
    }),
  );
const page = z.looseObject({ lines: z.array(line).max(5000), next: optional(z.string().max(2000)) });

export const accessLogOf = ({ offered }: Calls): AccessLog => ({
  page: async asked => {
    const { lines, next } = await offered(page, '/v1/access-log', { ...asked });
    return { lines, next };
  },
});
