/** Everything a change must pass: the checks, then the tests. `--verify` adds the long searches; paths narrow it down. */

import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { run } from 'node:test';
import { promisify } from 'node:util';
import { binary, binaryNames } from '../lab/binaries.ts';

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const execute = promisify(execFile);
const root = new URL('..', import.meta.url).pathname;
const [flags, paths] = [process.argv.slice(2).filter(isFlag), process.argv.slice(2).filter(word => !isFlag(word))];
const verify = flags.includes('--verify');
const count: Count = { passed: 0, failed: 0, skipped: 0 };
/** What failed, said again at the end: it stands in the middle of thousands of lines otherwise. */
const failures: string[] = [];
const took: { file: string; seconds: number }[] = [];
const started = Date.now();
let printed = Date.now();

/** What starts real servers, as test files import it. */
const starters =
  /\/(support\/(practice|touring)|practice\/start|cluster|control-plane|dev-server|temporal-server|(shared-)?stage|held-to|elsewhere|other-cluster)\.ts'/;
/** Where those files stand that take longest: they begin first. */
const longest = ['test/verify/', 'test/e2e/', 'test/lab/guide', 'test/activities/', 'test/client/', 'test/'];
/** So many files on real servers side by side, and one of the others: more of them on two cores only wait for each other. */
const lanes = 2;
/** Milliseconds after which a file that does not end has failed, by its name: one that never ends would hide that. */
const longestFile = verify ? 7_200_000 : 900_000;

const heartbeat = setInterval(() => Date.now() - printed > 8000 && say(`… ${count.passed} passed, still running`), 1000);
if (paths.length === 0) await Promise.all(['format:check', 'lint', 'types'].map(check));
const files = filesToRun();
const isOnServers = (file: string) => starters.test(readFileSync(`${root}${file}`, 'utf8'));
const { servers = [], alone = [] } = Object.groupBy(files, file => (isOnServers(file) ? 'servers' : 'alone'));
if (servers.length > 0) for (const name of binaryNames) await binary(name, { say });
const [first, then] = [servers.sort((one, other) => rank(one) - rank(other)).values(), alone.values()];
await Promise.all([runFiles(then), ...Array.from({ length: lanes }, () => runFiles(first, then))]);
clearInterval(heartbeat);
finish();

function isFlag(word: string) {
  return word.startsWith('-');
}

function rank(file: string) {
  return longest.findIndex(place => file.startsWith(place));
}

function filesToRun(): string[] {
  if (paths.length > 0) return paths;
  const all = globSync('test/**/*.test.ts', { cwd: root }).sort();
  return verify ? all : all.filter(file => !file.startsWith('test/verify/'));
}

async function check(name: string) {
  await execute('npm', ['run', '--silent', name], { cwd: root, maxBuffer: 2 ** 26 }).then(
    () => note(true, name),
    ({ stdout, stderr }: { stdout: string; stderr: string }) => note(false, name, `${stdout}${stderr}`),
  );
}

/** One file after the other; whoever else takes from the same queues takes what is next there. */
async function runFiles(...queues: Iterable<string>[]) {
  for (const queue of queues) for (const file of queue) await runFile(file);
}

async function runFile(file: string) {
  const began = Date.now();
  const events = run({ files: [`${root}${file}`], timeout: longestFile, execArgv: ['--disable-warning=ExperimentalWarning'] });
  events.on('test:stderr', ({ message }) => say(message.trimEnd()));
  events.on('test:pass', ({ name, skip, details }) => {
    if (skip !== undefined) skipped(name, skip);
    else if (details.type !== 'suite' && !name.endsWith('.test.ts')) note(true, name);
  });
  events.on('test:fail', ({ name, details: { error, type } }) => {
    if (type !== 'suite')
      note(false, `${file}: ${name}`, String(error.cause instanceof Error ? error.cause.stack : (error.cause ?? error)));
  });
  for await (const _ of events);
  took.push({ file, seconds: Math.round((Date.now() - began) / 1000) });
}

function note(passed: boolean, name: string, why = '') {
  count[passed ? 'passed' : 'failed'] += 1;
  const line = `${passed ? '✔' : '✖'} ${name}${why && `\n${why}`}`;
  if (!passed) failures.push(line);
  say(line);
}

function skipped(name: string, because: string | boolean) {
  count.skipped += 1;
  say(`– ${name}: not run${typeof because === 'string' ? `: ${because.replace(/^not run: /, '')}` : ''}`);
}

function say(line: string) {
  printed = Date.now();
  console.log(line);
}

function finish() {
  const notRun = process.env.CI === 'true' ? count.skipped : 0;
  const failed = count.failed + notRun;
  if (notRun > 0) say(`${notRun} tests were not run, which counts as failed here`);
  for (const failure of failures) say(failure);
  const slowest = took.sort((one, other) => other.seconds - one.seconds).slice(0, 10);
  say(`The longest: ${slowest.map(({ file, seconds }) => `${file} ${seconds} s`).join(', ')}`);
  say(`${Math.round((Date.now() - started) / 1000)} s`);
  say(`${count.passed} passed, ${failed} failed`);
  process.exit(failed > 0 || count.passed === 0 ? 1 : 0);
}
