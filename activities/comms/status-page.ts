/**
 * What the public page says of a component. Held and observed like a change of the platform: customers read it.
 * Twice equals once: one status page incident an incident, and what stands there already is not published again.
 */

import type { Target } from '../../workflows/contract/action.ts';
import type { Artifacts } from '../connectors/artifacts.ts';
import type { PageComponent, PageIncident, Publication, Statuspage } from '../connectors/statuspage.ts';
import { SystemError } from '../connectors/system-error.ts';
import { stopped } from '../failures.ts';
import type { Action, ActionContext, Setting } from '../engine/action.ts';
import { holdersIn, type Values } from '../engine/holders.ts';
import { runSetting } from '../engine/run-setting.ts';
import { storedRecords, storeRecords } from '../engine/stored-records.ts';
import type { Snapshot, TargetSystem } from '../engine/target.ts';
import { toLetGo, toSet, type Write } from '../engine/write.ts';
import { incidentOf } from '../guard.ts';
import { publicText, stating, type TextName } from '../messages/texts.ts';
import type { Component, Platform } from '../platform.ts';

export type ComponentStatus = 'operational' | 'degraded_performance' | 'partial_outage' | 'major_outage';

export interface StatusPageInput {
  component: Component;
  status: ComponentStatus;
  text: TextName;
  /** Measured part of the jobs, 0 to 1, for texts that state one. */
  share?: number;
}

export const setStatusPage: Action<StatusPageInput> = {
  name: 'setStatusPage',
  async run(input, context) {
    const { subject, body } = textOf(input, context.deps.platform);
    if (stating.includes(input.text) && input.share === undefined)
      throw stopped('BadInput', `The text ${input.text} states a measured share, and none was given: measure first.`);
    const { statuspage, artifacts } = context.deps.systems;
    if (!statuspage)
      return { byHand: { system: 'status page', paste: `${nameOf(input, context.deps.platform)}: ${input.status}\n${body}` } };
    const page = pageFor(statuspage, artifacts, { ...input, subject, body, ours: incidentOf(context.call.key) });
    return runSetting(publishing, input, { ...context, systems: { ...context.systems, 'status page': page } });
  },
  undo: 'newer text corrects the page',
};

interface View {
  component: PageComponent;
  incident: PageIncident | undefined;
  now: Snapshot;
}

const publishing: Setting<StatusPageInput, View> = {
  name: 'setStatusPage',
  isFinal: true,
  async look(input, { deps, systems, call }) {
    const { statuspage } = deps.systems;
    const page = systems['status page'];
    if (!statuspage || !page)
      throw new SystemError({ system: 'The status page', fault: 'not connected', text: 'is not connected' });
    const component = await find(statuspage, input.component, deps.platform);
    const incident = oursIn(await statuspage.unresolved(), incidentOf(call.key));
    return { component, incident, now: await page.read(componentTarget(component)) };
  },
  draft: ({ component, incident, now }, input, context) => {
    const { body } = textOf(input, context.deps.platform);
    if (component.status === input.status && incident?.texts.includes(body)) return [];
    const says: Values = input.status === 'operational' && !incident ? {} : { text: body };
    const making = { action: 'setStatusPage', key: context.call.key, recording: 'of the incident' } as const;
    const writes = toSet(now, { status: input.status, ...says }, making);
    return input.status === 'operational' ? writes.map(write => ended(write, now, context)) : writes;
  },
  words: ({ incident }, input, { deps }) => ({
    summary: `${textOf(input, deps.platform).subject}.`,
    consequences: [`Customers read it, and subscribers get a mail (${stageOf(input, incident)}).`],
    done: 'Status page updated.',
    nothing: { note: 'The status page says this already.', measured: false },
  }),
  asks: async () => undefined,
  measure: async () => ({ measured: 'nothing to measure', text: 'Published, not yet read.' }),
};

/** With the last text of an incident its record is let go. */
const ended = (write: Write, now: Snapshot, { call }: ActionContext): Write => {
  const [letGo] = toLetGo(now, ({ incident }) => incident === incidentOf(call.key), call.key);
  return { ...write, records: letGo?.records ?? {} };
};

const nameOf = ({ component }: StatusPageInput, { statusPage }: Platform) => statusPage.components[component]?.name ?? component;

const textOf = (input: StatusPageInput, platform: Platform) => publicText(input.text, nameOf(input, platform), input.share);

const oursIn = (incidents: PageIncident[], incident: string) => incidents.find(({ ours }) => ours === incident);

const componentTarget = ({ name }: PageComponent): Target => ({ system: 'status page', kind: 'Status page', name });

async function find(statuspage: Statuspage, role: Component, { statusPage }: Platform): Promise<PageComponent> {
  const { name, id } = statusPage.components[role] ?? { name: role };
  const components = await statuspage.components();
  const found = components.find(component => (id === undefined ? component.name === name : component.id === id));
  if (found) return found;
  const text = `has no component ${id ?? name}: its components are ${components.map(({ name }) => name).join(', ')}`;
  throw new SystemError({ system: 'The status page', fault: 'answered', status: 404, text });
}

/** Statuspage's own words for how far an incident has come. */
function stageOf({ status, text }: Pick<StatusPageInput, 'status' | 'text'>, incident?: PageIncident): Publication['status'] {
  if (status === 'operational') return 'resolved';
  return text === 'degraded' && incident === undefined ? 'investigating' : 'identified';
}

interface Published extends StatusPageInput {
  subject: string;
  body: string;
  ours: string;
}

/** How a component of the page is read and written for one publication; its record lies in the artifact store, written first. */
function pageFor(statuspage: Statuspage, artifacts: Artifacts, published: Published): TargetSystem {
  const { status, subject, body, ours } = published;
  const incidentNow = async () => oursIn(await statuspage.unresolved(), ours);
  return {
    async read(target) {
      const component = (await statuspage.components()).find(({ name }) => name === target.name);
      if (!component)
        throw new SystemError({ system: 'The status page', fault: 'answered', status: 404, text: `has no ${target.name}` });
      const incident = await incidentNow();
      const records = await storedRecords(artifacts, target);
      const values: Record<string, string | null> = { status: component.status, text: incident?.texts[0] ?? null };
      const value = (field: string) => values[field] ?? null;
      return { target, uid: component.id, value, records, holders: holdersIn(records), recordsWithWrites: false };
    },
    async write(write, { uid }) {
      await storeRecords(artifacts, write);
      const incident = await incidentNow();
      const publication = { body, components: { [uid]: status }, status: stageOf(published, incident) };
      if (incident) await statuspage.update(incident.id, publication);
      else if (status === 'operational') await statuspage.setComponent(uid, status);
      else await statuspage.open(ours, subject, publication);
    },
  };
}
