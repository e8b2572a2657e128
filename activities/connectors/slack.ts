/** Slack, through its own client. Temporal owns the retries; a message carries our key, so that a retry finds it. */

import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { plainAddress } from './address.ts';
import { describeSystem, documented, type Seen, text } from './description.ts';
import { type Wire, within } from './http.ts';
import { byHand, fine, type Line } from './line.ts';
import { type CallSlack, channelIds, type Channels, channelsOf } from './slack-channels.ts';
import { faultOf } from './slack-faults.ts';

export interface Posted {
  channel: string;
  ts: string;
  /** Its text, if it was found. */
  text?: string;
}

/** Every call throws SystemError. Texts are mrkdwn, escaped by who wrote them. */
export interface Slack extends Channels {
  /** The id of a channel, or what was given where no channel has that name. */
  idOf: (channel: string) => Promise<string>;
  /** The message of that key in the channel (`#name` or id), no older than `since` (milliseconds since 1970). */
  find: (channel: string, key: string, since: number) => Promise<Posted | undefined>;
  post: (channel: string, key: string, text: string) => Promise<Posted>;
  update: (posted: Posted, key: string, text: string) => Promise<void>;
}

export interface SlackConfig {
  url: string;
  token: string;
}

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

export function connectSlack(config: SlackConfig, wire: Wire): Slack {
  let client: Promise<WebClient> | undefined;

  const call: CallSlack = async (schema, method, options) => {
    client ??= clientOf(config, wire);
    try {
      return schema.parse(await (await client).apiCall(method, options));
    } catch (error) {
      throw await faultOf(error);
    }
  };

  const idOf = channelIds(call);

  return {
    ...channelsOf(call),
    idOf,

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

/** Reads the channel that incidents are told in. */
async function examine({ system: slack, platform, wire }: Seen<SlackConfig, Slack>): Promise<Line> {
  if (!slack) return byHand('Slack', 'SLACK_BOT_TOKEN');
  await slack.find(platform.channels.incidents, 'doctor', wire.now());
  const id = await slack.idOf(platform.channels.incidents);
  return fine('Slack', `answers, and ${platform.channels.incidents} (${id}) may be read.`);
}

export const slackSystem = describeSystem({
  variables: z.object({
    SLACK_API_URL: plainAddress.default('https://slack.com/api/').register(documented, { means: 'a proxy, or practice' }),
    SLACK_BOT_TOKEN: text.optional().register(documented, {
      means: 'xoxb-…; its scopes stand in docs/running-on-your-own.md',
      without: "the incident's message becomes text to paste",
      secret: true,
    }),
  }),
  configure: ({ SLACK_API_URL: url, SLACK_BOT_TOKEN: token }) => (token ? { url, token } : undefined),
  missing: ({ SLACK_BOT_TOKEN: token }, { variables }) => [
    variables['SLACK_API_URL'] && !token && 'SLACK_BOT_TOKEN is missing, but SLACK_API_URL is set',
  ],
  connect: connectSlack,
  examined: { name: 'Slack', examine },
});
