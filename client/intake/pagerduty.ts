/**
 * PagerDuty's webhook, version 3: whoever acknowledges our page there has acknowledged its incident.
 * Payload, signature and repetition: https://developer.pagerduty.com/docs/webhooks-overview, /verifying-webhook-signatures and /webhooks-behavior.
 */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { nameIn } from '../../activities/connectors/pagerduty/incidents.ts';
import { Refused, TemporalUnreachable } from '../errors.ts';
import { hasCommander } from '../incident.ts';
import type { Temporal } from '../temporal.ts';

export interface Acknowledging {
  /** One, or two while one replaces the other. */
  secrets: readonly string[];
  temporal: Pick<Temporal, 'byId' | 'signal'>;
}

/** Bytes; PagerDuty drops what is larger. */
export const largestEvent = 256 * 1024;

/** A header with more signatures than secrets that could ever be valid is not read further. */
const mostSignatures = 10;

/** Compares each signature with that of each secret, so that the time it takes says nothing of any of them. */
export function isSigned(header: string | undefined, body: Uint8Array, secrets: readonly string[]): boolean {
  const given = (header ?? '').split(',', mostSignatures).flatMap(one => /^v1=([0-9a-f]{64})$/i.exec(one.trim())?.[1] ?? []);
  const wanted = secrets.map(secret => createHmac('sha256', secret).update(body).digest());
  const same = wanted.flatMap(digest => given.map(one => timingSafeEqual(digest, Buffer.from(one, 'hex'))));
  return same.includes(true);
}

const agent = z.looseObject({ type: z.string().max(100), summary: z.string().max(1_000).nullish() });

/** Of other types of events only their type is read. */
export const pagerdutyEvent = z.looseObject({
  event: z.looseObject({
    event_type: z.string().min(1).max(100),
    agent: agent.nullish().meta({ description: 'The person, or the service, that did it' }),
    data: z.looseObject({ incident_key: z.string().max(1_000).nullish() }).nullish(),
  }),
});
type Event = z.infer<typeof pagerdutyEvent>['event'];

export const acknowledgementResults = ['acknowledged', 'ignored', 'unreachable'] as const;
export const acknowledgement = z.object({
  result: z.enum(acknowledgementResults),
  incident: z.string().optional().meta({ description: 'Short name' }),
  reason: z.string(),
});
export type Acknowledgement = z.infer<typeof acknowledgement>;

const ignored = (reason: string, incident?: string): Acknowledgement => ({ result: 'ignored', incident, reason });

/** Durable once it says *acknowledged*, without a worker; *unreachable* is to be sent again. */
export async function acknowledge(event: Event, temporal: Acknowledging['temporal']): Promise<Acknowledgement> {
  const told = read(event);
  if ('ignored' in told) return ignored(told.ignored);
  try {
    return await tell(told, temporal);
  } catch (error) {
    if (error instanceof TemporalUnreachable) return { result: 'unreachable', reason: error.message };
    throw error;
  }
}

interface Told {
  /** First run id of the incident. */
  id: string;
  by: string;
}

/** Our own acknowledgements come back too, from a service: only people acknowledge. */
function read({ event_type: type, agent, data }: Event): Told | { ignored: string } {
  if (type !== 'incident.acknowledged') return { ignored: `${type} acknowledges nothing` };
  if (agent?.type !== 'user_reference') return { ignored: 'no person acknowledged it' };
  const by = nameIn(agent.summary);
  if (!by) return { ignored: 'the person has no name' };
  const [, id] = /^([0-9a-f-]{36})\//.exec(data?.incident_key ?? '') ?? [];
  return id === undefined ? { ignored: 'it is no page of ours' } : { id, by };
}

async function tell({ id, by }: Told, temporal: Acknowledging['temporal']): Promise<Acknowledgement> {
  const incident = await temporal.byId(id);
  if (!incident || !hasCommander(incident)) return ignored('no incident here has this page');
  if (!incident.open) return ignored('the incident is closed', incident.name);
  try {
    await temporal.signal(incident, 'acknowledge', { by });
  } catch (error) {
    if (error instanceof Refused) return ignored(error.message, incident.name);
    throw error;
  }
  return { result: 'acknowledged', incident: incident.name, reason: `${by} acknowledged it in PagerDuty` };
}
