// A server of the practice platform that dies is started again, as an operator of a real one would expect.
import { setTimeout as pause } from 'node:timers/promises';
import { reason } from './lab-error.ts';
import { startProcess } from './process.ts';
import type { Running, Spec } from './process.ts';

/** Deaths within a minute after which a server is left alone. */
const enough = 5;

/** Like `startProcess`, but what dies is started again; `pid` is always the living one's. */
export async function keepRunning(spec: Spec, say: (line: string) => void): Promise<Running> {
  const deaths: number[] = [];
  let stopped = false;
  let running: Running;
  let returning: Promise<void> = Promise.resolve();

  async function comeBack() {
    const now = Date.now();
    deaths.push(now);
    if (deaths.filter(time => now - time < 60_000).length > enough)
      return say(`${spec.name} died ${enough} times within a minute and stays down. Its log: ${spec.log}`);
    say(`${spec.name} died and is started again.`);
    await pause(200);
    if (!stopped) running = await start();
  }

  const start = () =>
    startProcess({
      ...spec,
      onExit: exit => {
        spec.onExit?.(exit);
        returning = comeBack().catch(error => say(`${spec.name} could not be started again: ${reason(error)}`));
      },
    });

  running = await start();
  return {
    get pid() {
      return running.pid;
    },
    async stop() {
      stopped = true;
      await returning;
      await running.stop();
    },
  };
}
