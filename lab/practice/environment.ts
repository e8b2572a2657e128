// Every address of a practice platform under the names that the product reads; people source the same from a file.
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ofEach, standIns } from '../stand-ins/index.ts';
import type { StandIns } from '../stand-ins/serve.ts';
import type { Temporal } from '../temporal/dev-server.ts';
import type { Settings } from './settings.ts';

export type Environment = Record<string, string>;

interface Parts {
  dir: string;
  settings: Settings;
  temporal: Pick<Temporal, 'address' | 'namespace' | 'http' | 'ui'>;
  /** Path of the `temporal` binary. */
  temporalCli: string;
  urls: StandIns['urls'];
  platformFile: string;
  kubeconfig: string;
}

/** What worker, intake and command line of this platform run with; nothing of the shell's own environment but where programs lie. */
export function environmentOf({ dir, settings, temporal, temporalCli, urls, platformFile, kubeconfig }: Parts): Environment {
  return {
    KUBECONFIG: kubeconfig,
    WORKER_USER: 'nqba-runbooks',
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TEMPORAL_HTTP: temporal.http,
    TEMPORAL_UI: temporal.ui,
    TEMPORAL_CLI: temporalCli,
    TEMPORAL_CONFIG_FILE: join(dir, 'temporal.toml'),
    RUNBOOKS_TASK_QUEUE: 'nqba-practice',
    RUNBOOKS_PLATFORM: platformFile,
    ARTIFACTS: join(dir, 'artifacts'),
    INTAKE_HOST: '127.0.0.1',
    INTAKE_PORT: String(settings.ports.intake),
    INTAKE_URL: `http://127.0.0.1:${settings.ports.intake}/alertmanager`,
    INTAKE_TOKEN: settings.token,
    ...Object.assign({}, ...Object.values(ofEach(system => standIns[system].environment(urls[system])))),
    STANDINS_CONTROL: urls.control,
    MESSAGES: join(dir, 'messages.jsonl'),
  };
}

/** Of the shell's environment, what programs need to run at all. */
export function ownShell(): Environment {
  const wanted = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'NODE_EXTRA_CA_CERTS', 'NO_COLOR'];
  return Object.fromEntries(wanted.flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}

const runbooksCli = join(import.meta.dirname, '..', '..', 'client', 'cli', 'runbooks.js');

/** The two commands that everything we print begins with, under these names: a folder for PATH. */
export function linkCommands(dir: string, temporalCli: string) {
  const bin = join(dir, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const [name, target] of [
    ['temporal', temporalCli],
    ['runbooks', runbooksCli],
  ] as const) {
    rmSync(join(bin, name), { force: true });
    symlinkSync(target, join(bin, name));
  }
}

/** Writes `.practice/env`, to be sourced as often as someone likes. */
export function writeEnvironment(dir: string, environment: Environment) {
  const bin = quoted(join(dir, 'bin'));
  const lines = [
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`),
    `case ":$PATH:" in *:${bin}:*) ;; *) export PATH=${bin}:"$PATH" ;; esac`,
  ];
  writeFileSync(join(dir, 'env'), `${lines.join('\n')}\n`, { mode: 0o600 });
}

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
