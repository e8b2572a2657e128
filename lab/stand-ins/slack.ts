/**
 * Slack's Web API: channels, messages, and the way it refuses, which is a 200 with `ok: false`.
 *
 * Follows https://api.slack.com/methods/chat.postMessage, https://api.slack.com/methods/chat.update,
 * https://api.slack.com/methods/conversations.history (arguments, errors by name), https://api.slack.com/web (request bodies,
 * answers), https://api.slack.com/apis/rate-limits (429, `Retry-After`) and https://api.slack.com/metadata.
 */

import type { Context, Hono } from 'hono';
import { readArguments } from './slack-arguments.ts';
import { History, human } from './slack-history.ts';
import { type Answer, methods, refusal } from './slack-methods.ts';
import { failing, limiter, type Surroundings, standIn } from './stand-in.ts';

/** One message a second and channel, with short bursts. */
const limit = { calls: 10, window: 10_000 };
const writing = new Set(['chat.postMessage', 'chat.update']);

export function slack(around: Surroundings): Hono {
  const app = standIn();
  const kept = around.shelf.read(History, { messages: [human] });
  const wait = limiter(limit.calls, limit.window, around.now);
  app.use(
    failing(around, {
      down: c => c.json(refusal('service_unavailable'), 503),
      unauthorised: c => c.json(refusal('invalid_auth')),
    }),
  );
  app.on(['GET', 'POST'], '/api/:method', async c => call(c, kept, wait, around));
  app.notFound(c => c.text('Not Found', 404));
  return app;
}

async function call(c: Context, kept: History, wait: (channel: string) => number, around: Surroundings): Promise<Response> {
  const name = c.req.param('method') ?? '';
  const given = await readArguments(c);
  if (typeof given === 'string') return c.json(refusal(given));
  const method = methods[name];
  if (!method) return c.json(refusal('unknown_method', { req_method: name }));
  const denied = name === 'api.test' ? undefined : deniedToken(given.token, name);
  if (denied) return c.json(denied);
  const late = name === 'chat.postMessage' ? wait(given.text('channel') ?? '') : 0;
  if (late > 0) {
    c.header('Retry-After', String(Math.ceil(late / 1_000)));
    return c.json(refusal('ratelimited'), 429);
  }
  return c.json(method(given, kept, around));
}

function deniedToken(token: string | undefined, method: string): Answer | undefined {
  if (!token) return refusal('not_authed');
  if (token.startsWith('xapp-')) return refusal('not_allowed_token_type');
  if (token.startsWith('xoxb-revoked')) return refusal('token_revoked');
  if (!token.startsWith('xoxb-')) return refusal('invalid_auth');
  const mayOnlyRead = token.startsWith('xoxb-readonly') && writing.has(method);
  return mayOnlyRead ? refusal('missing_scope', { needed: 'chat:write', provided: 'channels:read,channels:history' }) : undefined;
}
