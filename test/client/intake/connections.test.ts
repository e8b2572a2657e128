/** Senders that no well-meaning one is, on real sockets: a bomb, a drip, a length that is not so, many large bodies at once. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../temporal-server.ts';
import { dynexDown, group } from './bodies.ts';

const main = join(import.meta.dirname, '../../../client/intake/main.ts');
/** Bytes. */
const mebibyte = 1024 * 1024;
const limit = 512 * mebibyte;

describe('the intake on real sockets', () => {
  let child: ChildProcess;
  let port: number;
  const open: Socket[] = [];
  before(async () => {
    port = await freePort();
    const environment = { INTAKE_TOKEN: 'hush', INTAKE_PORT: `${port}`, TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` };
    const folder = { PATH: process.env.PATH, ARTIFACTS: mkdtempSync(join(tmpdir(), 'nqba-artifacts-')) };
    child = spawn(process.execPath, [main], { env: { ...folder, ...environment }, stdio: 'ignore' });
    await eventually(async () => assert.ok((await fetch(`http://127.0.0.1:${port}/healthz`)).ok));
  });
  after(async () => {
    for (const socket of open) socket.destroy();
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  const post = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    (
      await fetch(`http://127.0.0.1:${port}/alertmanager`, {
        method: 'POST',
        headers: { authorization: 'Bearer hush', ...headers },
        body,
      })
    ).status;

  /** Opens nothing, so it is decided without Temporal. */
  const quiet = { ...dynexDown, labels: { alertname: 'KubeJobFailed', severity: 'info' } };
  const isServed = async () => assert.equal(await post(JSON.stringify(group(quiet))), 200);

  async function sending(length: number, body: string): Promise<Socket> {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    open.push(socket);
    await once(socket, 'connect');
    socket.write(
      `POST /alertmanager HTTP/1.1\r\nhost: x\r\nauthorization: Bearer hush\r\ncontent-length: ${length}\r\n\r\n${body}`,
    );
    return socket;
  }

  test('does not unpack what is packed: a bomb is refused', async () => {
    const bomb = Uint8Array.from(gzipSync(Buffer.alloc(200 * mebibyte, '0')));
    assert.equal(await post(bomb, { 'content-encoding': 'gzip' }), 400);
    await isServed();
  });

  test('serves others while two hundred senders drip', async () => {
    const drips = await Promise.all(Array.from({ length: 200 }, () => sending(mebibyte, '{"version":"4","alerts":[')));
    for (const socket of drips) socket.write('0');
    await isServed();
  });

  test('survives bodies that are shorter or longer than they say', async () => {
    (await sending(1_000, '{"version":"4"')).end();
    const longer = await sending(2, JSON.stringify(group(dynexDown)));
    const [answer] = await once(longer, 'data');
    assert.match(String(answer), /^HTTP\/1\.1 400 /);
    await isServed();
  });

  test('lives in 512 MiB while eight bodies of 8 MiB arrive at once', async () => {
    const filled = JSON.stringify(group({ ...quiet, annotations: { description: 'x'.repeat(8 * mebibyte - 2_000) } }));
    assert.deepEqual(new Set(await Promise.all(Array.from({ length: 8 }, () => post(filled)))), new Set([200]));
    const [, peak = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
    assert.ok(Number(peak) * 1024 < limit, `${Math.round(Number(peak) / 1024)} MiB`);
  });
});
