/** GitHub says in headers of its own when its hour begins again: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api. */

import { type Answer, type Fetch, sentenceIn } from './http.ts';
import { SystemError } from './system-error.ts';

/** The same answer, with `Retry-After` where the calls of the hour are used up. */
export const withRetryAfter =
  (fetch: Fetch, now: () => number): Fetch =>
  async request => {
    const response = await fetch(request);
    const { status, headers, body } = response;
    const isUsedUp = (status === 403 || status === 429) && headers.get('x-ratelimit-remaining') === '0';
    const reset = Number(headers.get('x-ratelimit-reset'));
    if (!isUsedUp || headers.has('retry-after') || !Number.isFinite(reset)) return response;
    const told = new Headers(headers);
    told.set('retry-after', String(Math.max(1, Math.ceil(reset - now() / 1_000))));
    return new Response(body, { status, headers: told });
  };

/** Both limits answer 403, as a missing permission does; the sentence tells them apart. Without a time in it, it is a minute. */
export function withinLimits(system: string, answer: Answer): Answer {
  const { status, text, retryAfter = 60_000 } = answer;
  if ((status !== 403 && status !== 429) || !/rate limit/i.test(sentenceIn(text))) return answer;
  throw new SystemError({ system, fault: 'answered', status: 429, text: `answered ${status}: ${sentenceIn(text)}`, retryAfter });
}
