/** Who calls GitHub, what they may see and do, and how often. */

import type { Context, MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { limiter, type Surroundings } from './stand-in.ts';

/** Calls an hour, and writes a minute. */
const limits = { hour: { calls: 5_000, window: 3_600_000 }, writes: { calls: 80, window: 60_000 } };
const docs = 'https://docs.github.com/rest';

/** The repositories that exist; of every other a token sees nothing. */
const repositories: Record<string, { has_issues: boolean; archived: boolean }> = {
  'nqba/operations': { has_issues: true, archived: false },
  'nqba/no-issues': { has_issues: false, archived: false },
  'nqba/archived': { has_issues: true, archived: true },
};

const tokenOf = (c: Context) => /^(?:Bearer|token) (\S+)$/.exec(c.req.header('Authorization') ?? '')?.[1];
/** `as-ann` is ann's own token; every other is that of the bot. */
export const loginOf = (c: Context) => /^as-(\w+)$/.exec(tokenOf(c) ?? '')?.[1] ?? 'nqba-runbooks';
export const mayLabel = (c: Context) => !/^(nopush|readonly)/.test(tokenOf(c) ?? '');
export const nameOf = (c: Context) => `${c.req.param('owner')}/${c.req.param('name')}`;
const isWrite = (c: Context) => c.req.method !== 'GET';

export const said = (c: Context, status: ContentfulStatusCode, message: string, more: object = {}) =>
  c.json({ message, ...more, documentation_url: docs, status: String(status) }, status);
export const badCredentials = (c: Context) => said(c, 401, 'Bad credentials');
export const notFound = (c: Context) => said(c, 404, 'Not Found');

/** Counts the call, and says in its headers what is left of the hour. */
export function budget({ now }: Surroundings): MiddlewareHandler {
  const hours = new Map<string, { used: number; until: number }>();
  const waitToWrite = limiter(limits.writes.calls, limits.writes.window, now);
  return async (c, next) => {
    if (!c.req.header('User-Agent'))
      return c.text('Request forbidden by administrative rules. Please make sure your request has a User-Agent header.', 403);
    const caller = tokenOf(c) ?? '';
    if (caller.startsWith('revoked')) return badCredentials(c);
    const before = hours.get(caller);
    const hour = before && before.until > now() ? before : { used: 0, until: now() + limits.hour.window };
    hours.set(caller, { ...hour, used: hour.used + 1 });
    c.header('x-ratelimit-limit', String(limits.hour.calls));
    c.header('x-ratelimit-remaining', String(Math.max(0, limits.hour.calls - hour.used - 1)));
    c.header('x-ratelimit-reset', String(Math.ceil(hour.until / 1_000)));
    c.header('x-ratelimit-resource', 'core');
    if (hour.used >= limits.hour.calls) return said(c, 403, 'API rate limit exceeded for user ID 1.');
    if (!isWrite(c) || waitToWrite(caller) === 0) return next();
    c.header('retry-after', '60');
    return said(c, 403, 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.');
  };
}

/** A private repository is not confirmed to those who may not see it. */
export function refused(c: Context): Response | undefined {
  const token = tokenOf(c);
  const found = repositories[nameOf(c)];
  if (token === undefined || token.startsWith('outsider') || !found) return notFound(c);
  if (!isWrite(c)) return undefined;
  if (token.startsWith('readonly')) return said(c, 403, 'Resource not accessible by personal access token');
  return found.archived ? said(c, 403, 'Repository was archived so is read-only.') : undefined;
}

export const withoutIssues = (c: Context): Response | undefined =>
  repositories[nameOf(c)]?.has_issues === false ? said(c, 410, 'Issues are disabled for this repo') : undefined;

export function described(c: Context) {
  const push = mayLabel(c);
  const permissions = { admin: false, push, triage: push, pull: true };
  return {
    full_name: nameOf(c),
    private: true,
    html_url: `https://github.com/${nameOf(c)}`,
    ...repositories[nameOf(c)],
    permissions,
  };
}
