/** A value that no pod reads changes nothing, and one that is shadowed is not read. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { pods, quotas } from '../../../activities/connectors/resources.ts';
import { deployments } from '../../../activities/connectors/resources.ts';
import { consumed, isMounted } from '../../../activities/kubernetes/consumption.ts';
import { quantity } from '../../../activities/engine/quantities.ts';
import { shortage } from '../../../activities/engine/surge.ts';

const deployment = (container: object, spec: object = {}) =>
  deployments.schema.parse({
    metadata: { name: 'd' },
    spec: { replicas: 4, ...spec, template: { spec: { containers: [{ name: 'c', ...container }] } } },
  });
const reads = (container: object) => consumed(deployment(container).spec.template, 'settings', ['A', 'B']);
const whole = { envFrom: [{ configMapRef: { name: 'settings' } }] };

test('the whole ConfigMap, one key of it, or nothing', () => {
  assert.deepEqual(reads(whole), ['A', 'B']);
  assert.deepEqual(reads({ env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'settings', key: 'B' } } }] }), ['B']);
  assert.deepEqual(reads({ envFrom: [{ configMapRef: { name: 'other' } }, { secretRef: { name: 'settings' } }] }), []);
});

test('a variable set by name wins over the whole ConfigMap', () => {
  assert.deepEqual(reads({ ...whole, env: [{ name: 'A', value: 'fixed' }] }), ['B']);
});

const follows = (mount: object, volume: object) =>
  isMounted(
    deployments.schema.parse({
      metadata: { name: 'd' },
      spec: { template: { spec: { containers: [{ name: 'c', volumeMounts: [mount] }], volumes: [volume] } } },
    }).spec.template,
    'settings',
    'A',
  );
const mount = { name: 'v', mountPath: '/etc/settings' };
const settings = { name: 'settings' };

test('a mounted file follows the ConfigMap: whole, or this key of it, never as a subPath', () => {
  assert.equal(follows(mount, { name: 'v', configMap: settings }), true);
  assert.equal(follows(mount, { name: 'v', configMap: { ...settings, items: [{ key: 'A', path: 'a' }] } }), true);
  assert.equal(follows(mount, { name: 'v', configMap: { ...settings, items: [{ key: 'B', path: 'b' }] } }), false);
  assert.equal(follows({ ...mount, subPath: 'A' }, { name: 'v', configMap: settings }), false);
  assert.equal(follows({ ...mount, name: 'w' }, { name: 'v', configMap: settings }), false);
  assert.equal(follows(mount, { name: 'v', configMap: { name: 'others' } }), false);
});

test('quantities are numbers', () => {
  assert.deepEqual(['500m', '2', '1.5Gi', '1e3', '2k', 'x'].map(quantity), [0.5, 2, 1.5 * 2 ** 30, 1000, 2000, Number.NaN]);
});

const sized = (requests: object, limits: object = {}) => ({
  pod: pods.schema.parse({
    metadata: { name: 'p' },
    spec: {
      containers: [{ name: 'c', resources: { requests, limits } }],
      initContainers: [{ name: 'i', resources: { requests: { cpu: '3' } } }],
    },
  }),
  deployment: deployment({}),
});
const quota = (hard: object, used: object, spec: object = {}) =>
  quotas.schema.parse({ metadata: { name: 'q' }, spec, status: { hard, used } });

test('a surge is held against the quota: a quarter of four pods, the larger init container, limits apart', () => {
  const pod = [sized({ cpu: '1', memory: '2Gi' }, { cpu: '2' })];
  assert.deepEqual(shortage([quota({ 'requests.cpu': '10', pods: '9' }, { 'requests.cpu': '7', pods: '8' })], pod), []);
  assert.match(shortage([quota({ cpu: '10' }, { cpu: '7500m' })], pod)[0] ?? '', /needs 3 more of cpu, used: 7500m, limited: 10/);
  assert.match(shortage([quota({ 'limits.cpu': '10' }, { 'limits.cpu': '9' })], pod)[0] ?? '', /needs 2 more of limits.cpu/);
  assert.match(shortage([quota({ pods: '9' }, { pods: '9' })], pod)[0] ?? '', /needs 1 more of pods/);
});

test('a quota that counts only some pods is left to admission', () => {
  assert.deepEqual(shortage([quota({ pods: '0' }, { pods: '0' }, { scopes: ['BestEffort'] })], [sized({})]), []);
});
