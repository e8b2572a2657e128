// The servers of the practice platform as child processes: each with a log, a readiness probe, and no way to outlive us.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fullDisk, LabError } from './lab-error.ts';
import { stopLeftover } from './leftover.ts';
import { endsWithUs, killGroup } from './own-group.ts';
import { expectFree } from './ports.ts';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Spec {
  /** As people name it: it begins every sentence about this process. */
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** File that receives what it prints; the id of the process stands beside it. */
  log: string;
  /** Ports it will listen on: taken ones are named before anything starts. */
  ports?: number[];
  /** Throws, or answers false, until the process serves. Its signal ends with the deadline. */
  ready?: (signal: AbortSignal) => Promise<unknown>;
  /** Milliseconds until it must be ready; 180 000 unless said otherwise, as a busy machine takes its time. */
  within?: number;
  /** Called when it ends without having been stopped. */
  onExit?: (exit: Exit) => void;
}

export interface Running {
  readonly pid: number;
  /** SIGTERM to the whole group, after ten seconds SIGKILL. Settles when it is gone. */
  stop(): Promise<void>;
}

/** Starts one process and waits until it is ready. @throws LabError when it ends or stays silent. */
export async function startProcess(spec: Spec): Promise<Running> {
  await stopLeftover(spec);
  await expectFree(spec.name, spec.ports ?? []);
  const child = launch(spec);
  const pid = await pidOf(child, spec);
  const ended = once(child, 'exit').then(([code, signal]): Exit => ({ code, signal }));
  let stopped = false;
  const stop = async () => {
    stopped = true;
    await end(pid, ended);
    rmSync(`${spec.log}.pid`, { force: true });
  };
  try {
    await untilReady(spec, ended);
  } catch (error) {
    await stop();
    throw error;
  }
  void ended.then(exit => (stopped ? undefined : spec.onExit?.(exit)));
  return { pid, stop };
}

function launch(spec: Spec): ChildProcess {
  mkdirSync(dirname(spec.log), { recursive: true });
  const log = openSync(spec.log, 'a');
  try {
    // A group of its own: Ctrl-C in the terminal reaches us alone, and we stop the servers in order.
    const options = { cwd: spec.cwd, env: spec.env ?? process.env, detached: true };
    const child = spawn(spec.command, spec.args, { ...options, stdio: ['ignore', log, log] });
    endsWithUs(child);
    return child;
  } finally {
    closeSync(log);
  }
}

async function pidOf(child: ChildProcess, spec: Spec): Promise<number> {
  if (child.pid === undefined) {
    const [error] = await once(child, 'error');
    throw new LabError(`${spec.name} cannot be run: ${String(error)}.`);
  }
  writeFileSync(`${spec.log}.pid`, `${child.pid}\n`);
  return child.pid;
}

async function untilReady(spec: Spec, ended: Promise<Exit>) {
  const within = spec.within ?? 180_000;
  const gone = new AbortController();
  void ended.then(exit => gone.abort(exit));
  const over = AbortSignal.any([gone.signal, AbortSignal.timeout(within)]);
  if (await isReady(spec, over)) return;
  if (isOutOfSpace(dirname(spec.log))) throw fullDisk(dirname(spec.log));
  const what = gone.signal.aborted
    ? `ended while it was starting (${said(await ended)})`
    : `was not ready within ${within / 1000} s`;
  throw new LabError(`${spec.name} ${what}${lastWord(spec.log)}`);
}

async function isReady({ ready }: Spec, over: AbortSignal): Promise<boolean> {
  while (!over.aborted) {
    const serves = ready === undefined || (await ready(over).catch(() => false));
    if (serves !== false) return true;
    await pause(50);
  }
  return false;
}

/** Bytes: what etcd wants at once for the journal it begins with. */
const least = 64 * 2 ** 20;

function isOutOfSpace(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < least;
}

const said = ({ code, signal }: Exit) => (signal === null ? `exit code ${code}` : `killed by ${signal}`);

function lastWord(log: string): string {
  const line = readFileSync(log, 'utf8').trimEnd().split('\n').at(-1)?.slice(0, 400);
  return `; its last line: ${line}. The whole log: ${log}`;
}

async function end(pid: number, ended: Promise<Exit>) {
  killGroup(pid, 'SIGTERM');
  const patience = new AbortController();
  const late = pause(10_000, undefined, { signal: patience.signal }).then(
    () => killGroup(pid, 'SIGKILL'),
    () => undefined,
  );
  await ended;
  patience.abort();
  await late;
  killGroup(pid, 'SIGKILL');
}
