/** The queue of Celery, on a real Redis: what waits is counted, what lets us not in is named, and no password is printed. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { rootCertificates, setDefaultCACertificates } from 'node:tls';
import { createClient } from '@redis/client';
import { readConnections } from '../../activities/connectors/index.ts';
import { connectRedis } from '../../activities/connectors/redis.ts';
import { checkQueue, type QueueInput } from '../../activities/quantum/queue.ts';
import { redisQueue } from '../../activities/quantum/redis-queue.ts';
import { installed } from '../../lab/peers/installed.ts';
import { keepQueue } from '../../lab/peers/queue.ts';
import { startRedis } from '../../lab/peers/redis.ts';
import { freePorts } from '../../lab/ports.ts';
import type { Running } from '../../lab/process.ts';
import { eventually } from '../support/eventually.ts';
import { silentHost } from './silent.ts';
import { aPlatform, connected, running, virtualClock } from './bare.ts';

/** `openssl` signs a certificate. */
const binary = installed('openssl') && installed('redis-server');
const here = 'redis://127.0.0.1';

const needed = { KUBECONFIG: 'kubeconfig', PROMETHEUS_URL: 'http://prometheus' };
const given = (more: Record<string, string>, variables: Record<string, string> = { ...needed, ...more }) =>
  readConnections({ variables, secrets: name => variables[name], named: {} }, { folder: 'unused' });
const redisOf = (url: string) => ({ redis: { url: () => url } });
const withQueues = (...queues: string[]) => ({ ...aPlatform, quantum: { ...aPlatform.quantum, queues } });
/** As Celery declares a queue: under an exchange, with its routing key. */
const binding = (...queues: string[]) => queues.map(queue => `${queue}\x06\x16\x06\x16${queue}`);
/** With time that passes. */
const clock = { ...virtualClock(), sleep: (ms: number, signal?: AbortSignal) => pause(ms, undefined, signal && { signal }) };
const queue = (url: string, platform = aPlatform) => redisQueue({ systems: connected(redisOf(url), clock), platform });

describe('without a Redis', () => {
  test('what is not connected says what to set', async () => {
    const deps = { systems: connected({}), platform: aPlatform };
    await assert.rejects(redisQueue(deps), { fault: 'not connected', message: 'Redis is not connected: set REDIS_URL' });
  });

  test("Celery's own address wins, and one of another broker is unknown, without its password", async () => {
    const { connections, faults } = given({ REDIS_URL: `${here}:1`, CELERY_BROKER_URL: 'amqp://celery:hush@rabbit/%2f' });
    assert.deepEqual(faults, []);
    const systems = connected({ redis: connections.redis ?? assert.fail() });
    assert.equal(systems.redis?.address, 'amqp');
    await assert.rejects(redisQueue({ systems, platform: aPlatform }), ({ fault, message }: Error & { fault: string }) => {
      assert.match(message, /lies in a broker of the kind amqp, whose queues are not read/);
      assert.doesNotMatch(message, /hush|rabbit/);
      return fault === 'answered';
    });
    assert.deepEqual(given({ REDIS_URL: 'amqp://x' }).faults, ['REDIS_URL is not a redis or rediss address']);
  });

  test('a host where no one listens, and one that stays silent, are unreachable', async t => {
    const [free = 0] = await freePorts(1);
    await assert.rejects(queue(`${here}:${free}`), { fault: 'unreachable', message: /ECONNREFUSED/ });
    const port = await silentHost(t);
    const hasty = { ...clock, sleep: (_: number, signal?: AbortSignal) => pause(300, undefined, signal && { signal }) };
    const asked = connectRedis({ url: () => `${here}:${port}` }, hasty).lengths({ lists: ['default'], hashes: [] });
    await assert.rejects(asked, { fault: 'unreachable', message: /no answer within 10 s/ });
    await eventually(() => assert.equal(process.getActiveResourcesInfo().includes('TCPSocketWrap'), false));
  });
});

