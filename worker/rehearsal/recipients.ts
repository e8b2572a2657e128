/** Whom a message reaches on the platform: roles and places, each with its way. */

import { z } from 'zod';
import type { Platform } from '../../activities/platform.ts';
import { type Role, roles } from '../../workflows/contract/index.ts';
import type { Rehearsal } from './rehearse.ts';

export interface Recipient {
  /** A role, or a place. */
  to: string;
  /** The system, and where in it; null: nobody is reached. */
  way: string | null;
}

const place = (to: string, way: string): Recipient[] => [{ to, way }];
const channel = ({ channels }: Platform) => place('incident channel', `slack ${channels.incidents}`);

/** Messages by activity type; pages go to roles, everything else to one place. */
const places: Record<string, (platform: Platform) => Recipient[]> = {
  declareIncident: channel,
  resolveIncident: channel,
  announce: channel,
  setStatusPage: ({ statusPage }) => place('status page', `statuspage ${statusPage.components.quantum?.name ?? 'quantum'}`),
  tellCustomers: () => place('customers', 'mail that a person sends'),
};

export const isMessage = (type: string) => type === 'page' || Object.hasOwn(places, type);

const paging = z.object({ roles: z.array(z.enum(roles)) });

export const recipientsOf = (type: string, input: unknown, platform: Platform): Recipient[] =>
  type === 'page' ? pagedBy(input).map(role => ({ to: role, way: wayTo(role, platform) })) : (places[type]?.(platform) ?? []);

const pagedBy = (input: unknown): Role[] => paging.safeParse(input).data?.roles ?? [];

/** `pagerduty PAGERDUTY_ROUTING_KEY`: the system, and the name of what leads to people in it. */
function wayTo(role: Role, { roles }: Platform): string | null {
  const way = roles[role];
  return way === 'none' ? null : Object.entries(way).flat().join(' ');
}

export interface Unreached {
  role: Role;
  because: string;
}

/** Roles that were paged or asked, and that reach nobody; each is named once. */
export function unreachedIn(incidents: Pick<Rehearsal, 'ran' | 'report'>[], platform: Platform): Unreached[] {
  const wanted = incidents.flatMap(({ ran, report }) => [
    ...ran.flatMap(({ type, title, args }) =>
      type === 'page' ? pagedBy(args[0]).map(role => [role, `“${title}” pages it`] as const) : [],
    ),
    ...report.questions.map(({ title, owner }) => [owner, `“${title}” asks it`] as const),
  ]);
  const first = new Map(wanted.toReversed());
  return [...first].filter(([role]) => wayTo(role, platform) === null).map(([role, because]) => ({ role, because }));
}
