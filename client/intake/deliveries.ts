/** Queues: what is delivered twice is told to Temporal once, and what is said of one alert in the order of arrival. */

/** Milliseconds for which a repeat of a delivery is answered as the delivery was. */
const remembered = 10_000;

/** `of`: the alert. `key`: what is said of it. */
export interface Said {
  of: string;
  key: string;
}

interface Delivery<T> {
  key: string;
  answer: Promise<T>;
  /** Milliseconds since 1970; absent while the answer is being awaited. */
  answered?: number;
}

export class Deliveries<T> {
  readonly #now: () => number;
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #known = new Map<string, Delivery<T>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * The same `key` again while it waits, or shortly after, is a repeat with the same answer, unless another was said of the alert since.
   * A failure is everyone's who waits in that queue, and is forgotten.
   */
  async once(queue: string, said: Said, deliver: () => Promise<T>): Promise<{ answer: T; repeat: boolean }> {
    this.#forget();
    const last = this.#known.get(`${queue} ${said.of}`);
    const known = last?.key === said.key ? last.answer : undefined;
    return { answer: await (known ?? this.#deliver(queue, said, deliver)), repeat: known !== undefined };
  }

  #deliver(queue: string, { of, key }: Said, deliver: () => Promise<T>): Promise<T> {
    const answer = (this.#queues.get(queue) ?? Promise.resolve()).then(deliver);
    const delivery: Delivery<T> = { key, answer };
    const known = `${queue} ${of}`;
    this.#known.delete(known);
    this.#known.set(known, delivery);
    this.#queues.set(queue, answer);
    answer.then(
      () => this.#settle(queue, delivery),
      () => this.#drop(queue, known, delivery),
    );
    return answer;
  }

  #settle(queue: string, delivery: Delivery<T>) {
    delivery.answered = this.#now();
    if (this.#queues.get(queue) === delivery.answer) this.#queues.delete(queue);
  }

  #drop(queue: string, known: string, delivery: Delivery<T>) {
    if (this.#known.get(known) === delivery) this.#known.delete(known);
    if (this.#queues.get(queue) === delivery.answer) this.#queues.delete(queue);
  }

  /** Oldest first, because they are kept in the order of their arrival. */
  #forget() {
    for (const [known, { answered }] of this.#known) {
      if (answered === undefined || answered > this.#now() - remembered) return;
      this.#known.delete(known);
    }
  }
}
