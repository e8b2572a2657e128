/** Webhooks in, incidents out: a pure `(Request) => Response`. */

import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { z } from 'zod';
import type { IntakeDeps } from './results.ts';
import { results } from './results.ts';
import { runbooks } from '../../workflows/catalog/index.ts';
import { alertmanagerBody } from './body.ts';
import { pageOf } from './pages.ts';

/** Bytes. */
const largestBody = 1024 * 1024;

export function createIntake(deps: IntakeDeps) {
  const app = new Hono();
  const decide = results(deps);
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
  app.use('/alertmanager', async (context, next) => {
    if (isToken(context.req.header('authorization'), deps.token)) return next();
    return context.json({ error: 'send the header Authorization: Bearer with the token of INTAKE_TOKEN' }, 401);
  });
  const onError = (context: { json: (body: object, status: 413) => Response }) =>
    context.json({ error: `the body is larger than ${largestBody} bytes` }, 413);
  app.post('/alertmanager', bodyLimit({ maxSize: largestBody, onError }), async context => {
    const text = await context.req.text();
    const body = alertmanagerBody.safeParse(jsonOf(text));
    if (!body.success) return context.json({ error: z.prettifyError(body.error) }, 400);
    const { unreachable, ...decided } = await decide(body.data.alerts, text);
    const truncatedAlerts = body.data.truncatedAlerts || undefined;
    return context.json({ ...decided, truncatedAlerts }, unreachable ? 503 : 200);
  });
  app.notFound(context => context.json({ error: 'POST /alertmanager, GET /runbooks, GET /healthz, GET /readyz' }, 404));
  app.onError((error, context) => {
    deps.say(`intake: ${error.stack ?? String(error)}`);
    return context.json({ error: 'intake failed; its log says why' }, 500);
  });
  return app;
}

/** Compares digests, so that neither length nor content of the token shows in the time it takes. */
function isToken(header: string | undefined, token: string): boolean {
  const given = /^Bearer (.+)$/i.exec(header ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

const digest = (text: string) => createHash('sha256').update(text).digest();

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
