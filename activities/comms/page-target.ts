/** A component of the public status page as a target of the engine: its status, and what our incident on the page says of it. */

import type { Target } from '../../workflows/contract/action.ts';
import type { Artifacts } from '../connectors/artifacts.ts';
import {
  componentStatuses,
  type PageComponent,
  type PageIncident,
  type Publication,
  type Statuspage,
} from '../connectors/statuspage.ts';
import { SystemError } from '../connectors/system-error.ts';
import { holdersIn, type Values } from '../engine/holders.ts';
import { recordedAround, storedRecords } from '../engine/stored-records.ts';
import type { Snapshot, TargetSystem } from '../engine/target.ts';
import type { Write } from '../engine/write.ts';
import type { Platform } from '../platform.ts';

/** In public: its own name where the platform description gives none. */
export const componentName = ({ statusPage }: Platform, component: string) => statusPage.components[component]?.name ?? component;

export interface PageView {
  component: PageComponent;
  /** Ours, while it is not resolved. */
  incident: PageIncident | undefined;
  now: Snapshot;
}

export interface Page extends TargetSystem {
  view: (target: Target) => Promise<PageView>;
}

interface Publishing {
  statuspage: Statuspage;
  artifacts: Artifacts;
  platform: Platform;
  /** Our incident, which has one on the page. */
  incident: string;
  /** Title of an incident that is opened. */
  subject: string;
  /** Its text, where the numbers are newer than those of a draft that was begun. */
  body?: string;
  /** How far it has come, unless it ends; a notice that is withdrawn only ends. */
  stage?: (isOpen: boolean) => Publication['status'];
  /** Right before something is published. */
  mayPublish?: () => Promise<void>;
}

/** A component by its public name in the platform description. */
export const pageTarget = (name: string): Target => ({ system: 'status page', kind: 'Status page', name });

/** Id of our incident on the page, as the snapshot knows it; never written. */
const incidentField = 'incident';

/** Its record lies in the artifact store. */
export function pageFor({
  statuspage,
  artifacts,
  platform,
  incident: ours,
  subject,
  body: newest,
  stage,
  mayPublish,
}: Publishing): Page {
  const view = async (target: Target): Promise<PageView> => {
    const [components, unresolved] = await Promise.all([statuspage.components(), statuspage.unresolved()]);
    const component = componentCalled(target.name, platform, components);
    const incident = unresolved.find(one => one.ours === ours);
    return { component, incident, now: await snapshotOf(artifacts, target, component, incident) };
  };
  const publish = async ({ uid, edits, records }: Write, { value }: Snapshot) => {
    await mayPublish?.();
    const after = (field: string) => edits.find(edit => edit.field === field)?.after ?? value(field);
    const status = statusIn(after('status'));
    const [id, drafted] = [value(incidentField), after('text')];
    const body = drafted === null ? null : (newest ?? drafted);
    const publication = {
      body: body ?? '',
      components: { [uid]: status },
      status: isLast(records) ? 'resolved' : (stage?.(id !== null) ?? 'resolved'),
    } as const;
    if (id !== null) await statuspage.update(id, publication);
    else if (body === null) await statuspage.setComponent(uid, status);
    else await statuspage.open(ours, subject, publication);
  };
  return {
    view,
    read: async target => (await view(target)).now,
    write: (write, now) =>
      recordedAround(artifacts, write, now, write.edits.length > 0 ? { change: () => publish(write, now) } : undefined),
  };
}

/** Nothing of ours is to stand any more. */
const isLast = (records: Write['records']) => Object.values(records).every(record => record === null);

const statusIn = (text: string | null) => componentStatuses.find(status => status === text) ?? 'operational';

function componentCalled(name: string, { statusPage }: Platform, components: PageComponent[]): PageComponent {
  const { id } = Object.values(statusPage.components).find(one => one?.name === name) ?? {};
  const found = components.find(component => (id === undefined ? component.name === name : component.id === id));
  if (found) return found;
  const text = `has no component ${id ?? name}: its components are ${components.map(one => one.name).join(', ')}`;
  throw new SystemError({ system: 'The status page', fault: 'answered', status: 404, text });
}

async function snapshotOf(
  artifacts: Artifacts,
  target: Target,
  { id, status }: PageComponent,
  incident: PageIncident | undefined,
): Promise<Snapshot> {
  const records = await storedRecords(artifacts, target);
  const values: Values = { status, text: incident?.texts[0] ?? null, [incidentField]: incident?.id ?? null };
  const value = (field: string) => values[field] ?? null;
  return { target, uid: id, value, records, holders: holdersIn(records), recordsWithWrites: false };
}
