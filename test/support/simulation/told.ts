/** What an incident was told of its alerts, and which of them are symptoms: worked out from the deliveries alone. */

import type { Alert } from '../../../workflows/contract/index.ts';
import type { Delivered } from './deliveries.ts';

/** A time in which an alert fires, as far as it was told. All in milliseconds since 1970. */
interface Occurrence {
  fingerprint: string;
  startsAt: number;
  /** When its beginning was told, if it was. */
  fired?: number;
  ended?: number;
}

export class Told {
  private readonly deliveries: Delivered['told'];
  private next = 0;
  private readonly occurrences: Occurrence[] = [];
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
    const latest = this.latest(alert.fingerprint);
    const one = this.occurrence(alert);
    if (alert.status === 'resolved') one.ended ??= at;
    else if (one.fired === undefined && one.ended === undefined && (!latest || latest.startsAt < one.startsAt)) {
      one.fired = at;
      if (explains(alert)) this.explained.add(one);
      else this.firings.push(at);
    }
    if (this.present().some(this.isSymptom)) this.quietSince = undefined;
    else this.quietSince ??= at;
    if (this.fires()) this.firesSince ??= at;
    else this.firesSince = undefined;
  }

  private occurrence({ fingerprint, startsAt }: Alert): Occurrence {
    const known = this.occurrences.find(one => one.fingerprint === fingerprint && one.startsAt === Date.parse(startsAt));
    if (known) return known;
    const one = { fingerprint, startsAt: Date.parse(startsAt) };
    this.occurrences.push(one);
    return one;
  }

  private latest = (fingerprint: string): Occurrence | undefined =>
    this.occurrences
      .filter(one => one.fingerprint === fingerprint)
      .sort((one, other) => one.startsAt - other.startsAt)
      .at(-1);

  private present = (): Occurrence[] =>
    [...new Set(this.occurrences.map(({ fingerprint }) => fingerprint))].flatMap(one => this.latest(one) ?? []);

  private isSymptom = (one: Occurrence) => one.ended === undefined && !this.explained.has(one);

  /** Whether a sender would go on delivering an alert. */
  fires = () => this.present().some(({ ended }) => ended === undefined);
  isExplained = (fingerprint: string) => this.present().some(one => one.fingerprint === fingerprint && this.explained.has(one));
}
