/** Limits and blocks that the API of the platform enforces, as calls ready to paste. */

import type { Outcome } from '../../workflows/contract/action.ts';
import type { FrozenList } from '../../workflows/contract/finding.ts';
import { bodyOf } from '../connectors/artifacts.ts';
import { gatewayOf, type Platform } from '../platform.ts';
import type { ReviewedLimit } from '../platform/gateway.ts';
import { lowClass } from './limited-class.ts';

export const halfOf = ({ perMinute, burst }: ReviewedLimit): ReviewedLimit => ({
  perMinute: Math.max(1, Math.floor(perMinute / 2)),
  burst,
});

/** Nothing where an Ingress limits. */
export function limitByHand(limit: 'essential only' | 'reviewed', platform: Platform): Outcome | undefined {
  const { form, limits } = gatewayOf(platform);
  if (form === 'ingress') return undefined;
  const all = Object.entries(limits);
  const wanted = limit === 'reviewed' ? all : all.filter(([scope]) => scope === `class:${lowClass}`).map(halved);
  const because =
    'The API of the platform limits calls here, and people set its limits: VERSION is the one that GET /v1/limits says';
  return { byHand: { system: 'NQBA API', paste: wanted.map(one => callOf(one, limit)).join('\n'), because } };
}

const halved = ([scope, reviewed]: [string, ReviewedLimit]): [string, ReviewedLimit] => [scope, halfOf(reviewed)];

function callOf([scope, { perMinute, burst }]: [string, ReviewedLimit], reason: string): string {
  const body = JSON.stringify({ per_minute: perMinute, burst, until: null, reason });
  return put(`limits/${encodeURIComponent(scope)}`, `'${body}'`);
}

/** Without the addresses: they stay in the artifact store. */
export function blockByHand({ digest }: FrozenList): Outcome {
  const paste = put('blocks', '@blocks.json');
  const because = `The API of the platform blocks sources here, and people do it: blocks.json is what GET /v1/blocks says, and each cidr of ${bodyOf(digest)} in the artifact store for a day`;
  return { byHand: { system: 'NQBA API', paste, because } };
}

const headers = `-H "Authorization: Bearer $NQBA_API_TOKEN" -H "If-Match: $VERSION" -H 'content-type: application/json'`;

/** @param body as curl takes it */
const put = (path: string, body: string) => `curl -X PUT "$NQBA_API_URL/v1/${path}" ${headers} -d ${body}`;
