/** Turns at Temporal: a bounded number at a time, the most urgent first, and of each lane one after the other. */

import { type Severity, severities } from '../../workflows/contract/index.ts';

/** Calls at a time. */
const width = 32;
/** So many may wait before one more of the same urgency is refused. */
const mostWaiting = 2_000;

interface Waiting {
  /** Never rejects. */
  start: () => Promise<void>;
  fail: (error: unknown) => void;
}

export class Turns {
  readonly #limits: { width: number; mostWaiting: number };
  /** By urgency; each lane in the order of arrival. */
  readonly #waiting: readonly Map<string, Waiting[]>[] = severities.map(() => new Map());
  /** By urgency, waiting or under way. */
  readonly #unfinished = severities.map(() => 0);
  readonly #busy = new Set<string>();

  constructor(limits = { width, mostWaiting }) {
    this.#limits = limits;
  }

  /** Only what goes before it counts against it, so that no flood keeps out what is more urgent. */
  hasRoom(severity: Severity): boolean {
    const before = this.#unfinished.slice(0, severities.indexOf(severity) + 1);
    return before.reduce((sum, one) => sum + one, 0) < this.#limits.mostWaiting;
  }

  /** A failure is everyone's who waits in that lane. */
  async take<T>(lane: string, severity: Severity, call: () => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const fail = (error: unknown) => {
      reject(error);
      this.#failAll(lane, error);
    };
    this.#count(severity, 1);
    this.#append(lane, severity, { start: () => call().then(resolve, fail), fail: reject });
    this.#fill();
    return promise.finally(() => this.#count(severity, -1));
  }

  #count(severity: Severity, by: number) {
    const urgency = severities.indexOf(severity);
    this.#unfinished[urgency] = (this.#unfinished[urgency] ?? 0) + by;
  }

  #append(lane: string, severity: Severity, one: Waiting) {
    const lanes = this.#waiting[severities.indexOf(severity)];
    const line = lanes?.get(lane);
    if (line) line.push(one);
    else lanes?.set(lane, [one]);
  }

  #fill() {
    for (const lanes of this.#waiting)
      for (const lane of lanes.keys()) {
        if (this.#busy.size >= this.#limits.width) return;
        if (!this.#busy.has(lane)) this.#start(lanes, lane);
      }
  }

  /** Its lane goes behind the others of the same urgency. */
  #start(lanes: Map<string, Waiting[]>, lane: string) {
    const line = lanes.get(lane) ?? [];
    const first = line.shift();
    lanes.delete(lane);
    if (line.length > 0) lanes.set(lane, line);
    if (!first) return;
    this.#busy.add(lane);
    void first.start().then(() => {
      this.#busy.delete(lane);
      this.#fill();
    });
  }

  #failAll(lane: string, error: unknown) {
    for (const lanes of this.#waiting) {
      for (const { fail } of lanes.get(lane) ?? []) fail(error);
      lanes.delete(lane);
    }
  }
}
