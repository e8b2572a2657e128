// Tries mutants in processes of their own, side by side; one that never ends is stopped, and counts as killed.
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { type Job, said } from './job.ts';

/** Milliseconds without a word after which a process is stopped: while it loads, and at least while it tries a mutant. */
const patience = { load: 60_000, trial: 3_000 };
/** Rehearsals take a minute of CPU, and a busy machine many minutes: one that is slow must not look as if it missed a call. */
const whenRehearsing = { load: 1_200_000, trial: 300_000 };

const program = new URL('trial.ts', import.meta.url);
const execArgv = ['--disable-warning=ExperimentalWarning', '--max-old-space-size=1024'];

/** What killed a mutant; nothing when it lives. */
export type Verdicts = Map<number, string | undefined>;

/** Rejects when the tests fail without a mutant. */
export async function tryAll(jobs: Job[], verdicts: Verdicts): Promise<void> {
  const waiting = [...jobs];
  const crew = Array.from({ length: availableParallelism() }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await tryJob(next, verdicts);
  });
  await Promise.all(crew);
}

async function tryJob(job: Job, verdicts: Verdicts): Promise<void> {
  const ended = await spoken(job, verdicts);
  const rest = job.mutants.filter(mutant => !verdicts.has(mutant));
  const [culprit, ...others] = rest;
  if (culprit === undefined) return;
  verdicts.set(culprit, ended);
  if (others.length > 0) await tryJob({ ...job, mutants: others }, verdicts);
}

/** How the process ended, once it has. */
function spoken(job: Job, verdicts: Verdicts): Promise<string> {
  const child = fork(program, { execArgv, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const { load, trial } = job.rehearsing ? whenRehearsing : patience;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const kill = () => child.kill('SIGKILL');
  let silence = setTimeout(kill, load);
  child.on('message', message => {
    silence.refresh();
    const heard = said.parse(message);
    if ('mutant' in heard) verdicts.set(heard.mutant, heard.failed);
    else if ('broken' in heard) reject(new Error(`without any mutant ${heard.broken}`));
    else {
      clearTimeout(silence);
      silence = setTimeout(kill, Math.max(trial, 10 * heard.allTake));
    }
  });
  child.once('error', reject);
  child.once('exit', (code, signal) => {
    clearTimeout(silence);
    resolve(signal ? 'it never ended' : `its process ended with ${code}`);
  });
  child.send(job);
  return promise;
}
