/** The state keeps of each alert enough to know whether it fires, and little enough for an alert storm. Pure. */

import type { Alert, ReportedAlert } from '../../contract/index.ts';
import { mostAlerts, mostCounted } from './bounds.ts';
import { cut } from './text.ts';

/** The latest occurrence of one alert. */
export interface CountedAlert {
  /** Its fingerprint, or the digest of a long one. */
  id: string;
  status: Alert['status'];
  /** RFC 3339; of the latest beginning that is known. */
  startsAt: string;
  /** RFC 3339; when we heard of its end. */
  ended?: string;
  /** A firing that came right after its end was absorbed: the next one counts. */
  absorbed?: true;
  /** A step of ours causes it: not a symptom. */
  explained?: true;
  /** A person opened it: no sender will deliver it again. */
  person?: true;
  /** It was more than an hour old when it came: it proves nothing by itself. */
  late?: true;
  /** The incident was opened with it, and its own delivery is still to come. */
  opening?: true;
}

export interface CountedAlerts {
  /** Newest alerts with their texts, for people. */
  alerts: ReportedAlert[];
  /** At most 2,000, in the order in which they came. */
  counted: CountedAlert[];
  /** Firings of further alerts: the incident counts as firing until our own check has been healthy for five minutes. */
  uncounted: number;
}

type Delivered = Alert & { explained?: string };

/** Longest age of an alert, in milliseconds, that is believed and wakes people like any other. */
const oldest = 3_600_000;

/** True if it had begun too long before it came. */
export const isLate = (startsAt: string, came: string) => Date.parse(came) - Date.parse(startsAt) > oldest;

export const beginWith = (alert: Alert, came: string): CountedAlerts => ({
  alerts: [shown(alert)],
  counted: [{ ...countedOf(alert, came), opening: true }],
  uncounted: 0,
});

/** `came`: RFC 3339, when it reached us. */
export function countedOf({ fingerprint, status, startsAt, explained, source }: Delivered, came: string): CountedAlert {
  const counted: CountedAlert = { id: idOf(fingerprint), status, startsAt: cut(startsAt, longestTime) };
  if (status === 'resolved') counted.ended = came;
  if (explained !== undefined) counted.explained = true;
  if (source === 'person') counted.person = true;
  else if (isLate(startsAt, came)) counted.late = true;
  return counted;
}

/** The alerts after a delivery; nothing when it says only what is known, or is older. */
export function withDelivery(state: CountedAlerts, alert: Delivered, came: string): CountedAlerts | undefined {
  const id = idOf(alert.fingerprint);
  const index = state.counted.findIndex(one => one.id === id);
  const known = state.counted[index];
  if (!known && state.counted.length >= mostCounted) return beyond(state, alert);
  const fires = known !== undefined && isSaidAgain(alert, known);
  if (known && !fires && isOld(alert, known)) return undefined;
  const next = countedOf(alert, came);
  if (known && alert.status === 'resolved' && Date.parse(known.startsAt) > Date.parse(next.startsAt))
    next.startsAt = known.startsAt;
  return {
    alerts: withShown(state.alerts, shown(alert), fires ? came : undefined),
    counted: known ? state.counted.with(index, next) : [...state.counted, next],
    uncounted: state.uncounted,
  };
}

const beyond = (state: CountedAlerts, { status, explained }: Delivered) =>
  status === 'firing' && explained === undefined ? { ...state, uncounted: state.uncounted + 1 } : undefined;

/** The newest occurrence takes the place of the one before, and keeps what is noted of the alert. */
function withShown(alerts: ReportedAlert[], alert: ReportedAlert, firedAgain?: string): ReportedAlert[] {
  const before = alerts.find(({ fingerprint }) => fingerprint === alert.fingerprint);
  const now = noted(alert, { absorbed: before?.absorbed, firedAgain: firedAgain ?? before?.firedAgain });
  return [...alerts.filter(one => one !== before), now].slice(-mostAlerts);
}

