// Temporal's own dev server, kept in a file: a namespace of ours, with what our incidents are found by.
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { keepRunning } from '../keep-running.ts';
import { searchAttributes } from '../../workflows/contract/search-attributes.ts';
import { LabError, reason } from '../lab-error.ts';

const run = promisify(execFile);

export const namespace = 'nqba-practice';

export interface TemporalPorts {
  grpc: number;
  http: number;
  ui: number;
}

export interface Temporal {
  /** `host:port`, as `TEMPORAL_ADDRESS` wants it. */
  address: string;
  namespace: string;
  /** The HTTP API. */
  http: string;
  ui: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface TemporalOptions {
  /** The database and the log are kept here; a second start in the same folder continues. */
  dir: string;
  ports: TemporalPorts;
  /** Path of the `temporal` binary. */
  binary: string;
  /** Events after which the server suggests to roll over, where tests do not want to wait for thousands. */
  rollOverAfter?: number;
  say: (line: string) => void;
}

/** Starts it, ready when the namespace keeps closed incidents for 30 days and knows our search attributes. @throws LabError */
export async function startTemporal({ dir, ports, binary, rollOverAfter, say }: TemporalOptions): Promise<Temporal> {
  await mkdir(dir, { recursive: true });
  const [address = '', http = '', ui = ''] = [ports.grpc, ports.http, ports.ui].map(port => `127.0.0.1:${port}`);
  const spec = {
    name: 'Temporal',
    command: binary,
    args: [...flags(dir, ports), ...suggesting(rollOverAfter)],
    env: ownEnvironment(),
    log: join(dir, 'temporal.log'),
    ports: Object.values(ports),
    ready: (signal: AbortSignal) => serves(http, ui, signal),
  };
  const running = await keepRunning(spec, say);
  await prepare(binary, address).catch(async error => {
    await running.stop();
    throw new LabError(`Temporal's namespace could not be prepared (${reason(error)}): start with --fresh.`);
  });
  return {
    address,
    namespace,
    http: `http://${http}`,
    ui: `http://${ui}`,
    get pid() {
      return running.pid;
    },
    stop: () => running.stop(),
  };
}

const suggesting = (events: number | undefined) =>
  events === undefined ? [] : [`--dynamic-config-value=limit.historyCount.suggestContinueAsNew=${events}`];

const flags = (dir: string, { grpc, http, ui }: TemporalPorts) => [
  'server',
  'start-dev',
  '--ip=127.0.0.1',
  `--port=${grpc}`,
  `--http-port=${http}`,
  `--ui-port=${ui}`,
  '--ui-disable-news-fetch',
  `--db-filename=${join(dir, 'temporal.db')}`,
  `--namespace=${namespace}`,
  '--log-level=warn',
  '--disable-config-file',
];

/** Whatever the environment says about another Temporal is not for this one. */
const ownEnvironment = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_')));

async function serves(http: string, ui: string, signal: AbortSignal) {
  const addresses = [`http://${http}/api/v1/namespaces/${namespace}`, `http://${ui}/`];
  const answers = await Promise.all(addresses.map(address => fetch(address, { signal })));
  await Promise.all(answers.map(answer => answer.arrayBuffer()));
  return answers.every(answer => answer.ok);
}

/** Both commands may be given again to a namespace that has what they give. */
async function prepare(binary: string, address: string) {
  const here = ['--address', address, '--namespace', namespace, '--disable-config-file'];
  const operator = (...args: string[]) => run(binary, ['operator', ...args, ...here], { env: ownEnvironment(), timeout: 30_000 });
  await operator('namespace', 'update', '--retention=720h');
  const attributes = Object.entries(searchAttributes).flatMap(([name, type]) => ['--name', name, '--type', type]);
  await operator('search-attribute', 'create', ...attributes);
}
