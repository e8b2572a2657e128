/** What an incident was told of its alerts, and which of them are symptoms: worked out from the deliveries alone. */

import type { Alert } from '../../../workflows/contract/index.ts';
import type { Delivered } from './deliveries.ts';

/** The latest occurrence of an alert, as far as it was told. All in milliseconds since 1970. */
export interface Occurrence {
  startsAt: number;
  /** When its end was told, if it was. */
  ended?: number;
  /** A firing that may have been under way when its end came was absorbed: the next one counts. */
  isAbsorbed?: boolean;
}

type Said = Pick<Alert, 'status' | 'startsAt'> & { endsAt?: string | undefined; at: number };

/** Milliseconds after its end in which a firing with the same beginning may have been under way. */
const underWay = 60_000;

/** The latest occurrence after a delivery; the same one where that says nothing new. */
export function heard(latest: Occurrence | undefined, said: Said): Occurrence {
  const startsAt = Date.parse(said.startsAt);
  return said.status === 'firing' ? fired(latest, startsAt, said.at) : ended(latest, startsAt, said);
}

function fired(latest: Occurrence | undefined, startsAt: number, at: number): Occurrence {
  if (!latest || startsAt > latest.startsAt) return { startsAt };
  if (startsAt < latest.startsAt || latest.ended === undefined) return latest;
  const isUnderWay = !latest.isAbsorbed && at - latest.ended <= underWay;
  return isUnderWay ? { ...latest, isAbsorbed: true } : { startsAt };
}

/** An end after the beginning that is known ends it, whenever it is said to have begun. */
function ended(latest: Occurrence | undefined, startsAt: number, { endsAt, at, ...said }: Said): Occurrence {
  if (!latest) return { startsAt, ended: at };
  const isOld = Date.parse(endsAt ?? said.startsAt) < latest.startsAt;
  const isKnown = startsAt <= latest.startsAt && latest.ended !== undefined;
  return isOld || isKnown ? latest : { startsAt: Math.max(startsAt, latest.startsAt), ended: at };
}

export class Told {
  private readonly deliveries: Delivered['told'];
  private next = 0;
  private readonly present = new Map<string, Occurrence>();
  /** Beginnings that a change of ours explained when they were told. */
  private readonly explained = new Set<Occurrence>();
  /** When alerts began that are symptoms. What came after its end, or of an earlier occurrence, is old. */
  readonly firings: number[] = [];
  /** Since when no symptom fires; nothing while one does. */
  quietSince: number | undefined;
  /** Since when a sender goes on delivering an alert. */
  firesSince: number | undefined;

  constructor(deliveries: Delivered['told']) {
    this.deliveries = deliveries;
  }

  /** Hears what was told by now; `explains` says whether a change of ours causes an alert that is told to fire. */
  hear(now: number, explains: (alert: Alert) => boolean) {
    for (; (this.deliveries[this.next]?.at ?? Number.POSITIVE_INFINITY) <= now; this.next += 1) {
      const delivery = this.deliveries[this.next];
      if (delivery) this.hearOne(delivery, explains);
    }
  }

  private hearOne({ at, alert }: Delivered['told'][number], explains: (alert: Alert) => boolean) {
    const before = this.present.get(alert.fingerprint);
    const now = heard(before, { ...alert, at });
    this.present.set(alert.fingerprint, now);
    if (now !== before && now.ended === undefined) {
      if (explains(alert)) this.explained.add(now);
      else this.firings.push(at);
    }
    if ([...this.present.values()].some(this.isSymptom)) this.quietSince = undefined;
    else this.quietSince ??= at;
    if (this.fires()) this.firesSince ??= at;
    else this.firesSince = undefined;
  }

  private isSymptom = (one: Occurrence) => one.ended === undefined && !this.explained.has(one);

  /** Whether a sender would go on delivering an alert. */
  fires = () => [...this.present.values()].some(({ ended }) => ended === undefined);

  isExplained(fingerprint: string): boolean {
    const one = this.present.get(fingerprint);
    return one !== undefined && this.explained.has(one);
  }
}
