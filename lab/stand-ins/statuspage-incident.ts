/** Components and incidents as Statuspage keeps them, and what it accepts as a change. */

import { randomBytes } from 'node:crypto';
import { z } from 'zod';

const componentStates = ['operational', 'degraded_performance', 'partial_outage', 'major_outage', 'under_maintenance'] as const;
/** The field `status` of https://developer.statuspage.io/#operation/postPagesPageIdIncidents: of real-time incidents, and of scheduled ones. */
const realTimeStates = ['investigating', 'identified', 'monitoring', 'resolved'] as const;
const scheduledStates = ['scheduled', 'in_progress', 'verifying', 'completed'] as const;
const incidentStates = [...realTimeStates, ...scheduledStates] as const;
const impacts = ['none', 'minor', 'major', 'critical', 'maintenance'] as const;

const Component = z.object({ id: z.string(), name: z.string(), status: z.enum(componentStates), updated_at: z.string() });
export type Component = z.infer<typeof Component>;

const metadata = z.record(z.string(), z.unknown());
export const Incident = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(incidentStates),
  impact: z.enum(impacts),
  metadata,
  components: z.array(Component),
  incident_updates: z.array(
    z.object({ id: z.string(), status: z.enum(incidentStates), body: z.string(), created_at: z.string() }),
  ),
  created_at: z.string(),
  updated_at: z.string(),
  resolved_at: z.string().nullable(),
  scheduled_for: z.string().nullable().default(null),
  scheduled_until: z.string().nullable().default(null),
  shortlink: z.string(),
});
export type Incident = z.infer<typeof Incident>;

export const Page = z.object({ components: z.array(Component), incidents: z.array(Incident) });
export type Page = z.infer<typeof Page>;

export const Update = z.looseObject({
  name: z.string().optional(),
  status: z.enum(incidentStates).optional(),
  body: z.string().optional(),
  impact_override: z.enum(impacts).optional(),
  component_ids: z.array(z.string()).optional(),
  components: z.record(z.string(), z.enum(componentStates)).optional(),
  metadata: metadata.optional(),
  scheduled_for: z.iso.datetime().optional(),
  scheduled_until: z.iso.datetime().optional(),
});
export type Update = z.infer<typeof Update>;

export const ComponentUpdate = z.looseObject({ name: z.string().min(1).optional(), status: z.enum(componentStates).optional() });

export const component = (id: string, name: string): Component => ({
  id,
  name,
  status: 'operational',
  updated_at: '2026-01-01T00:00:00.000Z',
});

const identifier = () => randomBytes(6).toString('hex');

export function created(update: Update, page: Page, now: number): Incident {
  const at = new Date(now).toISOString();
  const id = identifier();
  const blank: Incident = {
    id,
    name: '',
    status: update.scheduled_for === undefined ? 'investigating' : 'scheduled',
    impact: update.impact_override ?? 'none',
    metadata: {},
    components: page.components.filter(({ id }) => update.component_ids?.includes(id)),
    incident_updates: [],
    created_at: at,
    updated_at: at,
    resolved_at: null,
    scheduled_for: update.scheduled_for ?? null,
    scheduled_until: update.scheduled_until ?? null,
    shortlink: `https://stspg.io/${id}`,
  };
  return changed(blank, update, now);
}

export const isOver = (status: Incident['status']) => status === 'resolved' || status === 'completed';

/** A scheduled maintenance has states of its own, and a real-time incident none of them. */
export function wrongState(isScheduled: boolean, { status }: Update): string[] {
  const states: readonly string[] = isScheduled ? scheduledStates : realTimeStates;
  return status === undefined || states.includes(status) ? [] : ['Status is not included in the list'];
}

/** The incident after an update, which is listed first. Metadata that is not sent stays as it is. */
export function changed(incident: Incident, update: Update, now: number): Incident {
  const at = new Date(now).toISOString();
  const status = update.status ?? incident.status;
  return {
    ...incident,
    name: update.name ?? incident.name,
    status,
    impact: update.impact_override ?? incident.impact,
    metadata: update.metadata ?? incident.metadata,
    updated_at: at,
    resolved_at: isOver(status) ? (incident.resolved_at ?? at) : null,
    incident_updates: [{ id: identifier(), status, body: update.body ?? '', created_at: at }, ...incident.incident_updates],
  };
}

/** Statuspage's complaints about components that the page does not have. */
export function unknownComponents({ component_ids: ids, components }: Update, known: readonly Component[]): string[] {
  const named = [...(ids ?? []), ...Object.keys(components ?? {})];
  return named.filter(id => !known.some(component => component.id === id)).map(id => `Component ${id} could not be found`);
}

/** One issue in the words of Statuspage's 422. */
export function complaint({ path, code, message }: z.core.$ZodIssue): string {
  const field = String(path.at(-1) ?? '');
  const label = field.charAt(0).toUpperCase() + field.slice(1).replaceAll('_', ' ');
  return code === 'invalid_value' ? `${label} is not included in the list` : `${label} is invalid: ${message}`;
}