describe('a real Redis', { skip: binary === undefined && 'redis-server or openssl is not installed' }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'nqba-redis-'));
  const certificate = join(dir, 'certificate.pem');
  let [port, tls] = [0, 0];
  let server: Running;
  const admin = () => createClient({ url: `${here}:${port}`, RESP: 2 }).connect();

  before(async () => {
    [port = 0, tls = 0] = await freePorts(2);
    makeCertificate(dir, certificate);
    const files = ['--tls-cert-file', certificate, '--tls-key-file', join(dir, 'key.pem'), '--tls-auth-clients', 'no'];
    const settings = ['--tls-port', `${tls}`, '--tls-ca-cert-file', certificate, ...files];
    server = await startRedis({ dir, port, binary: binary ?? '', settings, say: () => undefined });
    const client = await admin();
    await client.rPush('default', ['a', 'b', 'c']);
    await client.rPush('default\x06\x163', ['d', 'e']);
    await client.rPush('batch', 'f');
    await client.rPush('quantum_batch\x06\x169', ['g', 'h', 'i', 'j']);
    await client.rPush('another', 'k');
    await client.hSet('unacked', { one: '[]', two: '[]' });
    await client.zAdd('unacked_index', { score: 1, value: 'one' });
    await client.sAdd('_kombu.binding.celery', binding('default', 'batch', 'drained'));
    await client.sAdd('_kombu.binding.quantum_batch', binding('quantum_batch'));
    await client.sAdd('_kombu.binding.celery.pidbox', binding('celery@worker-1.celery.pidbox'));
    await client.sAdd('acme__kombu.binding.nightly', binding('nightly'));
    await client.aclSetUser('runbooks', ['on', '>hush', ...writtenRights()]);
    await client.aclSetUser('counter', ['on', '>hush', 'resetchannels', '+llen', '+hlen', 'allkeys']);
    await client.close();
  });

  after(async () => {
    await server?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  test('every queue is counted with its priorities, and what workers hold beside them', async () => {
    assert.deepEqual(await queue(`${here}:${port}/0`), {
      depth: 10,
      queues: [
        { name: 'default', waiting: 5 },
        { name: 'batch', waiting: 1 },
        { name: 'quantum_batch', waiting: 4 },
      ],
      unacked: 2,
      doubt: undefined,
    });
  });

  const checked = (url: string, platform: typeof aPlatform, input: QueueInput = {}) =>
    checkQueue({ ...virtualClock(), systems: connected(redisOf(url), clock), platform, running }, input);

  test('no job in a queue that Celery has declared is none, under whatever exchange and prefix', async () => {
    const { verdict, evidence, facts } = await checked(`${here}:${port}`, withQueues('drained', 'acme_nightly'));
    assert.deepEqual([verdict, facts?.depth], ['healthy', 0], evidence);
  });

  test('a misspelt queue is unknown, names those that there are, and is no queue without jobs', async () => {
    const { verdict, evidence, facts } = await checked(`${here}:${port}`, withQueues('default', 'quantm_batch'));
    assert.deepEqual([verdict, facts?.depth], ['unknown', undefined]);
    assert.match(
      evidence,
      /Celery declared no queue quantm_batch there; declared: acme_nightly, batch, default, drained, quantum_batch\./,
    );
    assert.match(evidence, /Correct quantum\.queues in the platform description, or REDIS_URL\./);
    assert.equal((await checked(`${here}:${port}`, withQueues('default', 'quantm_batch'), { below: 5 })).verdict, 'faulty');
  });

  test('a database in which Celery keeps nothing, and one whose queues may not be seen, are unknown', async () => {
    const { verdict, evidence } = await checked(`${here}:${port}/1`, aPlatform);
    assert.equal(verdict, 'unknown');
    assert.match(evidence, /Celery declared no queue default, batch, quantum_batch there; declared: none at all/);
    const blind = await checked(`redis://counter:hush@127.0.0.1:${port}`, withQueues('default', 'drained'));
    assert.equal(blind.verdict, 'unknown');
    assert.match(blind.evidence, /Whether Celery declared drained is not known: Redis answered NOPERM .*see which there are/);
  });

  test('a platform has queues of its own names', async () => {
    assert.deepEqual((await queue(`${here}:${port}`, withQueues('another'))).queues, [{ name: 'another', waiting: 1 }]);
  });

  test('a user that may only count is enough, and is told what else it would need', async () => {
    const as = (password: string) => `redis://runbooks:${password}@127.0.0.1:${port}`;
    assert.equal((await queue(as('hush'))).depth, 10);
    assert.equal((await queue(as('hush'), withQueues('batch', 'default_drained'))).doubt?.startsWith('Celery declared no'), true);
    const others = redisOf(as('hush')).redis;
    await assert.rejects(connectRedis(others, clock).lengths({ lists: ['another'], hashes: [] }), {
      status: 403,
      message: /NOPERM .*allow its user to count queues and to see which there are/,
    });
    await assert.rejects(queue(as('wrong-secret')), ({ status, message }: Error & { status: number }) => {
      assert.match(message, /^Redis answered WRONGPASS .*: correct the password in its address$/);
      assert.doesNotMatch(message, /wrong-secret/);
      return status === 401;
    });
    assert.equal(connected(redisOf(as('hush'))).redis?.address, `${here}:${port}`);
  });

  test('what is no list is said, not counted', async () => {
    await assert.rejects(queue(`${here}:${port}`, withQueues('unacked')), { status: 406, message: /WRONGTYPE/ });
  });

  test('with TLS the certificate must be signed by an authority that we know', async () => {
    const url = `rediss://localhost:${tls}`;
    await assert.rejects(queue(url), {
      fault: 'unreachable',
      message: /certificate: name its authority in a file, NODE_EXTRA_CA_CERTS$/,
    });
    setDefaultCACertificates([...rootCertificates, readFileSync(certificate, 'utf8')]);
    assert.equal((await queue(url)).depth, 10);
  });

  test('the practice world keeps its jobs there', async () => {
    const pod = { pod: 'worker-1', uid: 'u', workload: 'worker', solver: 'dynex', fallback: false, since: Date.now() - 60_000 };
    writeFileSync(join(dir, 'world.json'), JSON.stringify([pod]));
    const url = `${here}:${port}/2`;
    const keeping = await keepQueue(dir, url);
    await eventually(async () => assert.notEqual((await queue(url)).unacked, 0));
    assert.equal((await queue(url)).doubt, undefined);
    await keeping.stop();
  });

  test('every connection is closed with its call', async () => {
    await queue(`${here}:${port}`);
    const client = await admin();
    await eventually(async () => assert.equal((await client.clientList()).length, 1));
    await client.close();
  });
});

function makeCertificate(dir: string, certificate: string) {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', join(dir, 'key.pem')];
  execFileSync('openssl', ['req', '-x509', ...key, ...subject, '-out', certificate], { stdio: 'ignore' });
}

/** As the page tells an operator to grant them. */
function writtenRights(): string[] {
  const page = readFileSync('docs/running-on-your-own.md', 'utf8');
  return /^ACL SETUSER runbooks on >PASSWORD (.*)$/m.exec(page)?.[1]?.split(' ') ?? assert.fail('no rights are written');
}
