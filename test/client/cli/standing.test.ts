/** Changes that stand, as the command line reads them from a cluster. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { recordName, recordOf } from '../../../activities/engine/holders.ts';
import { Desk } from '../../../client/cli/desk.ts';
import { allStanding } from '../../../client/cli/standing.ts';

/** A cluster where the quantum ConfigMap carries these records, and nothing else is there. */
async function clusterWith(annotations: Record<string, string>) {
  const server = createServer(({ url = '' }, answer) => {
    const isThere = url.endsWith('/configmaps/nqba-config');
    answer.writeHead(isThere ? 200 : 404, { 'content-type': 'application/json' });
    answer.end(JSON.stringify(isThere ? { metadata: { name: 'nqba-config', annotations }, data: {} } : { kind: 'Status' }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  const folder = await mkdtemp(join(tmpdir(), 'nqba-standing-'));
  const kubeconfig = {
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${address.port}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  await writeFile(join(folder, 'kubeconfig'), JSON.stringify(kubeconfig));
  return { server, environment: { KUBECONFIG: join(folder, 'kubeconfig'), ARTIFACTS: folder } };
}

test('a record that someone has edited into something unreadable is noted beside the changes that stand', async t => {
  const key = 'one/a/b/1';
  const values = { before: { QUANTUM_BACKEND: 'dynex' }, set: { QUANTUM_BACKEND: 'classical' } };
  const edited = recordName('two/a/b/1');
  const { server, environment } = await clusterWith({
    [recordName(key)]: recordOf({ action: 'setFallback', key, ...values }),
    [edited]: '{"edited',
  });
  t.after(() => server.close());
  const desk = new Desk({ environment, practice: false });
  const notes: string[] = [];
  desk.note = text => notes.push(text) > 0;
  const { standing, others } = await allStanding(desk);
  assert.deepEqual(
    standing.map(({ takeBack }) => takeBack.key),
    [key],
  );
  assert.deepEqual(
    others.map(({ record }) => record),
    [edited],
  );
  assert.equal(notes.length, 1);
  assert.match(notes[0] ?? '', new RegExp(`^The record ${edited} on ConfigMap nqba-platform/nqba-config cannot be read: `));
});
