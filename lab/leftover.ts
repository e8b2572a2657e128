// A server that outlived a killed predecessor still holds its port and its data: it is ended first, and nothing else is.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';

const run = promisify(execFile);

interface Leftover {
  command: string;
  args: string[];
  log: string;
}

/** Ends the process whose id stands beside the log, if it is still this very command line. */
export async function stopLeftover({ command, args, log }: Leftover) {
  const pid = Number(await readFile(`${log}.pid`, 'utf8').catch(() => '0'));
  const line = [command, ...args].join(' ');
  if (pid > 1) await killWhile(pid, async () => (await commandLine(pid)) === line);
}

async function killWhile(pid: number, itIs: () => Promise<boolean>) {
  while (await itIs()) {
    process.kill(pid, 'SIGKILL');
    await pause(50);
  }
}

const commandLine = (pid: number) =>
  readFile(`/proc/${pid}/cmdline`, 'utf8').then(
    line => line.replaceAll('\0', ' ').trim(),
    () => accordingToPs(pid),
  );

const accordingToPs = (pid: number) =>
  run('ps', ['-ww', '-o', 'args=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
