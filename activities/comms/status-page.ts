/**
 * The public page's state of a component. Held and observed like a change of the platform: customers read it.
 * Twice equals once: one status page incident an incident, and what stands there already is not published again.
 */

import type { Target } from '../../workflows/contract/action.ts';
import type { Artifacts } from '../connectors/artifacts.ts';
import type { PageComponent, PageIncident, Publication, Statuspage } from '../connectors/statuspage.ts';
import { notConnected, SystemError } from '../connectors/system-error.ts';
import { stopped } from '../failures.ts';
import type { Action, ActionContext, Setting } from '../engine/action.ts';
import { holdersIn, type Values } from '../engine/holders.ts';
import { runSetting } from '../engine/run-setting.ts';
import { storedRecords, storeRecords } from '../engine/stored-records.ts';
import type { Snapshot, TargetSystem } from '../engine/target.ts';
import { toLetGo, toSet, type Write } from '../engine/write.ts';
import { incidentOf } from '../guard.ts';
import { drafted, publicText, stating, type TextName } from '../messages/texts.ts';
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
  byHand: (input, { platform, systems }) =>
    systems.statuspage && platform.statusPage.components[input.component]
      ? undefined
      : {
          byHand: {
            system: 'status page',
            paste: `${nameOf(input, platform)}: ${input.status}\n${textOf(input, platform).body}`,
            ...(systems.statuspage && {
              because: `statusPage.components of the platform description names no ${input.component}`,
            }),
          },
        },
  async run(input, context) {
    const { subject, body } = textOf(input, context.deps.platform);
    if (stating.includes(input.text) && input.share === undefined)
      throw stopped('BadInput', `The text ${input.text} states a measured share, but no share was measured: measure first.`);
    const { statuspage, artifacts } = context.deps.systems;
    if (!statuspage) throw notConnected('The status page', 'STATUSPAGE_API_KEY');
    const page = pageFor(statuspage, artifacts, { ...input, subject, body, ours: incidentOf(context.call.key) });
    return runSetting(publishing(page), input, { ...context, systems: { ...context.systems, 'status page': page } });
  },
  undo: 'a newer text corrects the page',
};

interface View {
  component: PageComponent;
  incident: PageIncident | undefined;
  now: Snapshot;
}

const publishing = (page: Page): Setting<StatusPageInput, View> => ({
  name: 'setStatusPage',
  isFinal: true,
  look: (input, { deps }) => page.view(called(input.component, deps.platform)),
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
    consequences: [`Customers read it, and subscribers get a mail (${stageOf(input, incident !== undefined)}).`],
    done: 'Status page updated.',
    nothing: { note: 'The status page shows this already.', measured: false },
  }),
  asks: async (_, { text }) => (drafted.includes(text) ? 'People decide what the public page shows about an outage.' : undefined),
  measure: async () => ({ measured: 'nothing to measure', text: 'Published; not yet read back.' }),
});

/** With the last text of an incident its record is let go. */
const ended = (write: Write, now: Snapshot, { call }: ActionContext): Write => {
  const [letGo] = toLetGo(now, ({ incident }) => incident === incidentOf(call.key), call.key);
  return { ...write, records: letGo?.records ?? {} };
};

const nameOf = ({ component }: StatusPageInput, { statusPage }: Platform) => statusPage.components[component]?.name ?? component;

const textOf = (input: StatusPageInput, platform: Platform) => publicText(input.text, nameOf(input, platform), input.share);

const oursIn = (incidents: PageIncident[], incident: string) => incidents.find(({ ours }) => ours === incident);

/** True if a component of the page is the one of this role. */
type IsWanted = (component: PageComponent) => boolean;

function called(role: Component, { statusPage }: Platform): { name: string; isWanted: IsWanted } {
  const { name, id } = statusPage.components[role] ?? { name: role };
  return { name: id ?? name, isWanted: component => (id === undefined ? component.name === name : component.id === id) };
}

/** Statuspage's own words for how far an incident has come. */
function stageOf({ status, text }: Pick<StatusPageInput, 'status' | 'text'>, isOpen: boolean): Publication['status'] {
  if (status === 'operational') return 'resolved';
  return ['degraded', 'outage'].includes(text) && !isOpen ? 'investigating' : 'identified';
}

interface Published extends StatusPageInput {
  subject: string;
  body: string;
  ours: string;
}

interface Page extends TargetSystem {
  view: (wanted: { name: string; isWanted: IsWanted }) => Promise<View>;
}

/** How a component of the page is read and written for one publication; its record lies in the artifact store, written first. */
function pageFor(statuspage: Statuspage, artifacts: Artifacts, { status, subject, body, ours, text }: Published): Page {
  const view: Page['view'] = async ({ name, isWanted }) => {
    const [components, unresolved] = await Promise.all([statuspage.components(), statuspage.unresolved()]);
    const component = components.find(isWanted);
    if (!component) throw noComponent(name, components);
    const incident = oursIn(unresolved, ours);
    return { component, incident, now: await snapshotFrom(artifacts, component, incident) };
  };
  return {
    view,
    read: async ({ name }) => (await view({ name, isWanted: component => component.name === name })).now,
    async write(write, { uid, value }) {
      await storeRecords(artifacts, write);
      const id = value(incidentField);
      const publication = { body, components: { [uid]: status }, status: stageOf({ status, text }, id !== null) };
      if (id !== null) await statuspage.update(id, publication);
      else if (status === 'operational') await statuspage.setComponent(uid, status);
      else await statuspage.open(ours, subject, publication);
    },
  };
}

/** Id of our incident on the page, as the snapshot knows it; never written. */
const incidentField = 'incident';

async function snapshotFrom(
  artifacts: Artifacts,
  { id, name, status }: PageComponent,
  incident?: PageIncident,
): Promise<Snapshot> {
  const target: Target = { system: 'status page', kind: 'Status page', name };
  const records = await storedRecords(artifacts, target);
  const values: Values = { status, text: incident?.texts[0] ?? null, [incidentField]: incident?.id ?? null };
  const value = (field: string) => values[field] ?? null;
  return { target, uid: id, value, records, holders: holdersIn(records), recordsWithWrites: false };
}

function noComponent(name: string, components: PageComponent[]): SystemError {
  const text = `has no component ${name}: its components are ${components.map(one => one.name).join(', ')}`;
  return new SystemError({ system: 'The status page', fault: 'answered', status: 404, text });
}
