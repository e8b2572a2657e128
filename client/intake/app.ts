/** Webhooks in, incidents out: a pure `(Request) => Response`. */

import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { z } from 'zod';
import { bounded, runbooks } from '../../workflows/catalog/index.ts';
import { Counters } from './counters.ts';
import { type Form, small, webhook } from './forms.ts';
import { openapi } from './openapi.ts';
import type { IntakeDeps } from './results.ts';
import { results } from './results.ts';
import { acknowledge, isSigned, largestEvent, pagerdutyEvent } from './pagerduty.ts';
import { pageOf } from './pages.ts';
import { isKnown, type Path, signing, variables } from './tokens.ts';

interface Served {
  /** Absent where no server stands in front. */
  Bindings: Partial<HttpBindings>;
}

/** Bytes. */
export const largestBody = 8 * 1024 * 1024;

export function createIntake(deps: IntakeDeps, counters = new Counters()) {
  const app = new Hono<Served>();
  const decide = results(deps, counters);
  const refuse = refusing(deps, counters);
  app.use(secureHeaders());
  app.get('/healthz', context => context.text('ok'));
  app.get('/readyz', async context => {
    const trouble = await deps.temporal.ready().then(() => undefined, String);
    return trouble ? context.json({ ready: false, because: trouble }, 503) : context.json({ ready: true });
  });
  app.get('/runbooks/:slug', context => {
    const page = pageOf(context.req.param('slug'));
    if (page === undefined) return context.json({ error: 'no runbook is called so; GET /runbooks lists them' }, 404);
    return context.body(page, 200, { 'content-type': 'text/markdown; charset=utf-8' });
  });
  app.get('/runbooks', context => context.json(runbooks.map(({ slug, title }) => ({ slug, title }))));
  app.get('/openapi.json', context => context.json(openapi));

  const take = (path: Path, form: Form) => {
    app.use(path, async (context, next) => {
      if (isKnown(context.req.header('authorization'), deps.tokens[path])) return next();
      return refuse(context, 401, `send the header Authorization: Bearer with the token of INTAKE_TOKEN or ${variables[path]}`);
    });
    const onError = (context: Context<Served>) => refuse(context, 413, `the body is larger than ${largestBody} bytes`);
    app.post(path, bodyLimit({ maxSize: largestBody, onError }), async context => {
      const text = await context.req.text();
      const body = form(jsonOf(text));
      if ('faults' in body) return refuse(context, 400, body.faults, text.length);
      const { isToRepeat, ...decided } = await decide(path, body, text);
      return context.json(decided, isToRepeat ? 503 : 200);
    });
  };
  take('/alertmanager', webhook);
  take('/grafana', webhook);
  take('/alerts', small);
  takeAcknowledgements(app, deps, counters, refuse);

  app.notFound(context => context.json({ error: `there is ${Object.keys(openapi.paths).join(', ')}` }, 404));
  app.onError((error, context) => {
    deps.say(`intake: ${error.stack ?? String(error)}`);
    return context.json({ error: 'intake failed; its log says why' }, 500);
  });
  return app;
}

/** Its body is read as it was signed: byte by byte. */
function takeAcknowledgements(app: Hono<Served>, { pagerduty, say }: IntakeDeps, counters: Counters, refuse: Refuse) {
  const onError = (context: Context<Served>) => refuse(context, 413, `the body is larger than ${largestEvent} bytes`);
  app.post('/pagerduty', bodyLimit({ maxSize: largestEvent, onError }), async context => {
    if (!pagerduty) return context.json({ error: `not connected: set ${signing['/pagerduty']}` }, 404);
    const body = Buffer.from(await context.req.arrayBuffer());
    if (!isSigned(context.req.header('x-pagerduty-signature'), body, pagerduty.secrets))
      return refuse(
        context,
        401,
        `sign the body with the secret of ${signing['/pagerduty']}, in x-pagerduty-signature`,
        body.length,
      );
    const read = pagerdutyEvent.safeParse(jsonOf(body.toString('utf8')));
    if (!read.success) return refuse(context, 400, z.prettifyError(read.error), body.length);
    const answer = await acknowledge(read.data.event, pagerduty.temporal);
    counters.add('nqba_runbooks_intake_acknowledgements_total', { result: answer.result });
    if (answer.result === 'acknowledged') say(`${bounded(answer.reason, longest)}: ${answer.incident ?? ''}`);
    return context.json(answer, answer.result === 'unreachable' ? 503 : 200);
  });
}

type Refuse = ReturnType<typeof refusing>;

/** An alert in a refused body is lost, unless someone reads of it. */
const refusing =
  ({ say }: IntakeDeps, counters: Counters) =>
  (context: Context<Served>, status: 400 | 401 | 413, error: string, size?: number) => {
    const { path } = context.req;
    const length = context.req.header('content-length');
    const bytes = size ?? (length === undefined ? 'an unknown number of' : bounded(length, 20));
    say(`refused, ${status} ${path}: ${bytes} bytes from ${senderOf(context)}: ${bounded(error, longest).replace(/\s+/g, ' ')}`);
    counters.add('nqba_runbooks_intake_refused_total', { path, status: `${status}` });
    return context.json({ error: bounded(error, longest) }, status);
  };

/** Characters of what a refusal says. */
const longest = 1_000;

function senderOf(context: Context<Served>): string {
  const forwarded = context.req.header('x-forwarded-for');
  const known = [
    peerOf(context.env),
    forwarded && `for ${bounded(forwarded, 100)}`,
    bounded(context.req.header('user-agent') ?? '', 100),
  ];
  return known.filter(Boolean).join(', ') || 'an unknown sender';
}

const peerOf = (served: Served['Bindings'] | undefined) => served?.incoming?.socket.remoteAddress;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
