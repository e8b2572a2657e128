// The servers of practice start with one clear sentence or not at all, and never outlive whoever started them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { keepRunning } from '../../lab/keep-running.ts';
import { LabError } from '../../lab/lab-error.ts';
import { freePorts } from '../../lab/ports.ts';
import { startProcess } from '../../lab/process.ts';
import { eventually } from '../support/eventually.ts';

const dir = await mkdtemp(join(tmpdir(), 'nqba-process-'));
after(() => rm(dir, { recursive: true, force: true }));

const node = (name: string, script: string) => ({
  name,
  command: process.execPath,
  args: ['-e', script],
  log: join(dir, `${name}.log`),
});
const idle = 'setInterval(() => {}, 1000)';
const says = (words: RegExp) => (error: unknown) => error instanceof LabError && words.test(error.message);
const isGone = (pid: number) => assert.throws(() => process.kill(pid, 0));

test('a process that ends while it starts is named with its exit code, its last line and its log', async () => {
  const spec = { ...node('broken', 'console.log("no such flag"); process.exit(3)'), ready: async () => false };
  await assert.rejects(startProcess(spec), says(/^broken ended .*exit code 3.*no such flag.*broken\.log/s));
});

test('a process that never becomes ready is stopped and named', async () => {
  const spec = { ...node('silent', idle), ready: async () => false, within: 300 };
  await assert.rejects(startProcess(spec), says(/^silent was not ready within 0\.3 s/));
  const pid = await readFile(`${spec.log}.pid`, 'utf8').catch(() => 'none');
  assert.equal(pid, 'none');
});

test('a program that is not there is named', async () => {
  await assert.rejects(startProcess({ ...node('absent', ''), command: '/no/such/program' }), says(/^absent cannot be run/));
});

test('a port that somebody else listens on is named before anything starts', async () => {
  const [port = 0] = await freePorts(1);
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  await assert.rejects(
    startProcess({ ...node('late', idle), ports: [port] }),
    says(new RegExp(`Port ${port} \\(late\\) is in use by another program`)),
  );
  other.close();
});

test('stopping is final for the whole group, even where SIGTERM is ignored by a grandchild', async () => {
  const grandchild = `process.on('SIGTERM', () => {}); ${idle}`;
  const script = `const { spawn } = require('node:child_process');
    console.log(spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}]).pid); ${idle}`;
  const spec = node('parent', script);
  const running = await startProcess(spec);
  const pid = await eventually(async () => {
    const printed = Number(await readFile(spec.log, 'utf8'));
    assert.ok(printed > 0);
    return printed;
  });
  await running.stop();
  isGone(running.pid);
  await eventually(() => isGone(pid));
});

test('what dies is started again; what was stopped stays stopped', async () => {
  const lines: string[] = [];
  const running = await keepRunning(node('mortal', idle), line => lines.push(line));
  const { pid } = running;
  process.kill(pid, 'SIGKILL');
  await eventually(() => assert.notEqual(running.pid, pid));
  assert.deepEqual(lines, ['mortal died and is started again.']);
  await running.stop();
  isGone(running.pid);
});

/** Another Node that starts `server` as practice does, and the id of that server. */
async function practice() {
  const start = join(import.meta.dirname, '..', '..', 'lab', 'process.ts');
  const script = `import { startProcess } from ${JSON.stringify(start)};
    const { pid } = await startProcess(${JSON.stringify(node('server', idle))}); console.log(pid); ${idle}`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = await once(parent.stdout, 'data');
  return { parent, pid: Number(printed) };
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  test(`${signal} to practice ends its servers`, async () => {
    const { parent, pid } = await practice();
    parent.kill(signal);
    await once(parent, 'exit');
    await eventually(() => isGone(pid));
  });

test('a server that outlived a killed practice is ended by the next start', async () => {
  const { parent, pid } = await practice();
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  process.kill(pid, 0);
  const running = await startProcess(node('server', idle));
  await eventually(() => isGone(pid));
  assert.notEqual(running.pid, pid);
  await running.stop();
});
