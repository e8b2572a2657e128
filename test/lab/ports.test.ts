// A port that one practice platform has chosen is no other's, however many start at the same time, until its process ends.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LabError } from '../../lab/lab-error.ts';
import { expectFree, freePorts } from '../../lab/ports.ts';

/** So many of the 15,000 that by chance alone some would be chosen twice. */
const each = 300;

const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Another process that chooses ports, says which, and lives on. */
async function another(): Promise<{ ports: number[]; child: ChildProcess }> {
  const module = join(import.meta.dirname, '..', '..', 'lab', 'ports.ts');
  const script = `import { freePorts } from ${JSON.stringify(module)};
    console.log((await freePorts(${each})).join()); setInterval(() => {}, 1000)`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [printed] = await once(child.stdout, 'data');
  return { ports: String(printed).split(',').map(Number), child };
}

test('of six processes that choose at the same time no two get the same port', async () => {
  const chosen = (await Promise.all(Array.from({ length: 6 }, another))).flatMap(({ ports }) => ports);
  assert.equal(new Set(chosen).size, 6 * each);
});

test('a port is its process’s own before anything listens there, and anybody’s when that process was killed', async () => {
  const { ports, child } = await another();
  const [port = 0] = ports;
  await assert.rejects(
    expectFree('etcd', [port]),
    (error: unknown) => error instanceof LabError && error.message.startsWith(`Port ${port} (etcd) is in use by another program`),
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  await expectFree('etcd', ports);
});

test('a process may listen on what it has chosen, and stop, as often as it likes', async () => {
  const ports = await freePorts(2);
  await expectFree('etcd', ports);
  await expectFree('etcd', ports);
});
