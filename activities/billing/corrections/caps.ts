/**
 * The most that an incident and a day (UTC) may move: one record for each list, written before its first item, in the artifact store.
 * Each currency counts by itself against the caps, in its own major units: no rate of exchange is known here.
 */

import { z } from 'zod';
import { sha256 } from '../../connectors/artifacts.ts';
import type { ActionContext } from '../../engine/action.ts';
import { stopped } from '../../failures.ts';
import { incidentOf } from '../../guard.ts';
import { billingOf } from '../../platform.ts';
import { dayOf, minorOf, money } from '../sources.ts';

/** Minor units by currency. */
export type Sums = Record<string, number>;

const record = z.object({ action: z.string(), incident: z.string(), at: z.iso.datetime(), sums: z.record(z.string(), z.int()) });
type Moved = z.infer<typeof record>;

const folder = 'corrections';
const placeOf = ({ call }: ActionContext) => `${folder}/${sha256(call.key)}`;

/** A list that has begun is within the caps. @throws `Refused` */
export async function refuseOverCaps(action: string, sums: Sums, context: ActionContext): Promise<void> {
  if (!(await hasBegun(context))) refuse(await otherwise(action, context), sums, context);
}

/** Counts the list from now on: of two that begin at once at least one sees the other. @throws `Refused` */
export async function countFromNow(action: string, sums: Sums, context: ActionContext): Promise<void> {
  if (await hasBegun(context)) return;
  const { call, deps } = context;
  const own: Moved = { action, incident: incidentOf(call.key), at: new Date(deps.now()).toISOString(), sums };
  await deps.systems.artifacts.write(placeOf(context), JSON.stringify(own));
  try {
    refuse(await otherwise(action, context), sums, context);
  } catch (error) {
    await deps.systems.artifacts.remove(placeOf(context));
    throw error;
  }
}

/** As people read it: `usd 418.60 and eur 20.00`. */
export const sumsText = (sums: Sums): string =>
  Object.entries(sums)
    .map(([currency, minor]) => money(minor, currency))
    .join(' and ') || 'nothing';

const hasBegun = async (context: ActionContext) => (await context.deps.systems.artifacts.read(placeOf(context))) !== undefined;

/** Other lists of the same action, with the sums that they have moved. */
async function otherwise(action: string, context: ActionContext): Promise<Moved[]> {
  const { artifacts } = context.deps.systems;
  const places = (await artifacts.names(folder)).filter(place => place !== placeOf(context));
  const texts = await Promise.all(places.map(place => artifacts.read(place)));
  const all = texts.flatMap(text => (text === undefined ? [] : [record.parse(JSON.parse(text))]));
  return all.filter(one => one.action === action);
}

function refuse(others: Moved[], sums: Sums, { call, deps }: ActionContext): void {
  const { perIncident, perDay } = billingOf(deps.platform).caps;
  const today = dayOf(deps.now());
  const ofIncident = others.filter(({ incident }) => incident === incidentOf(call.key));
  const ofDay = others.filter(({ at }) => dayOf(at) === today);
  for (const [currency, minor] of Object.entries(sums)) {
    refuseAbove(perIncident, { currency, minor, of: 'an incident', before: ofIncident });
    refuseAbove(perDay, { currency, minor, of: 'a day', before: ofDay });
  }
}

interface Cap {
  currency: string;
  minor: number;
  of: string;
  before: Moved[];
}

function refuseAbove(most: number, { currency, minor, of, before }: Cap): void {
  const already = before.reduce((sum, { sums }) => sum + (sums[currency] ?? 0), 0);
  if (already + minor <= minorOf(most, currency)) return;
  throw stopped(
    'Refused',
    `${money(minor, currency)} with ${money(already, currency)} before is more than ${of} may move, ${money(minorOf(most, currency), currency)}. Nothing was changed: raise the cap in billing.caps of platform.json, or do it by hand.`,
  );
}
