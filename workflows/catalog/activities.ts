/** One row for each activity. Without its row it does not compile. */

import type { Activities } from '../../activities/index.ts';
import type { In, Message, NameIn, Row, RowsFor, Takes } from './activity-rows.ts';

export const activities = {
  declareIncident: { is: 'message', reaches: 'incident channel', sink: 'incident channel', living: true },
  resolveIncident: { is: 'message', reaches: 'incident channel', sink: 'incident channel' },
  page: { is: 'message', reaches: 'roles', sink: 'pager' },
  announce: { is: 'message', reaches: 'incident channel', sink: 'questions' },
  remark: { is: 'message', reaches: 'incident channel', sink: 'remarks' },
  setStatusPage: { is: 'message', reaches: 'status page', sink: 'status page', public: true },
  fileTicket: { is: 'message', reaches: 'tickets', sink: 'tickets' },
  tellCustomers: { is: 'message', reaches: 'customers', sink: 'customers', public: true, takes: 'long list' },

  setFallback: { is: 'action', takes: 'rolling' },
  setShare: { is: 'action', takes: 'rolling' },
  prioritizeJobs: { is: 'action', takes: 'rolling' },
  setIntake: { is: 'action', takes: 'rolling' },
  useSecret: { is: 'action', takes: 'rolling in turn' },
  giveBackReplica: { is: 'action', takes: 'rolling' },
  rollBack: { is: 'action', takes: 'rolling' },
  raiseFloor: { is: 'action', takes: 'rolling' },
  restart: { is: 'action', takes: 'rolling' },
  setConfigMap: { is: 'action', takes: 'rolling' },
  setResources: { is: 'action', takes: 'rolling' },
  deletePods: { is: 'action', takes: 'rolling in turn' },
  setPinning: { is: 'action', takes: 'rolling' },
  removePins: { is: 'action', takes: 'rolling in turn' },
  repinFailed: { is: 'action', takes: 'rolling in turn' },
  setCharging: { is: 'action', takes: 'rolling' },
  stopRuns: { is: 'action', takes: 'rolling in turn' },
  applyPricing: { is: 'action', takes: 'rolling' },
  correctCharges: { is: 'action', takes: 'long list' },
  retryCharges: { is: 'action', takes: 'long list' },
  unlockAccounts: { is: 'action', takes: 'rolling in turn' },
  setLimit: { is: 'action', takes: 'rolling' },
  blockSources: { is: 'action', takes: 'rolling' },
  raiseQuotas: { is: 'action', takes: 'rolling' },
  resize: { is: 'action', takes: 'rolling in turn' },
  silence: { is: 'action', takes: 'rolling' },
  takeBack: { is: 'action', takes: 'rolling' },

  dynexStatus: { is: 'check' },
  probeDynex: { is: 'check' },
  dynexKey: { is: 'check' },
  keyVersions: { is: 'check' },
  keyAge: { is: 'check' },
  secret: { is: 'check' },
  networkPolicies: { is: 'check' },
  rollouts: { is: 'check', recoveryOf: 'own runbooks' },
  rolloutStatus: { is: 'check', recoveryOf: 'own runbooks' },
  jobs: { is: 'check', recoveryOf: 'own runbooks', corroborates: true },
  queue: { is: 'check', recoveryOf: 'own runbooks' },
  flow: { is: 'check' },
  durations: { is: 'check', recoveryOf: 'own runbooks' },
  stuckJobs: { is: 'check' },
  jobOwners: { is: 'check', takes: 'long look' },
  corrected: { is: 'check' },
  solvers: { is: 'check', recoveryOf: 'own runbooks' },
  failures: { is: 'check' },
  canary: { is: 'check', recoveryOf: 'own runbooks' },
  probe: { is: 'check', recoveryOf: 'own runbooks', corroborates: true },
  nodes: { is: 'check' },
  pods: { is: 'check', recoveryOf: 'own runbooks', corroborates: true },
  usage: { is: 'check' },
  services: { is: 'check' },
  configMap: { is: 'check' },
  scaling: { is: 'check' },
  saveManifests: { is: 'check', takes: 'long look' },
  compareManifests: { is: 'check' },
  metric: { is: 'check', recoveryOf: 'own runbooks', corroborates: true },
  logs: { is: 'check' },
  dashboard: { is: 'check' },
  knownFaults: { is: 'check' },
  documentReview: { is: 'check' },
  reachable: { is: 'check' },
  load: { is: 'check' },
  backups: { is: 'check' },
  cluster: { is: 'check', recoveryOf: 'own runbooks', corroborates: true },
  storage: { is: 'check' },
  testPin: { is: 'check', recoveryOf: 'own runbooks' },
  ltcRecords: { is: 'check' },
  auditCharges: { is: 'check' },
  comparePricing: { is: 'check' },
  compareUsage: { is: 'check' },
  chargingRuns: { is: 'check' },
  draftInvoices: { is: 'check' },
  probePayments: { is: 'check' },
  quotas: { is: 'check' },
  traffic: { is: 'check' },
  abuse: { is: 'check' },
  limits: { is: 'check', recoveryOf: 'own runbooks' },
  login: { is: 'check', recoveryOf: 'own runbooks', corroborates: true },
  loginFailures: { is: 'check', corroborates: true },
  settings: { is: 'check' },
  recovered: { is: 'check', recoveryOf: 'shipped runbooks' },
  standing: { is: 'check' },
  watch: { is: 'watch' },

  saveReport: { is: 'record', takes: 'short' },
  noteUnseen: { is: 'record', takes: 'one attempt' },
  acknowledgePages: { is: 'record', takes: 'short' },
} satisfies RowsFor<Activities>;

