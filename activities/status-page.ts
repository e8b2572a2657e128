/** What the public page says of a component. Held and observed like a change of the platform: customers read it. */

import type { Call, Change, Outcome, Plan } from '../workflows/contract/index.ts';
import { digestOf } from './canonical.ts';
import type { PageComponent, PageIncident, Publication, Statuspage } from './connectors/statuspage.ts';
import { notConnected, SystemError } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import { stopped } from './failures.ts';
import { type Because, forbidding, incidentOf, slugOf } from './guard.ts';
import { publicText, stating, type TextName } from './messages/texts.ts';
import { type Component, holdConfigMap, type Platform } from './platform.ts';
import { runningOf } from './running.ts';

export type ComponentStatus = 'operational' | 'degraded_performance' | 'partial_outage' | 'major_outage';

export interface StatusPageInput {
  component: Component;
  status: ComponentStatus;
  text: TextName;
  /** Measured part of the jobs, 0 to 1, for texts that state one. */
  share?: number;
}

interface Wanted extends Publication {
  subject: string;
  component: PageComponent;
  status: Publication['status'];
}

/** @throws SystemError; `BadInput` for a text that states a share without one */
export async function publish(deps: Deps, input: StatusPageInput, call: Call): Promise<Outcome> {
  const name = deps.platform.statusPage.components[input.component]?.name ?? input.component;
  const { subject, body } = publicText(input.text, name, input.share);
  if (stating.includes(input.text) && input.share === undefined)
    throw stopped('BadInput', `The text ${input.text} states a measured share, and none was given: measure first.`);
  const { statuspage } = deps.systems;
  if (!statuspage) return { byHand: { system: 'status page', paste: `${name}: ${input.status}\n${body}` } };

  const component = await find(statuspage, input.component, deps.platform);
  const incident = (await statuspage.unresolved()).find(({ ours }) => ours === incidentOf(call.key));
  const wanted: Wanted = {
    subject,
    body,
    component,
    components: { [component.id]: input.status },
    status: stageOf(input, incident),
  };
  const plan = planOf(wanted, input.status, incident);
  if (plan.changes.length === 0) return done('The status page says so already.', []);
  const because = await objection(deps, call);
  if (because) return { planned: plan, because };
  await write(statuspage, wanted, input.status, incident, incidentOf(call.key));
  return done('The status page says so.', plan.changes);
}

async function find(statuspage: Statuspage, role: Component, { statusPage }: Platform): Promise<PageComponent> {
  const { name, id } = statusPage.components[role] ?? { name: role };
  const components = await statuspage.components();
  const found = components.find(component => (id === undefined ? component.name === name : component.id === id));
  if (found) return found;
  const text = `has no component ${id ?? name}: its components are ${components.map(({ name }) => name).join(', ')}`;
  throw new SystemError({ system: 'The status page', fault: 'answered', status: 404, text });
}

/** Statuspage's own words for how far an incident has come. */
function stageOf({ status, text }: StatusPageInput, incident?: PageIncident): Publication['status'] {
  if (status === 'operational') return 'resolved';
  return text === 'degraded' && incident === undefined ? 'investigating' : 'identified';
}

function planOf({ subject, body, component, status: stage }: Wanted, status: ComponentStatus, incident?: PageIncident): Plan {
  const target = `Status page ${component.name}`;
  const texts = { before: incident?.texts[0] ?? null, after: body };
  const says = status === 'operational' && !incident ? [] : [{ target, field: 'text', ...texts }];
  const changes: Change[] = [{ target, field: 'status', before: component.status, after: status }, ...says];
  const different = isSaid(body, component, status, incident) ? [] : changes.filter(({ before, after }) => before !== after);
  return {
    summary: `${subject}.`,
    changes: different,
    consequences: [`Customers read it, and subscribers get a mail (${stage}).`],
    digest: digestOf(different),
  };
}

/** What was said before in the state that the component still has is not said again: newer words of the incident have followed it. */
const isSaid = (body: string, component: PageComponent, status: ComponentStatus, incident?: PageIncident) =>
  component.status === status && incident?.texts.includes(body) === true;

async function objection(deps: Deps, { key, dryRun }: Call): Promise<Because | undefined> {
  if (dryRun) return { reason: 'dry run', text: 'Only the plan was asked for.' };
  const { kubernetes } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const errand = { incidents: [incidentOf(key)], runbook: slugOf(runningOf(deps).workflowType) };
  return forbidding(kubernetes, holdConfigMap(deps.platform), errand);
}

async function write(
  statuspage: Statuspage,
  wanted: Wanted,
  status: ComponentStatus,
  incident: PageIncident | undefined,
  ours: string,
): Promise<void> {
  if (incident) await statuspage.update(incident.id, wanted);
  else if (status === 'operational') await statuspage.setComponent(wanted.component.id, status);
  else await statuspage.open(ours, wanted.subject, wanted);
}

const done = (note: string, changes: Change[]): Outcome => ({
  done: { note, changes, effect: { measured: 'nothing to measure', text: 'Published, not yet read.' } },
});
