// What we start lives in process groups of its own, and ends with us, however we end.
import type { ChildProcess } from 'node:child_process';

const living = new Set<number>();

/** Signals a whole group; one that is already gone is what we want. */
export function killGroup(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(-pid, signal);
  } catch {}
}

/** From now on this child, started `detached`, does not outlive us. */
export function endsWithUs(child: ChildProcess) {
  const { pid } = child;
  if (pid === undefined) return;
  if (living.size === 0) watch();
  living.add(pid);
  child.once('exit', () => living.delete(pid));
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const onSignal = (signal: NodeJS.Signals) => {
  // Whoever else listens stops the servers in order; alone, we end at once.
  if (process.listenerCount(signal) === 1) process.exit(1);
};
const killAll = () => {
  for (const pid of living) killGroup(pid, 'SIGKILL');
};

function watch() {
  process.off('exit', killAll).on('exit', killAll);
  for (const signal of signals) process.off(signal, onSignal).on(signal, onSignal);
}
