// Servers that are started in order are stopped in reverse: all of them, also when one of them does not start.
export interface Stoppable {
  stop(): Promise<void>;
}

/** Remembers what is starting, to be stopped with everything else. */
export type Keep = <T extends Stoppable>(starting: Promise<T>) => Promise<T>;

/** What `start` makes, with a `stop` for all that it kept. Where `start` fails, all is stopped before that is told. */
export async function inOrder<T extends object>(start: (keep: Keep) => Promise<T>): Promise<T & Stoppable> {
  const kept: Promise<Stoppable>[] = [];
  const keep: Keep = starting => {
    kept.push(starting);
    return starting;
  };
  const stop = async () => {
    for (let last = kept.pop(); last !== undefined; last = kept.pop()) await stopped(last);
  };
  try {
    return Object.assign(await start(keep), { stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What never started needs no stopping, and was told by whoever waited for it. */
const stopped = (starting: Promise<Stoppable>) =>
  starting.then(
    running => running.stop(),
    () => undefined,
  );
