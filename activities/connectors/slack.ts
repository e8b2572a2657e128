/** Slack, through its own client. Temporal owns the retries; a message carries our key, so that a retry finds it. */

import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { unreachable, type Wire, within } from './http.ts';
import { quoted, SystemError } from './system-error.ts';

export interface Posted {
  channel: string;
  ts: string;
  /** What it says, where it was found. */
  text?: string;
}

/** Every call throws SystemError. Texts are mrkdwn, escaped by who wrote them. */
export interface Slack {
  /** The message of that key in the channel (`#name` or id), no older than `since` (milliseconds since 1970). */
  find: (channel: string, key: string, since: number) => Promise<Posted | undefined>;
  post: (channel: string, key: string, text: string) => Promise<Posted>;
  update: (posted: Posted, key: string, text: string) => Promise<void>;
}

export interface SlackConfig {
  url: string;
  token: string;
}

const system = 'Slack';
const eventType = 'nqba_runbooks';
const metadata = (key: string) => ({ event_type: eventType, event_payload: { key } });

const history = z.looseObject({
  messages: z
    .array(
      z.looseObject({
        ts: z.string(),
        text: z.string().default(''),
        metadata: z
          .looseObject({
            event_type: z.string(),
            event_payload: z.looseObject({ key: z.string().optional() }).catch({}),
          })
          .optional()
          .catch(undefined),
      }),
    )
    .default([]),
  response_metadata: z.looseObject({ next_cursor: z.string().default('') }).optional(),
});
const posted = z.looseObject({ channel: z.string(), ts: z.string() });
const channels = z.looseObject({
  channels: z.array(z.looseObject({ id: z.string(), name: z.string().optional() })),
  response_metadata: z.looseObject({ next_cursor: z.string().default('') }).optional(),
});

export function connectSlack(config: SlackConfig, wire: Wire): Slack {
  let client: Promise<WebClient> | undefined;
  const ids = new Map<string, string>();

  const call = async <T>(schema: z.ZodType<T>, method: string, options: Record<string, unknown>): Promise<T> => {
    client ??= clientOf(config, wire);
    try {
      return schema.parse(await (await client).apiCall(method, options));
    } catch (error) {
      throw await faultOf(error);
    }
  };

  const idOf = async (channel: string): Promise<string> => {
    if (!channel.startsWith('#')) return channel;
    const known = ids.get(channel);
    if (known) return known;
    let cursor = '';
    do {
      const page = await call(channels, 'conversations.list', { limit: 200, exclude_archived: true, cursor });
      for (const { id, name } of page.channels) ids.set(`#${name}`, id);
      cursor = ids.has(channel) ? '' : (page.response_metadata?.next_cursor ?? '');
    } while (cursor);
    return ids.get(channel) ?? channel;
  };

  return {
    async find(channel, key, since) {
      const id = await idOf(channel);
      let cursor = '';
      do {
        const oldest = (since / 1000).toFixed(6);
        const asked = { channel: id, oldest, limit: 200, include_all_metadata: true, cursor };
        const page = await call(history, 'conversations.history', asked);
        const found = page.messages.find(
          ({ metadata }) => metadata?.event_type === eventType && metadata.event_payload.key === key,
        );
        if (found) return { channel: id, ts: found.ts, text: found.text };
        cursor = page.response_metadata?.next_cursor ?? '';
      } while (cursor);
      return undefined;
    },

    async post(channel, key, text) {
      const message = { channel: await idOf(channel), text, metadata: metadata(key), unfurl_links: false };
      const { channel: at, ts } = await call(posted, 'chat.postMessage', message);
      return { channel: at, ts };
    },

    async update({ channel, ts }, key, text) {
      await call(posted, 'chat.update', { channel, ts, text, metadata: metadata(key) });
    },
  };
}

async function clientOf({ url, token }: SlackConfig, { fetch }: Wire): Promise<WebClient> {
  const { LogLevel, WebClient } = await import('@slack/web-api');
  return new WebClient(token, {
    slackApiUrl: url,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: within,
    allowAbsoluteUrls: false,
    logLevel: LogLevel.ERROR,
    fetch: async (address, { signal, ...init } = {}) => fetch(new Request(address, { ...init, ...(signal && { signal }) })),
  });
}

/** Slack answers 200 to its refusals; these are the statuses that its words amount to. */
const statuses: Record<string, number> = {
  not_authed: 401,
  invalid_auth: 401,
  account_inactive: 401,
  token_revoked: 401,
  token_expired: 401,
  missing_scope: 403,
  not_in_channel: 403,
  restricted_action: 403,
  cant_update_message: 403,
  channel_not_found: 404,
  is_archived: 404,
  message_not_found: 404,
  ratelimited: 429,
  internal_error: 500,
  fatal_error: 500,
  service_unavailable: 503,
};

async function faultOf(error: unknown): Promise<SystemError> {
  const { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } = await import('@slack/web-api');
  if (error instanceof WebAPIRateLimitedError) return answered(429, 'it is over its limit of calls', error.retryAfter * 1000);
  if (error instanceof WebAPIPlatformError) {
    const { error: word } = error.data;
    return answered(statuses[word] ?? 400, word);
  }
  if (error instanceof WebAPIHTTPError) return answered(error.statusCode, error.statusMessage);
  if (error instanceof WebAPIRequestError) return unreachable(system, error.original);
  const text = `answered with something else than expected: ${error instanceof Error ? quoted(error.message) : ''}`;
  return new SystemError({ system, fault: 'garbled', text, cause: error });
}

const answered = (status: number, said: string, retryAfter?: number) =>
  new SystemError({
    system,
    fault: 'answered',
    status,
    text: `answered ${status}: ${quoted(said)}`,
    ...(retryAfter !== undefined && { retryAfter }),
  });
