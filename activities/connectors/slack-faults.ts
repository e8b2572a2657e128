/** Slack's refusals and faults in the form that all systems share; a refusal keeps the word that Slack has for it. */

import { unreachable } from './http.ts';
import { quoted, SystemError } from './system-error.ts';

const system = 'Slack';

/** Slack answered, and said no: `name_taken`. */
export class SlackRefusal extends SystemError {
  readonly word: string;

  constructor({ error: word, needed }: { error: string; needed?: unknown }) {
    const status = statuses[word] ?? 400;
    const scope = typeof needed === 'string' ? `, needs ${needed}` : '';
    super({ system, fault: 'answered', status, text: `answered ${status}: ${quoted(`${word}${scope}`)}` });
    this.word = word;
  }
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
  user_not_found: 404,
  is_archived: 404,
  message_not_found: 404,
  ratelimited: 429,
  internal_error: 500,
  fatal_error: 500,
  service_unavailable: 503,
};

export async function faultOf(error: unknown): Promise<SystemError> {
  const { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } = await import('@slack/web-api');
  if (error instanceof WebAPIRateLimitedError) return answered(429, 'it is over its limit of calls', error.retryAfter * 1000);
  if (error instanceof WebAPIPlatformError) return new SlackRefusal(error.data);
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
