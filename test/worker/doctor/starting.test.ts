/** What the doctor says of pods that should read a share of jobs while they run. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { deployments } from '../../../activities/connectors/resources.ts';
import { aPlatform, connected } from '../../activities/bare.ts';
import { parsePlatform, workloadOf } from '../../../activities/platform.ts';
import { sayUnread, startingLines } from '../../../worker/doctor/starting.ts';

const env = [{ name: 'DYNEX_API_KEY', valueFrom: { secretKeyRef: { name: 'nqba-secrets', key: 'dynex-api-key' } } }];
const envFrom = [{ configMapRef: { name: 'nqba-config' } }];
const volumeMounts = [{ name: 'settings', mountPath: '/etc/nqba' }];
const volumes = [{ name: 'settings', configMap: { name: 'nqba-config' } }];

async function linesOf(quantum: object, container: object) {
  const nqba = JSON.parse(await readFile('platform.json', 'utf8'));
  const platform = parsePlatform({ ...nqba, quantum: { ...nqba.quantum, ...quantum } });
  const spec = { template: { spec: { containers: [{ name: 'worker', env, ...container }], volumes } } };
  const deployment = deployments.schema.parse({ metadata: { name: 'nqba-worker' }, spec });
  return startingLines(platform, workloadOf(platform, 'worker'), deployment).map(({ ok, check }) => ({ ok, check }));
}
const runtime = { ramp: 'runtime', share: { key: 'QUANTUM_SHARE_PERCENT' } };
const reads = (ok: boolean) => ({ ok, check: 'nqba-worker reads ConfigMap nqba-platform/nqba-config' });
const follows = (ok: boolean) => ({ ok, check: 'nqba-worker reads QUANTUM_SHARE_PERCENT while it runs' });

test('who follows the share need not read the setting when it starts', async () => {
  assert.deepEqual(await linesOf(runtime, { volumeMounts }), [follows(true)]);
  assert.deepEqual(await linesOf({ ...runtime, share: { ...runtime.share, polledBy: ['worker'] } }, {}), [follows(true)]);
});

test('who does not follow it is named, and must read the setting', async () => {
  assert.deepEqual(await linesOf(runtime, { envFrom }), [follows(false), reads(true)]);
  assert.deepEqual(await linesOf(runtime, {}), [follows(false), reads(false)]);
});

test('where jobs return with a restart there is no share to speak of', async () => {
  assert.deepEqual(await linesOf({}, { envFrom, volumeMounts }), [reads(true)]);
});

test('a worker that starts says in its log that no pod reads the setting', async () => {
  const lines: string[] = [];
  const spec = { template: { spec: { containers: [{ name: 'worker', env }] } } };
  const fetch = (request: Request) => Response.json({ metadata: { name: request.url.split('/').at(-1) }, spec });
  await sayUnread({ systems: connected({ kubernetes: { fetch } }), platform: aPlatform }, line => lines.push(line));
  const wanted =
    /^nqba-worker reads ConfigMap nqba-platform\/nqba-config: no: no circuit breaker moves its jobs\. Give container/;
  assert.ok(
    lines.some(line => wanted.test(line)),
    lines.join('\n'),
  );
});
