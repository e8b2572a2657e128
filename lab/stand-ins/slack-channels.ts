/** Channels: listed, made, described, filled with people, archived; and why Slack refuses each. */

import type { Arguments } from './slack-arguments.ts';
import { type Answer, refusal } from './slack-answer.ts';
import { bot, type Channel, users, type Workspace } from './slack-history.ts';
import type { Surroundings } from './stand-in.ts';

/** Posting takes a name as well; everything else only an id. */
export const findChannel = ({ channels }: Workspace, given: string | undefined, by: 'only' | 'or name' = 'only') =>
  channels.find(({ id, name }) => id === given || (by === 'or name' && given?.replace('#', '') === name));

export function refusedChannel(channel: Channel | undefined): Answer | undefined {
  if (!channel) return refusal('channel_not_found');
  if (channel.is_archived) return refusal('is_archived');
  return channel.is_member ? undefined : refusal('not_in_channel');
}

/** Of the types that are asked for, a page at a time; a private one only to its members. */
export function listChannels(given: Arguments, { channels }: Workspace): Answer {
  const types = (given.text('types') ?? 'public_channel').split(',');
  const limit = Number(given.text('limit') ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 999) return refusal('invalid_limit');
  const from = channels.findIndex(({ id }) => id === Buffer.from(given.text('cursor') ?? '', 'base64').toString());
  if (given.text('cursor') && from < 0) return refusal('invalid_cursor');
  const found = channels
    .slice(Math.max(from, 0))
    .filter(({ is_private }) => types.includes(is_private ? 'private_channel' : 'public_channel'))
    .filter(({ is_archived }) => !is_archived || given.text('exclude_archived') !== 'true');
  const next = found[limit] ? Buffer.from(found[limit].id).toString('base64') : '';
  return { ok: true, channels: found.slice(0, limit).map(shown), response_metadata: { next_cursor: next } };
}

export function createChannel(given: Arguments, workspace: Workspace, { shelf }: Surroundings): Answer {
  const name = given.text('name') ?? '';
  const wrong = refusedName(name) ?? (workspace.channels.some(one => one.name === name) ? 'name_taken' : undefined);
  if (wrong) return refusal(wrong);
  const channel: Channel = {
    id: `C0MADE${workspace.channels.length}`,
    name,
    is_private: given.text('is_private') === 'true',
    is_member: true,
    is_archived: false,
    topic: { value: '' },
    members: [bot.user],
  };
  workspace.channels.push(channel);
  shelf.write(workspace);
  return { ok: true, channel: shown(channel) };
}

function refusedName(name: string): string | undefined {
  if (name === '') return 'invalid_name_required';
  if (name.length > 80) return 'invalid_name_maxlength';
  if (!/^[a-z0-9_-]+$/.test(name)) return 'invalid_name_specials';
  return /^[_-]+$/.test(name) ? 'invalid_name_punctuation' : undefined;
}

export function setTopic(given: Arguments, workspace: Workspace, around: Surroundings): Answer {
  const channel = findChannel(workspace, given.text('channel'));
  const wrong = refusedChannel(channel);
  if (wrong || !channel) return wrong ?? refusal('channel_not_found');
  const value = given.text('topic') ?? '';
  if (value.length > 250) return refusal('too_long');
  channel.topic = { value };
  tell(channel, `topic: ${value}`, workspace, around);
  return { ok: true, channel: shown(channel) };
}

/** All of them or none, unless told to force it. */
export function invite(given: Arguments, workspace: Workspace, around: Surroundings): Answer {
  const channel = findChannel(workspace, given.text('channel'));
  const wrong = refusedChannel(channel);
  if (wrong || !channel) return wrong ?? refusal('channel_not_found');
  const wanted = (given.text('users') ?? '').split(',').filter(Boolean);
  if (wanted.length === 0) return refusal('no_user');
  const errors = wanted.flatMap(user => {
    const error = refusedUser(user, channel);
    return error ? [{ user, ok: false, error }] : [];
  });
  const [first] = errors;
  const invited = wanted.filter(user => !errors.some(error => error.user === user));
  if (first && (invited.length === 0 || given.text('force') !== 'true')) return refusal(first.error, { errors });
  channel.members.push(...invited);
  for (const user of invited) tell(channel, `${user} was invited`, workspace, around);
  return { ok: true, channel: shown(channel), ...(first && { errors }) };
}

function refusedUser(user: string, { members }: Channel): string | undefined {
  if (user === bot.user) return 'cant_invite_self';
  if (!users.includes(user)) return 'user_not_found';
  return members.includes(user) ? 'already_in_channel' : undefined;
}

export function archive(given: Arguments, workspace: Workspace, around: Surroundings): Answer {
  const channel = findChannel(workspace, given.text('channel'));
  if (!channel) return refusal('channel_not_found');
  if (channel.is_archived) return refusal('already_archived');
  if (!channel.is_member) return refusal('not_in_channel');
  channel.is_archived = true;
  tell(channel, 'archived', workspace, around);
  return { ok: true };
}

/** Slack says who is in a channel only when it is asked for that. */
const shown = ({ members, ...channel }: Channel) => ({ ...channel, num_members: members.length });

/** Keeps the channel, and what its members read of it. */
function tell({ name }: Channel, text: string, workspace: Workspace, { record, shelf }: Surroundings): void {
  shelf.write(workspace);
  record({ system: 'slack', to: `#${name}`, key: '', text });
}
