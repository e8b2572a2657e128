/** The values of a ConfigMap against what was agreed on, and whether the pods read them that should. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { activitiesWith, refuses } from '../bare.ts';
import { deployment, fetchOf } from './cluster-of.ts';

const reading = { name: 'worker', envFrom: [{ configMapRef: { name: 'nqba-config' } }] };
const refused = (status: number) => Response.json({ kind: 'Status', message: 'configmaps "nqba-config"' }, { status });

function check(given: Record<string, string> | number, expected: Record<string, string | null>, container: object = reading) {
  const inside = fetchOf({ deployment: deployment({ template: { spec: { containers: [container] } } }) });
  const answer = () =>
    typeof given === 'number' ? refused(given) : Response.json({ metadata: { name: 'nqba-config' }, data: given });
  const fetch = (request: Request) => (request.url.endsWith('/configmaps/nqba-config') ? answer() : inside(request));
  return activitiesWith({ kubernetes: { fetch } }).kubernetes.configMap({ configMap: 'quantum', expected });
}

test('the wanted values that are read are healthy; a key that should be absent is', async () => {
  const { verdict, evidence } = await check({ QUANTUM_BACKEND: 'dynex' }, { QUANTUM_BACKEND: 'dynex', OLD: null });
  assert.equal(verdict, 'healthy');
  assert.match(evidence, /has the wanted values of QUANTUM_BACKEND, which nqba-worker and nqba-worker-batch read\./);
});

test('another value, a missing one and one too many are named with what is there; a secret one is not printed', async () => {
  const data = { QUANTUM_BACKEND: 'classical', OLD: '1', API_TOKEN: 'hush' };
  const expected = { QUANTUM_BACKEND: 'dynex', QUANTUM_TIMEOUT: '600', OLD: null, API_TOKEN: 'other' };
  const { verdict, evidence, facts } = await check(data, expected);
  assert.deepEqual([verdict, facts?.differing], ['faulty', ['QUANTUM_BACKEND', 'QUANTUM_TIMEOUT', 'OLD', 'API_TOKEN']]);
  assert.match(evidence, /QUANTUM_BACKEND is "classical", not "dynex"; QUANTUM_TIMEOUT is not set, not "600"; OLD is "1", not absent/);
  assert.doesNotMatch(evidence, /hush|other/);
});

test('wanted values that no pod reads are faulty, and who does not read them is named', async () => {
  const { verdict, evidence, facts } = await check({ QUANTUM_BACKEND: 'dynex' }, { QUANTUM_BACKEND: 'dynex' }, { name: 'worker' });
  assert.deepEqual([verdict, facts?.unreadBy], ['faulty', ['nqba-worker', 'nqba-worker-batch']]);
  assert.match(evidence, /has the wanted values, but nqba-worker does not read QUANTUM_BACKEND by envFrom/);
});

test('a ConfigMap that is not there is faulty; no right to read it, and one that is not described, are unknown', async () => {
  assert.equal((await check(404, { A: '1' })).verdict, 'faulty');
  const { verdict, evidence } = await check(403, { A: '1' });
  assert.deepEqual([verdict, /Grant it: `runbooks rights`/.test(evidence)], ['unknown', true]);
  const { kubernetes } = activitiesWith({ kubernetes: { fetch: refuses } });
  const other = await kubernetes.configMap({ configMap: 'elsewhere', expected: {} });
  assert.deepEqual([other.verdict, /no ConfigMap elsewhere/.test(other.evidence)], ['unknown', true]);
});
