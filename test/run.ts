/** Everything a change must pass: the checks, then the tests. `--verify` adds the long searches; paths narrow it down. */

import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { run } from 'node:test';
import { binary, binaryNames } from '../lab/binaries.ts';

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const root = new URL('..', import.meta.url).pathname;
const [flags, paths] = [process.argv.slice(2).filter(isFlag), process.argv.slice(2).filter(word => !isFlag(word))];
const verify = flags.includes('--verify');
const count: Count = { passed: 0, failed: 0, skipped: 0 };
const started = Date.now();
let printed = Date.now();

/** Real servers share two cores badly: their files run alone. */
const alone = /^test\/(lab|e2e|verify|activities\/real|client\/real)/;

if (paths.length === 0) for (const check of ['format:check', 'lint', 'types']) runCheck(check);
const heartbeat = setInterval(() => Date.now() - printed > 8000 && say(`… ${count.passed} passed, still running`), 1000);
const files = filesToRun();
await runFiles(
  files.filter(file => !alone.test(file)),
  availableParallelism(),
);
const onServers = files.filter(file => alone.test(file));
if (onServers.length > 0) for (const name of binaryNames) await binary(name, { say });
await runFiles(onServers, 1);
clearInterval(heartbeat);
finish();

function isFlag(word: string) {
  return word.startsWith('-');
}

function filesToRun(): string[] {
  if (paths.length > 0) return paths;
  const all = globSync('test/**/*.test.ts', { cwd: root }).sort();
  return verify ? all : all.filter(file => !file.startsWith('test/verify/'));
}

function runCheck(name: string) {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', name], { cwd: root, encoding: 'utf8' });
  note(status === 0, name, status === 0 ? '' : `${stdout}${stderr}`);
}

async function runFiles(which: string[], concurrency: number) {
  if (which.length === 0) return;
  const events = run({
    files: which.map(file => `${root}${file}`),
    concurrency,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  events.on('test:stderr', ({ message }) => say(message.trimEnd()));
  events.on('test:pass', ({ name, skip, details }) => {
    if (skip !== undefined) skipped(name);
    else if (details.type !== 'suite' && !name.endsWith('.test.ts')) note(true, name);
  });
  events.on('test:fail', ({ name, details: { error, type } }) => {
    if (type !== 'suite') note(false, name, String(error.cause instanceof Error ? error.cause.stack : (error.cause ?? error)));
  });
  for await (const _ of events);
}

function note(passed: boolean, name: string, why = '') {
  count[passed ? 'passed' : 'failed'] += 1;
  say(`${passed ? '✔' : '✖'} ${name}${why && `\n${why}`}`);
}

function skipped(name: string) {
  count.skipped += 1;
  say(`– ${name}: not run`);
}

function say(line: string) {
  printed = Date.now();
  console.log(line);
}

function finish() {
  const notRun = process.env.CI === 'true' ? count.skipped : 0;
  const failed = count.failed + notRun;
  if (notRun > 0) say(`${notRun} tests were not run, which counts as failed here`);
  say(`${Math.round((Date.now() - started) / 1000)} s`);
  say(`${count.passed} passed, ${failed} failed`);
  process.exit(failed > 0 || count.passed === 0 ? 1 : 0);
}
