/** The recipients of a message on the platform: roles and places, each with its way. */

import { z } from 'zod';
import type { OnCall } from '../../activities/people.ts';
import type { Platform } from '../../activities/platform.ts';
import { chainOf, recipientsOf as waysOf, wayId, type Recipient as Reached } from '../../activities/reaching.ts';
import { messageOf } from '../../workflows/catalog/activities.ts';
import type { Reaches } from '../../workflows/catalog/activity-rows.ts';
import type { Role } from '../../workflows/contract/index.ts';
import type { Rehearsal } from './rehearse.ts';

/** The people who can be reached. */
export interface Reach {
  platform: Platform;
  onCall: OnCall;
}

export interface Recipient {
  /** A role, or a place. */
  to: string;
  /** The system, and what leads to people in it; null: no one is reached. */
  way: string | null;
}

const publishing = z.object({ component: z.string() });

const place = (to: string, way: string): Recipient[] => [{ to, way }];

/** Pages go to roles, everything else to one place. */
const places: Record<Exclude<Reaches, 'roles'>, (platform: Platform, input: unknown) => Recipient[]> = {
  'incident channel': ({ channels }) => place('incident channel', `slack ${channels.incidents}`),
  'status page': ({ statusPage }, input) => {
    const { component } = publishing.parse(input);
    return place('status page', `statuspage ${statusPage.components[component]?.name ?? component}`);
  },
  tickets: () => place('tickets', 'the repository that TICKETS_REPOSITORY names'),
  customers: () => place('customers', 'mail that a person sends'),
};

const paging = z.object({ roles: z.array(z.string()) });
const pagedBy = (input: unknown): Role[] => paging.safeParse(input).data?.roles ?? [];

export function recipientsOf(reach: Reach, { type, input, at }: { type: string; input: unknown; at: string }): Recipient[] {
  const reaches = messageOf(type)?.reaches;
  if (reaches !== 'roles') return reaches === undefined ? [] : places[reaches](reach.platform, input);
  return pagedBy(input).map(role => ({ to: role, way: wayTo(role, at, reach) }));
}

/** As they are tried: `bob by pagerduty BOB_ROUTING_KEY, then pagerduty PAGERDUTY_ROUTING_KEY`. */
function wayTo(role: Role, at: string, { platform, onCall }: Reach): string | null {
  const chain = chainOf(waysOf(platform, onCall, role), new Date(at)).filter(({ ways }) => ways.length > 0);
  return chain.length > 0 ? chain.map(named).join(', then ') : null;
}

const named = ({ person, ways }: Reached) =>
  [...(person === undefined ? [] : [person, 'by']), ways.map(wayId).join(' and ')].join(' ');

export interface Unreached {
  role: Role;
  because: string;
}

/** Roles that reached no one when they were paged or asked; each is named once. */
export function unreachedIn(incidents: Pick<Rehearsal, 'ran' | 'report'>[], reach: Reach): Unreached[] {
  const wanted = incidents.flatMap(({ ran, report }) => [
    ...ran.flatMap(({ type, title, args, at }) =>
      messageOf(type)?.reaches === 'roles'
        ? pagedBy(args[0]).map(role => ({ role, at: new Date(at).toISOString(), because: `“${title}” pages it` }))
        : [],
    ),
    ...report.questions.map(({ title, owner, asked }) => ({ role: owner, at: asked, because: `“${title}” asks it` })),
  ]);
  const nobody = wanted.filter(({ role, at }) => wayTo(role, at, reach) === null);
  return [...Map.groupBy(nobody, ({ role }) => role)].map(([role, [first]]) => ({ role, because: first?.because ?? '' }));
}
