/** A delivery that is repeated is told to Temporal once. */

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
  /** Milliseconds since 1970; absent until its whole body is answered. */
  answered?: number;
}

export class Deliveries<T> {
  readonly #now: () => number;
  readonly #open = new Map<string, Delivery<T>>();
  /** In the order in which they were answered. */
  readonly #answered = new Map<string, Delivery<T>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * The same `key` again while it waits, or shortly after, is a repeat with the same answer, unless another was said of the alert since.
   * A failure is forgotten. Otherwise it is remembered from the end of its whole body on: a sender repeats bodies, and one that takes
   * longer than what is remembered would begin again for ever.
   * @param over the end of the body, which never rejects
   */
  async once(said: Said, over: Promise<void>, deliver: () => Promise<T>): Promise<{ answer: T; repeat: boolean }> {
    this.#forget();
    const last = this.#open.get(said.of) ?? this.#answered.get(said.of);
    const known = last?.key === said.key ? last.answer : undefined;
    return { answer: await (known ?? this.#deliver(said, over, deliver)), repeat: known !== undefined };
  }

  #deliver({ of, key }: Said, over: Promise<void>, deliver: () => Promise<T>): Promise<T> {
    const answer = deliver();
    const delivery: Delivery<T> = { key, answer };
    this.#answered.delete(of);
    this.#open.set(of, delivery);
    answer.then(
      () => over.then(() => this.#settle(of, delivery)),
      () => this.#drop(of, delivery),
    );
    return answer;
  }

  #settle(of: string, delivery: Delivery<T>) {
    if (!this.#drop(of, delivery)) return;
    delivery.answered = this.#now();
    this.#answered.set(of, delivery);
  }

  /** False where another was said of the alert since. */
  #drop = (of: string, delivery: Delivery<T>) => this.#open.get(of) === delivery && this.#open.delete(of);

  #forget() {
    for (const [of, { answered = 0 }] of this.#answered) {
      if (answered > this.#now() - remembered) return;
      this.#answered.delete(of);
    }
  }
}
