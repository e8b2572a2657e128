/** A real Temporal dev server for one test file, on a port of its own. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from '../../client/temporal.ts';
import { binary } from '../../lab/binaries.ts';
import { freePorts } from '../../lab/ports.ts';
import { startProcess } from '../../lab/process.ts';
import { searchAttributes } from '../../workflows/contract/search-attributes.ts';

const ours = Object.entries(searchAttributes).map(([name, type]) => `${name}=${type}`);

export async function startTemporal({ attributes = ours } = {}) {
  const command = await binary('temporal', { say: line => process.stderr.write(`${line}\n`) });
  const [port, dir] = [await freePort(), mkdtempSync(join(tmpdir(), 'nqba-temporal-'))];
  const environment = { TEMPORAL_ADDRESS: `127.0.0.1:${port}`, TEMPORAL_NAMESPACE: 'default' };
  const temporal = new Temporal(environment);
  const server = ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', `${port}`, '--http-port', '0'];
  const args = [...server, '--log-level', 'error', ...attributes.flatMap(attribute => ['--search-attribute', attribute])];
  const log = join(dir, 'temporal.log');
  const running = await startProcess({ name: 'Temporal', command, args, log, ports: [port], ready: () => temporal.ready() });
  const stop = async () => {
    await temporal.close();
    await running.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  return { environment, temporal, stop };
}

/** Nobody listens there, and while this test file runs no other practice platform or test will. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}
