// While something long is fetched or built: the rehearsal of the same incident, at a pace to be read, until all is ready.
import { setTimeout as pause } from 'node:timers/promises';
import { binary, type BinaryName } from '../binaries.ts';
import type { Say } from './telling.ts';

/** Milliseconds: nothing is shown for what is quicker; then one line after the other. */
const usual = { patience: 5_000, line: 2_500 };

/** What `starting` comes to. Meanwhile, if `obtaining` takes long, people have something to read. */
export async function meanwhile<T>(starting: Promise<T>, obtaining: Promise<unknown>, say: Say, times = usual): Promise<T> {
  const ready = new AbortController();
  const reading = readWhile(obtaining, ready.signal, say, times);
  try {
    return await starting;
  } finally {
    ready.abort();
    await reading;
  }
}

/** One after the other: two builds at once would only share the processors. */
export async function obtainAll(names: readonly BinaryName[], say: Say): Promise<void> {
  for (const name of names) await binary(name, { say });
}

/** Loaded only now: with the SDK's sandbox comes the whole worker. */
const rehearsal = async () => (await import('./rehearsal.ts')).rehearsed('dynex-outage');

async function readWhile(obtaining: Promise<unknown>, ready: AbortSignal, say: Say, times: typeof usual) {
  const late = pause(times.patience, 'late', { signal: ready }).catch(() => 'ready');
  const first = await Promise.race([
    late,
    obtaining.then(
      () => 'obtained',
      () => 'failed',
    ),
  ]);
  if (first !== 'late') return;
  const lines = await rehearsal().catch(error => [`There is no rehearsal to read meanwhile: ${String(error)}`]);
  for (const line of lines) {
    if (ready.aborted) return say('… The rehearsal stops here.');
    say(line);
    await pause(times.line, undefined, { signal: ready }).catch(() => undefined);
  }
}
