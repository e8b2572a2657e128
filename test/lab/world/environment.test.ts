import assert from 'node:assert/strict';
import test from 'node:test';
import type { V1Container } from '@kubernetes/client-node';
import { environmentOf, solversOf } from '../../../lab/world/environment.ts';

const configMaps = {
  'nqba-config': { QUANTUM_BACKEND: 'classical', WORKER_CONCURRENCY: '4' },
  other: { QUANTUM_BACKEND: 'dynex' },
};
const environment = (container: Partial<V1Container>) =>
  environmentOf({ spec: { containers: [{ name: 'worker', ...container }] } }, configMaps);

const from = (...names: string[]) => environment({ envFrom: names.map(name => ({ configMapRef: { name } })) });

test('a whole ConfigMap is read, and a later one wins', () => {
  assert.equal(from('nqba-config').QUANTUM_BACKEND, 'classical');
  assert.equal(from('nqba-config', 'other').QUANTUM_BACKEND, 'dynex');
});

test('a variable of its own wins over a whole ConfigMap', () => {
  const env = [{ name: 'QUANTUM_BACKEND', value: 'dynex' }];
  assert.equal(environment({ envFrom: [{ configMapRef: { name: 'nqba-config' } }], env }).QUANTUM_BACKEND, 'dynex');
});

test('a single key of a ConfigMap is read, and one of a Secret that is not there is absent', () => {
  const read = environment({
    env: [
      { name: 'BACKEND', valueFrom: { configMapKeyRef: { name: 'nqba-config', key: 'QUANTUM_BACKEND' } } },
      { name: 'DYNEX_API_KEY', valueFrom: { secretKeyRef: { name: 'nqba-secrets', key: 'dynex-api-key' } } },
    ],
  });
  assert.deepEqual(read, { BACKEND: 'classical' });
});

test('a single key of a Secret is read as the container sees it', () => {
  const pod = { spec: { containers: [{ name: 'worker', env: [secretKey('nqba-secrets-dynex-a')] }] } };
  const secrets = { 'nqba-secrets-dynex-a': { 'dynex-api-key': Buffer.from('dnx_new_1').toString('base64') } };
  assert.deepEqual(environmentOf(pod, {}, secrets), { DYNEX_API_KEY: 'dnx_new_1' });
});

const secretKey = (name: string) => ({ name: 'DYNEX_API_KEY', valueFrom: { secretKeyRef: { name, key: 'dynex-api-key' } } });

test('a prefix stands before each key', () => {
  const read = environment({ envFrom: [{ prefix: 'NQBA_', configMapRef: { name: 'other' } }] });
  assert.deepEqual(read, { NQBA_QUANTUM_BACKEND: 'dynex' });
});

test('without a word jobs go to Dynex and have no fallback; either switch sends them to the classical solvers', () => {
  assert.deepEqual(solversOf({}), { solver: 'dynex', fallback: false });
  assert.equal(solversOf({ QUANTUM_BACKEND: 'classical' }).solver, 'classical');
  assert.equal(solversOf({ QUANTUM_BACKEND: 'dynex', FEATURE_QUANTUM_ENABLED: 'false' }).solver, 'classical');
  assert.equal(solversOf({ FEATURE_CLASSICAL_FALLBACK: 'true' }).fallback, true);
});