/** Milliseconds after its end in which a firing with the same beginning may have been under way before it. */
const underWay = 60_000;

/** A firing with the beginning of an alert that has ended. */
const isSaidAgain = ({ status, startsAt }: Alert, known: CountedAlert) =>
  status === 'firing' && known.status === 'resolved' && Date.parse(startsAt) === Date.parse(known.startsAt);

/** The alerts after a firing that may have been under way when the end came: one is absorbed. Nothing where it is no such firing. */
export function withUnderWay(state: CountedAlerts, alert: Delivered, came: string): CountedAlerts | undefined {
  const id = idOf(alert.fingerprint);
  const index = state.counted.findIndex(one => one.id === id);
  const known = state.counted[index];
  if (known?.ended === undefined || known.absorbed || !isSaidAgain(alert, known)) return undefined;
  if (Date.parse(came) - Date.parse(known.ended) > underWay) return undefined;
  return {
    ...state,
    alerts: state.alerts.map(one => (one.fingerprint === id ? noted(one, { ...one, absorbed: came }) : one)),
    counted: state.counted.with(index, { ...known, absorbed: true }),
  };
}

function noted(
  alert: ReportedAlert,
  { absorbed, firedAgain }: Pick<Partial<ReportedAlert>, 'absorbed' | 'firedAgain'>,
): ReportedAlert {
  const next = { ...alert };
  if (absorbed !== undefined) next.absorbed = absorbed;
  if (firedAgain !== undefined) next.firedAgain = firedAgain;
  return next;
}

/**
 * One of two senders may have begun later: an end after the beginning that we know ends it, whenever it is said to have begun.
 * A beginning may come after its own end.
 */
function isOld({ status, startsAt, endsAt }: Alert, known: CountedAlert): boolean {
  if (known.opening && status === 'firing' && startsAt === known.startsAt) return false;
  const since = Date.parse(known.startsAt);
  if (Date.parse(status === 'resolved' ? (endsAt ?? startsAt) : startsAt) < since) return true;
  return Date.parse(startsAt) <= since && (status === known.status || known.status === 'resolved');
}

export const isSymptom = ({ status, explained }: CountedAlert) => status === 'firing' && explained === undefined;

/** True if it fires and was not old when it came. */
export const isFresh = (one: CountedAlert) => isSymptom(one) && one.late === undefined;

/** True if any alert still fires, as far as we know; an incident opened by a person never ends by itself. */
export const stillFiring = ({ counted, uncounted }: CountedAlerts) => uncounted > 0 || counted.some(isSymptom);

/** True if a sender will go on delivering the alert, and would open a new incident. */
export const stillDelivered = ({ counted, uncounted }: CountedAlerts) =>
  uncounted > 0 || counted.some(({ status, person }) => status === 'firing' && person === undefined);

const [longestName, longestLabel, longestAnnotation, longestTime, longestId] = [200, 100, 300, 40, 64];

/** With its texts cut: the whole body lies in the artifact store. */
export function shown({ labels, annotations, ...alert }: Delivered): Delivered {
  return {
    ...alert,
    name: cut(alert.name, longestName),
    fingerprint: idOf(alert.fingerprint),
    startsAt: cut(alert.startsAt, longestTime),
    labels: cutEach(labels, longestLabel),
    annotations: cutEach(annotations, longestAnnotation),
  };
}

const cutEach = (texts: Record<string, string>, longest: number) =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, cut(text, longest)]));

const idOf = (fingerprint: string) => (fingerprint.length <= longestId ? fingerprint : digestOf(fingerprint));

/** 64 bits of FNV-1a: a workflow has no cryptography, and a sender that may collide may as well resolve. */
const digestOf = (text: string) => [0x811c9dc5, 0x01000193].map(seed => half(text, seed)).join('');

function half(text: string, seed: number): string {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
