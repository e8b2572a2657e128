/** Everything that touches the world, grouped by subject. */

import { isCheck } from '../workflows/catalog/activities.ts';
import { runbooks } from '../workflows/catalog/runbooks.ts';
import { accessActions, accessActivities } from './access.ts';
import { billingActions, billingActivities } from './billing.ts';
import { commsActivities } from './comms.ts';
import { databaseActions, databaseActivities } from './database.ts';
import type { Deps } from './deps.ts';
import { gatewayActions, gatewayActivities } from './gateway.ts';
import { tellCustomers } from './comms/customer-mail.ts';
import { setStatusPage } from './comms/status-page.ts';
import type { FindAction } from './engine/standing.ts';
import { uniqueTargets } from './engine/target.ts';
import { ipfsActions, ipfsActivities } from './ipfs.ts';
import { kubernetesActions, kubernetesActivities } from './kubernetes.ts';
import { type FindCheck, lookingActivities } from './looking.ts';
import { observeActions, observeActivities } from './observe.ts';
import { oncallActivities } from './oncall.ts';
import type { Platform } from './platform.ts';
import { quantumActions, quantumActivities } from './quantum.ts';
import { recordActivities } from './record.ts';
import type { UndoOf } from './take-back.ts';
import { ticketActivities } from './tickets.ts';
import type { Finding, Target } from '../workflows/contract/index.ts';

export type { Deps } from './deps.ts';
export type * from './facts.ts';
export type { TextName } from './messages/texts.ts';
export type { MetricName } from './queries.ts';
export type { Unseen, UnseenBefore } from './record.ts';

const actions = {
  ...kubernetesActions,
  ...quantumActions,
  ...accessActions,
  ...gatewayActions,
  ...ipfsActions,
  ...billingActions,
  ...observeActions,
  ...databaseActions,
  setStatusPage,
  tellCustomers,
};

const actionOf: FindAction = name => Object.values(actions).find(action => action.name === name);

/** The way back of an action, by its name. */
export const undoOf: UndoOf = name => actionOf(name)?.undo;

/** True if a change of the action is meant to outlast its incident: until people decide, or until its end. */
export const isMeantToStay = (action: string): boolean => actionOf(action)?.stays !== undefined;

/** Every object that may carry a record of ours on this platform. */
export const recordedTargets = (platform: Platform): Target[] =>
  uniqueTargets(Object.values(actions).flatMap(({ undo }) => (typeof undo === 'string' ? [] : undo.targets(platform))));

/** Actions are `(input, call) => Outcome`, checks `(input) => Finding`. */
export function createActivities(given: Deps) {
  const deps: Deps = { ...given, recovered: of => recoveredBy(find, of) };
  const subjects = {
    kubernetes: kubernetesActivities(deps, undoOf),
    quantum: quantumActivities(deps),
    comms: commsActivities(deps),
    oncall: oncallActivities(deps),
    observe: observeActivities(deps, actionOf),
    database: databaseActivities(deps),
    billing: billingActivities(deps),
    gateway: gatewayActivities(deps),
    access: accessActivities(deps),
    ipfs: ipfsActivities(deps),
    tickets: ticketActivities(deps),
    record: recordActivities(deps),
  };
  const { kubernetes, quantum, comms, oncall, observe, database, billing, gateway, access, ipfs, tickets, record } = subjects;
  const all = {
    ...kubernetes,
    ...quantum,
    ...comms,
    ...oncall,
    ...observe,
    ...database,
    ...billing,
    ...gateway,
    ...access,
    ...ipfs,
    ...tickets,
    ...record,
  };
  const find: FindCheck = type => (isCheck(type) ? all[type] : undefined);
  return { ...subjects, looking: lookingActivities(deps, find) };
}

/** Nothing where the catalog names no check. */
async function recoveredBy(find: FindCheck, of: string): Promise<Finding | undefined> {
  const { check, input } = runbooks.find(({ slug }) => slug === of)?.recovery ?? {};
  const look = check && find(check);
  return look && Reflect.apply(look, undefined, [input]);
}

export type Activities = ReturnType<typeof createActivities>;

/** One activity as Temporal calls it. */
export type Activity = (...args: never[]) => Promise<unknown>;

/** By Temporal activity type, the name without its group. Throws when two groups use one name. */
export function byType(activities: Activities): Record<string, Activity> {
  const types: Record<string, Activity> = {};
  for (const [subject, group] of Object.entries(activities))
    for (const [name, activity] of Object.entries<Activity>(group)) {
      if (name in types) throw new Error(`Two activities are called ${name}: rename the one in ${subject}.`);
      types[name] = activity;
    }
  return types;
}
