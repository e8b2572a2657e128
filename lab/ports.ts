// Ports on loopback: chosen once for a practice platform, and remembered by whoever asked.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { LabError } from './lab-error.ts';

/** So many ports that nobody listens on now, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map(server => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map(close));
  return ports;
}

/** @throws LabError when something else listens on one of the ports that `name` needs. */
export async function expectFree(name: string, ports: number[]) {
  for (const port of ports)
    await listen(port).then(close, () => {
      throw new LabError(
        `Port ${port}, which ${name} needs, is in use by another program: stop that program, or start with --fresh.`,
      );
    });
}

async function listen(port: number) {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const close = (server: ReturnType<typeof createServer>) => new Promise<void>(done => server.close(() => done()));
