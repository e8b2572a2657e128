/** A real Temporal dev server for one test file, on a free port. */

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { binary } from '../../lab/binaries.ts';
import { Temporal } from '../../client/temporal.ts';
import { eventually } from '../support/eventually.ts';

export const searchAttributes = [
  ...['NqbaState', 'NqbaSeverity', 'NqbaPhase', 'NqbaService', 'NqbaCluster', 'NqbaOutcome'].map(name => `${name}=Keyword`),
  'NqbaWaitingFor=KeywordList',
];

export async function startTemporal({ attributes = searchAttributes } = {}) {
  const command = await binary('temporal', { say: line => process.stderr.write(`${line}\n`) });
  const port = await freePort();
  const given = attributes.flatMap(attribute => ['--search-attribute', attribute]);
  const server = ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', `${port}`, '--http-port', '0'];
  const child = spawn(command, [...server, '--log-level', 'error', ...given], { stdio: 'ignore' });
  process.once('exit', () => child.kill('SIGKILL'));
  const environment = { TEMPORAL_ADDRESS: `127.0.0.1:${port}`, TEMPORAL_NAMESPACE: 'default' };
  const temporal = new Temporal(environment);
  await eventually(() => temporal.ready());
  const stop = async () => {
    await temporal.close();
    child.kill();
    await once(child, 'exit');
  };
  return { environment, temporal, stop };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise(closed => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
