import { setTimeout as pause } from 'node:timers/promises';

/** Looks again until it does not throw; then its answer. Times in milliseconds. */
export async function eventually<T>(look: () => Promise<T> | T, { within = 30_000, every = 100 } = {}): Promise<T> {
  const until = Date.now() + within;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > until) throw error;
      await pause(every);
    }
  }
}
