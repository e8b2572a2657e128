import { setTimeout as pause } from 'node:timers/promises';

/** Looks again until it does not throw; then its answer. Times in milliseconds: on a busy machine everything comes late, so only what is stuck is given up. */
export async function eventually<T>(look: () => Promise<T> | T, { within = 180_000, every = 100 } = {}): Promise<T> {
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
