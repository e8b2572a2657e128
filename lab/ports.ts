// Ports on loopback: chosen once for a practice platform, and remembered by whoever asked.
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { LabError } from './lab-error.ts';

/** Below the range from which systems take ports for outgoing connections, so that one stays free between two starts. */
const [lowest, highest] = [15_000, 30_000];

/** So many ports that nobody listens on now, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const chosen = new Set<number>();
  while (chosen.size < count) {
    const port = randomInt(lowest, highest);
    if (await isFree(port)) chosen.add(port);
  }
  return [...chosen];
}

/** @throws LabError when something else listens on one of the ports that `name` needs. */
export async function expectFree(name: string, ports: number[]) {
  for (const port of ports)
    if (!(await isFree(port)))
      throw new LabError(`Port ${port} (${name}) is in use by another program: stop that program, or start with --fresh.`);
}

/** Asked by listening there for a moment. */
function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise(answer => {
    server.once('error', () => answer(false));
    server.listen(port, '127.0.0.1', () => server.close(() => answer(true)));
  });
}
