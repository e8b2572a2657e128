/** Slack's channels: listed, made, described, joined and archived. What is so already is no fault. */

import { z } from 'zod';
import { SlackRefusal } from './slack-faults.ts';

export interface Channel {
  id: string;
  /** Without its `#`. */
  name: string;
  topic: string;
}

/** Every call throws SystemError. Channels and users are ids. */
export interface Channels {
  /** Made, or found where the name is taken by a channel that we are in. */
  openChannel: (wanted: { name: string; isPrivate: boolean }) => Promise<Channel>;
  /** At most 250 characters, escaped by who wrote them. */
  setTopic: (channel: string, topic: string) => Promise<void>;
  invite: (channel: string, user: string) => Promise<void>;
  archive: (channel: string) => Promise<void>;
}

/** Throws SystemError. */
export type CallSlack = <T>(schema: z.ZodType<T>, method: string, options: Record<string, unknown>) => Promise<T>;

const channel = z.looseObject({
  id: z.string(),
  name: z.string().default(''),
  is_member: z.boolean().default(false),
  topic: z.looseObject({ value: z.string().default('') }).default({ value: '' }),
});
const page = z.looseObject({
  channels: z.array(channel),
  response_metadata: z.looseObject({ next_cursor: z.string().default('') }).optional(),
});
const made = z.looseObject({ channel });
const accepted = z.looseObject({});

/** The most of one answer: a workspace has thousands, and Slack takes about twenty such calls a minute. */
const limit = 999;

type Types = 'public_channel' | 'private_channel' | 'public_channel,private_channel';

async function pageOf(call: CallSlack, types: Types, cursor: string) {
  const asked = { limit, exclude_archived: true, types, cursor };
  const { channels, response_metadata } = await call(page, 'conversations.list', asked);
  return { channels, next: response_metadata?.next_cursor ?? '' };
}

/** All that are not archived. */
async function* listChannels(call: CallSlack, types: Types) {
  let cursor = '';
  do {
    const { channels, next } = await pageOf(call, types, cursor);
    yield* channels;
    cursor = next;
  } while (cursor);
}

/**
 * Finds ids by names (`#incidents`), private channels among them where the token may list them. What was found is kept; a call that
 * fails in the middle, as at the limit of calls, leaves the place where the next one goes on.
 */
export function channelIds(call: CallSlack): (channel: string) => Promise<string> {
  const ids = new Map<string, string>();
  let types: Types = 'public_channel,private_channel';
  let cursor = '';
  const turnPage = async () => {
    try {
      const { channels, next } = await pageOf(call, types, cursor);
      for (const { id, name } of channels) ids.set(`#${name}`, id);
      cursor = next;
    } catch (error) {
      if (said('missing_scope', error) && types !== 'public_channel') types = 'public_channel';
      else if (!said('invalid_cursor', error) || cursor === '') throw error;
      cursor = '';
      await turnPage();
    }
  };
  return async channel => {
    if (!channel.startsWith('#')) return channel;
    while (!ids.has(channel)) {
      await turnPage();
      if (cursor === '') break;
    }
    return ids.get(channel) ?? channel;
  };
}

export function channelsOf(call: CallSlack): Channels {
  const ours = async (wanted: string, isPrivate: boolean): Promise<Channel | undefined> => {
    for await (const { id, name, is_member, topic } of listChannels(call, isPrivate ? 'private_channel' : 'public_channel'))
      if (name === wanted && is_member) return { id, name, topic: topic.value };
    return undefined;
  };

  return {
    async openChannel({ name, isPrivate }) {
      try {
        const { channel } = await call(made, 'conversations.create', { name, is_private: isPrivate });
        return { id: channel.id, name: channel.name, topic: '' };
      } catch (error) {
        const known = said('name_taken', error) ? await ours(name, isPrivate) : undefined;
        if (known) return known;
        throw error;
      }
    },
    setTopic: async (channel, topic) => void (await call(accepted, 'conversations.setTopic', { channel, topic })),
    invite: (channel, users) => unless('already_in_channel', call(accepted, 'conversations.invite', { channel, users })),
    archive: channel => unless('already_archived', call(accepted, 'conversations.archive', { channel })),
  };
}

const said = (word: string, error: unknown) => error instanceof SlackRefusal && error.word === word;

async function unless(word: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!said(word, error)) throw error;
  }
}
