// Ports on loopback, chosen once for a practice platform and remembered by whoever asked: no two processes get the same one.
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { LabError } from './lab-error.ts';

/** Below the range from which systems take ports for outgoing connections, so that one stays free between two starts. */
const [lowest, highest] = [15_000, 30_000];

const ours = new Set<number>();

/** So many ports that no one listens on now, all different, and this process's own until it ends. */
export async function freePorts(count: number): Promise<number[]> {
  const chosen: number[] = [];
  while (chosen.length < count) {
    const port = randomInt(lowest, highest);
    if (!ours.has(port) && (await isForUs(port))) chosen.push(port);
  }
  return chosen;
}

/** From now on they are this process's own too. @throws LabError when a port that `name` needs is someone else's */
export async function expectFree(name: string, ports: number[]) {
  for (const port of ports)
    if (!(await isForUs(port)))
      throw new LabError(`Port ${port} (${name}) is in use by another program: stop that program, or start with --fresh.`);
}

/** Reserved before it is tried, or two who try at the same time would both find it taken. */
const isForUs = async (port: number) => (ours.has(port) || (await reserve(port))) && (await isFree(port));

/** By the UDP port of the same number, which no one sends to: the system gives it to one process, and takes it back when that ends. */
function reserve(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref();
  return new Promise(answer => {
    socket.once('error', () => {
      socket.close();
      answer(false);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      ours.add(port);
      answer(true);
    });
  });
}

/** Asked by listening there for a moment. */
function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise(answer => {
    server.once('error', () => answer(false));
    server.listen(port, '127.0.0.1', () => server.close(() => answer(true)));
  });
}
