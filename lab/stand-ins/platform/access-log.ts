/** The access log, page by page, the oldest line first. */

import type { Context } from 'hono';
import { z } from 'zod';
import { linesReaching } from '../../world/traffic/log.ts';
import type { Line } from '../../world/traffic/minute.ts';
import { readQuery } from '../job-request.ts';
import { closed, detail, iso, type Part, type Platform, Since } from './served.ts';

const anHour = 3_600_000;
/** How long the platform keeps its log. */
const kept = 30 * 24 * anHour;

const Query = Since.extend({ limit: z.coerce.number().int().min(1).max(5_000).default(1_000) });

/** Where a page begins: a moment, and how many lines of that moment are behind it. */
const Cursor = z.tuple([z.number(), z.number()]);
const encoded = (at: number, behind: number) => Buffer.from(JSON.stringify([at, behind])).toString('base64url');

function decoded(text: string): [number, number] | undefined {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    return undefined;
  }
}

/** Behind a proxy that hands no addresses on, every call is the load balancer's. */
const seen = (line: Line, isProxied: boolean) => ({ ...line, at: iso(line.at), ...(isProxied && { address: '10.0.3.4' }) });

/** So many lines, without the first ones of the moment at which a page before has ended. */
function upTo(most: number, all: Iterable<Line>, { from, behind }: { from: number; behind: number }): Line[] {
  const lines: Line[] = [];
  let skipped = 0;
  for (const line of all) {
    if (line.at === from && skipped < behind) skipped += 1;
    else if (lines.push(line) >= most) break;
  }
  return lines;
}

function listed(c: Context, { around, world, customers }: Platform): Response {
  const query = readQuery(c, Query);
  if (query instanceof Response) return query;
  const now = around.now();
  const begins = query.cursor === undefined ? undefined : decoded(query.cursor);
  if (query.cursor !== undefined && !begins) return detail(c, 400, 'Invalid cursor');
  const since = query.since ? Date.parse(query.since) : now - anHour;
  const until = Math.min(now, query.until ? Date.parse(query.until) : now);
  const [from, behind] = begins ?? [Math.max(since, now - kept), 0];
  const lines = upTo(query.limit + 1, linesReaching({ ...world(), customers }, from, until), { from, behind });
  const page = lines.slice(0, query.limit);
  const last = page.at(-1)?.at ?? from;
  const sameMoment = page.filter(({ at }) => at === last).length + (last === from ? behind : 0);
  const next = lines.length > query.limit ? encoded(last, sameMoment) : null;
  return c.json({ lines: page.map(line => seen(line, around.state() === 'proxied')), next });
}

export const accessLog: Part = (app, base, platform) => {
  app.get(`${base}/v1/access-log`, c => listed(c, platform));
  closed(app, [`${base}/v1/access-log`]);
};
