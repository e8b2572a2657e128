/**
 * Slack's Web API: channels, messages, and the way it refuses, which is a 200 with `ok: false`.
 *
 * Follows https://api.slack.com/methods/chat.postMessage, https://api.slack.com/methods/chat.update,
 * https://api.slack.com/methods/conversations.history, and at the same place conversations.list, .create, .setTopic, .invite and
 * .archive (arguments, errors by name, scopes), https://api.slack.com/web (request bodies, answers),
 * https://api.slack.com/apis/rate-limits (429, `Retry-After`, tiers) and https://api.slack.com/metadata.
 */

import type { Context, Hono } from 'hono';
import { type Arguments, readArguments } from './slack-arguments.ts';
import { refusal } from './slack-answer.ts';
import { beginning, Workspace } from './slack-history.ts';
import { methods } from './slack-methods.ts';
import { deniedToken } from './slack-token.ts';
import { failing, limiter, standIn, type StandIn, type Surroundings } from './stand-in.ts';

/** One message a second and channel, with short bursts. */
const limit = { calls: 10, window: 10_000 };
/** So many calls a minute of each. */
const tiers: Readonly<Record<string, number>> = {
  'conversations.archive': 20,
  'conversations.create': 20,
  'conversations.list': 20,
  'conversations.setTopic': 20,
  'conversations.invite': 50,
};

export function slack(around: Surroundings): Hono {
  const app = standIn();
  const kept = around.shelf.read(Workspace, beginning());
  const wait = waiting(around);
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

/** How long a call has to wait, in milliseconds. */
type Wait = (method: string, given: Arguments) => number;

function waiting({ now }: Surroundings): Wait {
  const posting = limiter(limit.calls, limit.window, now);
  const limiters = new Map(Object.entries(tiers).map(([method, calls]) => [method, limiter(calls, 60_000, now)]));
  return (method, given) =>
    method === 'chat.postMessage' ? posting(given.text('channel') ?? '') : (limiters.get(method)?.(method) ?? 0);
}

async function call(c: Context, kept: Workspace, wait: Wait, around: Surroundings): Promise<Response> {
  const name = c.req.param('method') ?? '';
  const given = await readArguments(c);
  if (typeof given === 'string') return c.json(refusal(given));
  const method = methods[name];
  if (!method) return c.json(refusal('unknown_method', { req_method: name }));
  const denied = deniedToken(name, given, kept);
  if (denied) return c.json(denied);
  const late = wait(name, given);
  if (late > 0) {
    c.header('Retry-After', String(Math.ceil(late / 1_000)));
    return c.json(refusal('ratelimited'), 429);
  }
  return c.json(method(given, kept, around));
}

export const slackStandIn: StandIn = {
  serve: slack,
  environment: url => ({ SLACK_API_URL: `${url}/api/`, SLACK_BOT_TOKEN: 'xoxb-practice' }),
};
