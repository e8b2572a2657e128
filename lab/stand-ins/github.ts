/**
 * GitHub's REST API as far as a tracker of work needs it: one repository's issues.
 *
 * Paths, bodies and what 403, 404, 410 and 422 mean: https://docs.github.com/en/rest/issues/issues. 401, 404 for what a token may not see, `Validation Failed` and its codes, and
 * the `User-Agent` that is required: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api. 5,000 calls
 * an hour with their headers, and the secondary limit of 80 writes a minute:
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api. The sentence of 410 is the one people were
 * answered, as in https://github.com/ossf/allstar/issues/64; that of an archived repository is ours.
 */

import type { Context, Hono } from 'hono';
import type { z } from 'zod';
import { changed, type Complaint, complaintsAbout, blankIssue, type Issue, IssueChange, Kept, listed } from './github-issue.ts';
import {
  badCredentials,
  budget,
  described,
  loginOf,
  mayLabel,
  nameOf,
  notFound,
  refused,
  said,
  withoutIssues,
} from './github-access.ts';
import { failing, standIn, type StandIn, type Surroundings } from './stand-in.ts';

/** The repository of the practice platform. A token that begins with `revoked`, `outsider`, `readonly` or `nopush` is what it says. */
const repository = 'nqba/operations';

export function github(around: Surroundings): Hono {
  const app = standIn();
  const kept = around.shelf.read(Kept, { issues: [] });
  const base = '/repos/:owner/:name';
  app.use(failing(around, { down: c => said(c, 503, 'Service Unavailable'), unauthorised: badCredentials }));
  app.use(budget(around));
  app.use(`${base}/*`, async (c, next) => refused(c) ?? next());
  app.use(`${base}/issues/*`, async (c, next) => withoutIssues(c) ?? next());
  app.use(`${base}/issues`, async (c, next) => withoutIssues(c) ?? next());
  app.get(base, c => refused(c) ?? c.json(described(c)));
  app.get(`${base}/issues`, c => list(c, kept));
  app.post(`${base}/issues`, c => create(c, kept, around));
  app.get(`${base}/issues/:number`, c => answer(c, find(c, kept)));
  app.patch(`${base}/issues/:number`, c => patch(c, kept, around));
  app.notFound(notFound);
  return app;
}

function list(c: Context, { issues }: Kept): Response {
  const asked = new URL(c.req.url).searchParams;
  const size = Math.min(100, Number(asked.get('per_page') ?? 30) || 30);
  const page = Math.max(1, Number(asked.get('page') ?? 1) || 1);
  const all = listed(issues, asked);
  if (page * size < all.length) {
    asked.set('page', String(page + 1));
    c.header('Link', `<${c.req.url.split('?')[0] ?? ''}?${asked.toString()}>; rel="next"`);
  }
  return c.json(all.slice((page - 1) * size, page * size));
}

const find = (c: Context, { issues }: Kept) => issues.find(({ number }) => number === Number(c.req.param('number')));
const answer = (c: Context, issue: Issue | undefined) => (issue ? c.json(issue) : notFound(c));

async function read<T>(c: Context, schema: z.ZodType<T>): Promise<T | Response> {
  const sent = await c.req.json<unknown>().catch(() => undefined);
  if (sent === undefined) return said(c, 400, 'Problems parsing JSON');
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return said(c, 400, 'Body should be a JSON object');
  const change = schema.safeParse(sent);
  return change.success ? change.data : said(c, 422, 'Invalid request.');
}

const invalid = (c: Context, errors: Complaint[]) => said(c, 422, 'Validation Failed', { errors });

async function create(c: Context, kept: Kept, around: Surroundings): Promise<Response> {
  const change = await read(c, IssueChange);
  if (change instanceof Response) return change;
  const complaints = complaintsAbout(change, true);
  if (complaints.length > 0) return invalid(c, complaints);
  const number = kept.issues.length + 1;
  const at = new Date(around.now()).toISOString();
  const by = loginOf(c);
  const blank = blankIssue(number, `https://github.com/${nameOf(c)}/issues/${number}`, by, at);
  const issue = changed(blank, { ...change, state: 'open' }, { by, at, mayLabel: mayLabel(c) });
  kept.issues.push(issue);
  note(c, issue, 'opened', kept, around);
  return c.json(issue, 201);
}

async function patch(c: Context, kept: Kept, around: Surroundings): Promise<Response> {
  const found = find(c, kept);
  if (!found) return notFound(c);
  const change = await read(c, IssueChange);
  if (change instanceof Response) return change;
  const complaints = complaintsAbout(change, false);
  if (complaints.length > 0) return invalid(c, complaints);
  const before = found.state;
  const by = loginOf(c);
  Object.assign(found, changed(found, change, { by, at: new Date(around.now()).toISOString(), mayLabel: mayLabel(c) }));
  note(c, found, before === found.state ? 'edited' : found.state === 'closed' ? 'closed' : 'reopened', kept, around);
  return c.json(found);
}

/** Keeps it, and tells those who watch the repository. */
function note(c: Context, { number, title, body }: Issue, what: string, kept: Kept, around: Surroundings) {
  around.shelf.write(kept);
  const key = /^<!-- (.*?) -->/.exec(body ?? '')?.[1] ?? '';
  around.record({ system: 'tickets', to: nameOf(c), key, text: `#${number} ${what} by ${loginOf(c)}: ${title}` });
}

export const ticketsStandIn: StandIn = {
  serve: github,
  environment: url => ({ TICKETS_URL: url, TICKETS_REPOSITORY: repository, TICKETS_TOKEN: 'practice' }),
};
