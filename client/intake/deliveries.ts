/** One queue for each incident: what is delivered twice is told to Temporal once, and in the order of arrival. */

/** Milliseconds for which a repeat of a delivery is answered as the delivery was. */
const remembered = 10_000;

interface Delivery<T> {
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

  /** The same `key` again while it waits, or shortly after, is a repeat with the same answer. A failure is everyone's who waits in that queue, and is forgotten. */
  async once(queue: string, key: string, deliver: () => Promise<T>): Promise<{ answer: T; repeat: boolean }> {
    this.#forget();
    const known = this.#known.get(`${queue} ${key}`)?.answer;
    return { answer: await (known ?? this.#deliver(queue, key, deliver)), repeat: known !== undefined };
  }

  #deliver(queue: string, key: string, deliver: () => Promise<T>): Promise<T> {
    const answer = (this.#queues.get(queue) ?? Promise.resolve()).then(deliver);
    const delivery: Delivery<T> = { answer };
    this.#known.set(`${queue} ${key}`, delivery);
    this.#queues.set(queue, answer);
    answer.then(
      () => this.#settle(queue, delivery),
      () => this.#drop(queue, `${queue} ${key}`, answer),
    );
    return answer;
  }

  #settle(queue: string, delivery: Delivery<T>) {
    delivery.answered = this.#now();
    if (this.#queues.get(queue) === delivery.answer) this.#queues.delete(queue);
  }

  #drop(queue: string, known: string, answer: Promise<T>) {
    this.#known.delete(known);
    if (this.#queues.get(queue) === answer) this.#queues.delete(queue);
  }

  /** Oldest first, because they are kept in the order of their arrival. */
  #forget() {
    for (const [known, { answered }] of this.#known) {
      if (answered === undefined || answered > this.#now() - remembered) return;
      this.#known.delete(known);
    }
  }
}
