// The practice platform's Temporal is the real dev server, and a second start goes on where the first one ended.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { z } from 'zod';
import { binary } from '../../lab/binaries.ts';
import { freePorts } from '../../lab/ports.ts';
import { startTemporal } from '../../lab/temporal/dev-server.ts';
import { eventually } from '../support/eventually.ts';

const dir = await mkdtemp(join(tmpdir(), 'nqba-temporal-'));
after(() => rm(dir, { recursive: true, force: true }));

async function start() {
  const [grpc = 0, http = 0, ui = 0] = await freePorts(3);
  const path = await binary('temporal', { say: console.error });
  return startTemporal({ dir, ports: { grpc, http, ui }, binary: path, say: console.error });
}

const described = z.looseObject({ config: z.looseObject({ workflowExecutionRetentionTtl: z.string() }) });
const attributes = z.looseObject({ customAttributes: z.record(z.string(), z.string()) });

const read = async <T>(address: string, shape: z.ZodType<T>) => shape.parse(await (await fetch(address)).json());

test('the namespace keeps thirty days and knows our search attributes, also after a second start', async () => {
  for (const round of ['first', 'second']) {
    const temporal = await start();
    const namespace = `${temporal.http}/api/v1/namespaces/${temporal.namespace}`;
    const { config } = await read(namespace, described);
    assert.equal(config.workflowExecutionRetentionTtl, '2592000s', round);
    const { customAttributes } = await read(`${namespace}/search-attributes`, attributes);
    assert.equal(customAttributes.RunbookWaitingFor, 'INDEXED_VALUE_TYPE_KEYWORD_LIST', round);
    assert.equal(Object.keys(customAttributes).filter(name => name.startsWith('Runbook')).length, 4, round);
    assert.equal((await fetch(temporal.ui)).status, 200, round);
    await temporal.stop();
  }
});

test('Temporal comes back when it is killed, under another process id', async () => {
  const temporal = await start();
  const { pid } = temporal;
  process.kill(pid, 'SIGKILL');
  await eventually(async () => {
    assert.notEqual(temporal.pid, pid);
    assert.equal((await fetch(`${temporal.http}/api/v1/namespaces/${temporal.namespace}`)).status, 200);
  });
  await temporal.stop();
  await assert.rejects(fetch(temporal.http));
});
