import type { Role } from './vocabulary.ts';

/** One field of one object, before and after. `null` means absent. */
export interface Change {
  /** As people name it: `ConfigMap shop/settings`. */
  target: string;
  field: string;
  before: string | null;
  after: string | null;
}

/** The plan of an action. The digest covers the changes and what they rest on (uid, fields before and after, target template). */
export interface Plan {
  /** One sentence for people. */
  summary: string;
  changes: Change[];
  /** Blast radius: what restarts, what is lost, what runs again. */
  consequences: string[];
  /** Facts that the plan rests on besides its changes; shows what has moved when an approval no longer fits. */
  restsOn?: { what: string; value: string }[];
  /** It is so small that a second person, where its step wants one, need not approve it. */
  onePerson?: true | undefined;
  /** SHA-256, hex. */
  digest: string;
}

/** Why a plan came back instead of a receipt. `not confirmed`: it applies by itself once what it is meant to fix is measured. */
export const plannedReasons = ['approval', 'not confirmed', 'moved', 'held', 'observe', 'dry run'] as const;
export type PlannedReason = (typeof plannedReasons)[number];

/**
 * The measured effect of an action; an answer of 200 proves nothing.
 * `none`: nothing moved, or nothing could be measured, and then the text begins by saying so.
 */
export interface Effect {
  measured: 'whole' | 'part' | 'none' | 'nothing to measure';
  /** The measurement in a sentence, with its numbers. */
  text: string;
}

/** An object of an outside system, by the names it has there. */
export interface Target {
  system: 'kubernetes' | 'status page' | 'job hub' | 'NQBA API';
  /** `Deployment`. */
  kind: string;
  namespace?: string;
  name: string;
}

/** A change that can be taken back: the action that made it, and the object that carries its record under the digest of the key. */
export interface TakeBack {
  /** Activity type of the action. */
  action: string;
  key: string;
  target: Target;
  /** The change in a sentence. */
  words: string;
}

/** As people name it: `ConfigMap shop/settings`. */
export const targetName = ({ kind, namespace, name }: Pick<Target, 'kind' | 'namespace' | 'name'>) =>
  `${kind} ${namespace === undefined || namespace === '' ? '' : `${namespace}/`}${name}`;

/** A role for which a page has reached no one. */
export interface Unreached {
  role: Role;
  because: 'no hours now' | 'no address' | 'no answer';
  /** RFC 3339: when the hours of its people begin next, within a week. */
  from?: string | undefined;
}

/** As people read it: `primary (no hours now, from 2026-11-24 08:00 UTC), quantum (no address)`. */
export const unreachedText = (unreached: Unreached[]) =>
  unreached
    .map(({ role, because, from }) => `${role} (${[because, from && `from ${minuteOf(from)}`].filter(Boolean).join(', ')})`)
    .join(', ');

const minuteOf = (at: string) => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;

/** The result of an action. No runbook branches on it. */
export interface Receipt {
  note: string;
  changes: Change[];
  effect: Effect;
  takeBack?: TakeBack;
  link?: string;
  /** Of a page: who has not been reached as what. */
  unreached?: Unreached[] | undefined;
  /** Of a page that was not sent: this person has acknowledged one of the pages before it. */
  acknowledgedBy?: string | undefined;
}

/**
 * An action either did it, planned it (people must look first), or leaves it to a person.
 * `because`: why it does; the system is not connected, unless it says otherwise. Nothing to paste is empty.
 */
export type Outcome =
  | { done: Receipt }
  | { planned: Plan; because: { reason: PlannedReason; text: string } }
  | { byHand: { system: string; paste: string; because?: string; unreached?: Unreached[] | undefined } };

/** How every action is called. The same key with other input is an error. */
export interface Call {
  /** `incident/step/occurrence`, the same for every retry. */
  key: string;
  /** Digest of the plan that people approved. */
  approved?: string;
  dryRun?: boolean;
  /** RFC 3339; then what it changed is taken back by itself. */
  until?: string;
  /** Given to messages only. */
  about?: About;
}

/** A try has the key of its step, with a letter from the second on. */
export const isTryOf = (tried: string, key: string) => tried.startsWith(key) && /^[a-z]?$/.test(tried.slice(key.length));

/** Closed list of `ApplicationFailure.type`: why an activity stopped for good. */
export const failureTypes = [
  'BadInput',
  'Forbidden',
  'Unauthorised',
  'NotFound',
  'Refused',
  'NotAdmitted',
  'NotConsumed',
  'Unreachable',
] as const;
export type FailureType = (typeof failureTypes)[number];

/** First detail of an activity's failure. `nothingDone` is true only when the outside system definitely answered so. */
export interface FailureDetail {
  nothingDone: boolean;
  remedialActions?: RemedialAction[];
  /** Of a page that failed. */
  unreached?: Unreached[] | undefined;
}

/** An action that would remove the obstacle of another; people are offered it before they retry. */
export interface RemedialAction {
  /** `Give back a replica`. */
  title: string;
  /** Activity type and input. */
  type: string;
  input: unknown;
}

/** The incident as messages describe it; only messages are called with it. */
export interface About {
  incident: string;
  /** Heading of the written runbook. */
  runbook: string;
  severity: string;
  /** The alert as a sentence. */
  summary: string;
  /** RFC 3339. */
  fired: string;
  /** RFC 3339: no message of it is older. */
  opened?: string | undefined;
  workflowId: string;
  /** How far it has come, and in whose hands it is, once someone has acknowledged: `mitigated, incident commander: ann`. */
  state?: string | undefined;
  /** The newest pages of the escalation: the end of the incident ends them too. */
  pages?: { again: number; roles: Role[] }[];
  /** Of an alert without a runbook: there is nothing to show or to acknowledge here. */
  isNotice?: boolean | undefined;
}
