// Nothing long happens in silence.
import type { Say } from './binary.ts';

/** Does the work, and says what it is and since when at least every ten seconds; `hint` is how long it may take. */
export async function saying<T>(say: Say, what: string, work: () => Promise<T>, hint = ''): Promise<T> {
  const begun = Date.now();
  const timer = setInterval(() => say(`${what}: ${elapsed(begun)} so far${hint}`), 8_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

function elapsed(since: number): string {
  const seconds = Math.round((Date.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
