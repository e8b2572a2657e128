/** What each of Slack's methods does to the channels, and why it refuses. */

import type { Arguments } from './slack-arguments.ts';
import { type Answer, type Method, refusal } from './slack-answer.ts';
import { archive, createChannel, findChannel, invite, listChannels, refusedChannel, setTopic } from './slack-channels.ts';
import { bot, Message, type Workspace } from './slack-history.ts';
import type { Surroundings } from './stand-in.ts';

const longest = 40_000;
const kept = 1_000;

export const methods: Readonly<Record<string, Method>> = {
  'api.test': () => ({ ok: true }),
  'auth.test': () => ({
    ok: true,
    url: 'https://nqba.slack.com/',
    team: 'NQBA',
    user: 'runbooks',
    team_id: 'T0NQBA',
    user_id: bot.user,
    bot_id: bot.bot_id,
  }),
  'chat.postMessage': postMessage,
  'chat.update': update,
  'conversations.history': history,
  'conversations.archive': archive,
  'conversations.create': createChannel,
  'conversations.invite': invite,
  'conversations.list': listChannels,
  'conversations.setTopic': setTopic,
};

function postMessage(given: Arguments, workspace: Workspace, around: Surroundings): Answer {
  const channel = findChannel(workspace, given.text('channel'), 'or name');
  const wrong = refusedChannel(channel) ?? refusedContent(given);
  if (wrong || !channel) return wrong ?? refusal('channel_not_found');
  const message = Message.parse({
    ...bot,
    ...content(given),
    type: 'message',
    channel: channel.id,
    ts: timestamp(around.now(), workspace),
    thread_ts: given.text('thread_ts'),
  });
  workspace.messages.push(message);
  tell(message, workspace, around);
  return { ok: true, channel: channel.id, ts: message.ts, message };
}

function update(given: Arguments, workspace: Workspace, around: Surroundings): Answer {
  const channel = findChannel(workspace, given.text('channel'));
  const wrong = refusedChannel(channel) ?? refusedContent(given);
  if (wrong) return wrong;
  const found = workspace.messages.find(({ ts, channel: at }) => ts === given.text('ts') && at === channel?.id);
  if (!found) return refusal('message_not_found');
  if (found.user !== bot.user) return refusal('cant_update_message');
  Object.assign(found, content(given), { edited: { user: bot.user, ts: timestamp(around.now(), workspace) } });
  tell(found, workspace, around);
  return { ok: true, channel: found.channel, ts: found.ts, text: found.text, message: found };
}

/** Newest first, a page at a time. */
function history(given: Arguments, workspace: Workspace): Answer {
  const channel = findChannel(workspace, given.text('channel'));
  const wrong = refusedChannel(channel);
  if (wrong) return wrong;
  const limit = Number(given.text('limit') ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 999) return refusal('invalid_limit');
  const before = cursorOf(given.text('cursor'));
  if (before === undefined) return refusal('invalid_cursor');
  const { oldest, latest } = { oldest: Number(given.text('oldest') ?? 0), latest: Number(given.text('latest') ?? Infinity) };
  const found = workspace.messages
    .filter(({ channel: at, ts }) => at === channel?.id && micros(ts) < before && Number(ts) > oldest && Number(ts) < latest)
    .toSorted((a, b) => micros(b.ts) - micros(a.ts));
  const messages = found.slice(0, limit).map(message => shown(message, given.text('include_all_metadata') === 'true'));
  const last = found.length > limit ? messages.at(-1) : undefined;
  const next = last ? Buffer.from(`next_ts:${micros(last.ts)}`).toString('base64') : '';
  return { ok: true, messages, has_more: next !== '', pin_count: 0, response_metadata: { next_cursor: next } };
}

/** Microseconds before which the next page begins; `undefined` when that is no cursor of ours. */
function cursorOf(given: string | undefined): number | undefined {
  if (!given) return Infinity;
  const before = /^next_ts:(\d+)$/.exec(Buffer.from(given, 'base64').toString())?.[1];
  return before === undefined ? undefined : Number(before);
}

const shown = ({ metadata, ...message }: Message, all: boolean) => (all && metadata ? { ...message, metadata } : message);
const micros = (ts: string) => Math.round(Number(ts) * 1_000_000);

function refusedContent(given: Arguments): Answer | undefined {
  const [text, blocks, metadata] = [given.text('text'), given.value('blocks'), given.value('metadata')];
  if (!text && blocks === undefined) return refusal('no_text');
  if ((text ?? '').length > longest) return refusal('msg_too_long');
  if (blocks !== undefined && !Message.shape.blocks.safeParse(blocks).success) return refusal('invalid_blocks_format');
  if (metadata !== undefined && !Message.shape.metadata.safeParse(metadata).success) return refusal('invalid_metadata_format');
  return undefined;
}

const content = (given: Arguments) => ({
  text: given.text('text') ?? '',
  ...(given.value('blocks') !== undefined && { blocks: given.value('blocks') }),
  ...(given.value('metadata') !== undefined && { metadata: given.value('metadata') }),
});

/** Unique in the workspace, as it is the message's id. */
function timestamp(now: number, { messages }: Workspace): string {
  const last = messages.reduce((latest, { ts, edited }) => Math.max(latest, micros(ts), micros(edited?.ts ?? '0')), 0);
  const next = Math.max(now * 1_000, last + 1);
  return `${Math.floor(next / 1_000_000)}.${String(next % 1_000_000).padStart(6, '0')}`;
}

/** Keeps the channel, and tells its readers what they now read: the blocks where there are any. */
function tell(message: Message, workspace: Workspace, { record, shelf }: Surroundings): void {
  workspace.messages = workspace.messages.slice(-kept);
  shelf.write(workspace);
  const name = workspace.channels.find(({ id }) => id === message.channel)?.name ?? message.channel;
  const key = message.metadata?.event_payload.key;
  const text = message.blocks?.length ? textsOf(message.blocks).join('\n') : message.text;
  record({ system: 'slack', to: `#${name}`, key: typeof key === 'string' ? key : '', text });
}

function textsOf(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(textsOf);
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) =>
    name === 'text' && typeof value === 'string' ? [value] : textsOf(value),
  );
}