export type ActivityName = NameIn<Activities>;
export type InputOf<N extends ActivityName> = In<Activities, N> extends (input: infer I, ...rest: never[]) => unknown ? I : never;

/** Those that the kit calls for every incident; a runbook never does. */
type OfTheKit =
  | 'takeBack'
  | 'standing'
  | 'watch'
  | 'announce'
  | 'fileTicket'
  | 'resolveIncident'
  | 'saveReport'
  | 'noteUnseen'
  | 'acknowledgePages';

export type ShippedName = Exclude<ActivityName, OfTheKit>;

type Those<R> = { [N in ActivityName]: (typeof activities)[N] extends R ? N : never }[ActivityName];
export type ActionName = Those<{ is: 'action' }>;
export type CheckName = Those<{ is: 'check' }>;
export type CorroboratingCheck = Those<{ corroborates: true }>;
export type RecoveryCheck = Those<{ recoveryOf: string }>;
type OwnRecoveryCheck = Those<{ recoveryOf: 'own runbooks' }>;

const rows: Readonly<Record<string, Row>> = activities;
const rowOf = (type: string): Row | undefined => (Object.hasOwn(rows, type) ? rows[type] : undefined);

/** Activity types, as Temporal calls them. */
export const activityNames = Object.keys(activities);

/** Nothing where it is no message. */
export function messageOf(type: string): Message | undefined {
  const row = rowOf(type);
  return row?.is === 'message' ? row : undefined;
}

export const isMessage = (type: string) => messageOf(type) !== undefined;
/** A message that is planned, held and observed as an action is. */
export const isPublic = (type: string) => messageOf(type)?.public === true;
export const isLiving = (type: string) => messageOf(type)?.living === true;
export const isAction = (type: string): type is ActionName => rowOf(type)?.is === 'action';
export const isCheck = (type: string): type is CheckName => rowOf(type)?.is === 'check';

export function takes(type: string): Takes {
  const row = rowOf(type);
  return (row && 'takes' in row && row.takes) || 'short';
}

const isOwnRecovery = (type: string): type is OwnRecoveryCheck => {
  const row = rowOf(type);
  return row?.is === 'check' && row.recoveryOf === 'own runbooks';
};

/** Checks on which runbooks of one's own may close. */
export const ownRecoveryChecks = activityNames.filter(isOwnRecovery);
