/** Limits and blocks that the API of the platform enforces, as calls ready to paste. */

import type { Outcome } from '../../workflows/contract/action.ts';
import type { FrozenList } from '../../workflows/contract/finding.ts';
import { bodyOf } from '../connectors/artifacts.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { momentOf } from '../kubernetes/when.ts';
import { endOfLent } from '../lent-time.ts';
import { gatewayOf } from '../platform.ts';
import type { ReviewedLimit } from '../platform/gateway.ts';
import type { LimitTo } from './limit-form.ts';
import { lowClass } from './limited-class.ts';

export const halfOf = ({ perMinute, burst }: ReviewedLimit): ReviewedLimit => ({
  perMinute: Math.max(1, Math.floor(perMinute / 2)),
  burst,
});

/** No undo knows a limit that people set: half of the reviewed one ends by itself, as ours does. @param why it is left to people */
export function limitByHand(to: LimitTo, { platform, now }: Pick<Deps, 'platform' | 'now'>, why = notConnected): Outcome {
  const all = Object.entries(gatewayOf(platform).limits);
  const at = now();
  const until = to === 'reviewed' ? null : new Date(endOfLent(undefined, platform, at)).toISOString();
  const wanted = until === null ? all : all.filter(([scope]) => scope === `class:${lowClass}`).map(halved);
  const ends = until === null ? '' : `; the limit ends by itself at ${momentOf(until, at)}`;
  const because = `${why}. People set its limits: VERSION is the one that GET /v1/limits says${ends}`;
  return { byHand: { system: 'NQBA API', paste: wanted.map(one => callOf(one, until, to)).join('\n'), because } };
}

const notConnected = 'The API of the platform limits and blocks here, and it is not connected (NQBA_API_URL, NQBA_API_TOKEN)';

const halved = ([scope, reviewed]: [string, ReviewedLimit]): [string, ReviewedLimit] => [scope, halfOf(reviewed)];

const headers = `-H "Authorization: Bearer $NQBA_API_TOKEN" -H "If-Match: $VERSION" -H 'content-type: application/json'`;

function callOf([scope, { perMinute, burst }]: [string, ReviewedLimit], until: string | null, reason: string): string {
  const body = JSON.stringify({ per_minute: perMinute, burst: perMinute * burst, until, reason });
  return put(`limits/${encodeURIComponent(scope)}`, `'${body}'`);
}

/** Without the addresses: they stay in the artifact store. */
export function blockByHand({ digest }: FrozenList, why = notConnected): Outcome {
  const paste = put('blocks', '@blocks.json');
  const because = `${why}. People block: blocks.json is what GET /v1/blocks says, and each cidr of ${bodyOf(digest)} in the artifact store for a day`;
  return { byHand: { system: 'NQBA API', paste, because } };
}

/** A platform whose API has no such call is no fault: what to do is text to paste. */
export const pasteIfMissing =
  (pasted: (because: string) => Outcome) =>
  (error: unknown): Outcome => {
    if (error instanceof SystemError && error.fault === 'not connected' && error.status !== undefined)
      return pasted(error.message);
    throw error;
  };

/** @param body as curl takes it */
const put = (path: string, body: string) => `curl -X PUT "$NQBA_API_URL/v1/${path}" ${headers} -d ${body}`;
