/** Whether Slack knows the token, and whether the token may do that. */

import type { Arguments } from './slack-arguments.ts';
import { type Answer, refusal } from './slack-answer.ts';
import { findChannel } from './slack-channels.ts';
import type { Workspace } from './slack-history.ts';

const reading = ['channels:read', 'channels:history'];
const messaging = [...reading, 'chat:write', 'metadata.message:read'];
const publicly = [...messaging, 'channels:manage'];

/** What a token may do stands in its name; any other bot may do all. */
const scopesOf = (token: string): readonly string[] => {
  if (token.startsWith('xoxb-readonly')) return reading;
  if (token.startsWith('xoxb-messages')) return messaging;
  return token.startsWith('xoxb-public') ? publicly : [...publicly, 'groups:read', 'groups:write'];
};

export function deniedToken(method: string, given: Arguments, workspace: Workspace): Answer | undefined {
  const { token } = given;
  if (method === 'api.test') return undefined;
  if (!token) return refusal('not_authed');
  if (token.startsWith('xapp-')) return refusal('not_allowed_token_type');
  if (token.startsWith('xoxb-revoked')) return refusal('token_revoked');
  if (!token.startsWith('xoxb-')) return refusal('invalid_auth');
  const [needed, provided] = [scopeOf(method, given, workspace), scopesOf(token)];
  return !needed || provided.includes(needed) ? undefined : refusal('missing_scope', { needed, provided: provided.join(',') });
}

function scopeOf(method: string, given: Arguments, workspace: Workspace): string | undefined {
  switch (method) {
    case 'chat.postMessage':
    case 'chat.update':
      return 'chat:write';
    case 'conversations.list':
      return given.text('types')?.includes('private_channel') ? 'groups:read' : 'channels:read';
    case 'conversations.create':
      return managing(given.text('is_private') === 'true');
    case 'conversations.archive':
    case 'conversations.invite':
    case 'conversations.setTopic':
      return managing(findChannel(workspace, given.text('channel'))?.is_private ?? false);
    default:
      return undefined;
  }
}

const managing = (isPrivate: boolean) => (isPrivate ? 'groups:write' : 'channels:manage');
