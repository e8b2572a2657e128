/** The incident that PagerDuty made of a page, by its REST API v2 (https://developer.pagerduty.com/api-reference/9d0b4b12e36f9-list-incidents). */

import { z } from 'zod';
import { limits } from '../../limits.ts';
import { under } from '../address.ts';
import { parsed, type Send } from '../http.ts';
import type { PageState } from '../pager.ts';

const person = z.looseObject({ type: z.string(), summary: z.string().nullish() });
const incidents = z.looseObject({
  incidents: z.array(
    z.looseObject({
      id: z.string(),
      status: z.enum(['triggered', 'acknowledged', 'resolved']),
      acknowledgements: z.array(z.looseObject({ acknowledger: person })).default([]),
    }),
  ),
});

/** Characters of a person's name. */
const longestName = 60;

const headers = (token: string) => ({
  accept: 'application/vnd.pagerduty+json;version=2',
  authorization: `Token token=${token}`,
});

/** The newest incident of a page; nothing where no incident was made of it. Throws SystemError. */
export async function pageState(
  system: string,
  send: Send,
  { url, token }: { url: string; token: string },
  dedupKey: string,
): Promise<PageState | undefined> {
  const query = new URLSearchParams({ incident_key: dedupKey, sort_by: 'created_at:desc', limit: '1' });
  const answer = await send(under(url, `/incidents?${query.toString()}`), { headers: headers(token), within: limits.pageState });
  const [newest] = parsed(system, incidents, answer).incidents;
  if (!newest) return undefined;
  const { id, status, acknowledgements } = newest;
  // Our own acknowledgements are those of a service: only people acknowledge.
  const people = acknowledgements.filter(({ acknowledger }) => acknowledger.type.startsWith('user'));
  const [by] = status === 'acknowledged' ? people.flatMap(({ acknowledger }) => nameIn(acknowledger.summary) ?? []) : [];
  return { id, status, acknowledgedBy: by };
}

/** The name as one line; nothing where there is none. */
export const nameIn = (summary: string | null | undefined): string | undefined =>
  summary
    ?.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, longestName) || undefined;
