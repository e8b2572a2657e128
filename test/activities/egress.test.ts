/** What NetworkPolicies let a pod reach: policies add up, and what is not known is not said to be open. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { networkPolicies } from '../../activities/connectors/network-resources.ts';
import { type Flow, judge, restricting } from '../../activities/egress.ts';

const policy = (name: string, spec: object) => networkPolicies.schema.parse({ metadata: { name }, spec });
const labels = { app: 'nqba-worker', component: 'worker' };
const https = (...to: string[]): Flow => ({ protocol: 'TCP', port: 443, to });
const dns: Flow = { protocol: 'UDP', port: 53, to: 'anywhere' };
const dynex = '203.0.113.7';

const egress = (...rules: object[]) => policy('some', { podSelector: {}, policyTypes: ['Egress'], egress: rules });
const says = (flow: Flow, ...rules: object[]) => judge([egress(...rules)], flow).allowed;
const to = (...cidrs: string[]) => ({ to: cidrs.map(cidr => ({ ipBlock: { cidr } })) });
const on = (...ports: object[]) => ({ ports });

test('a policy holds the pods that its selector fits, and egress only where it says so', () => {
  const held = (spec: object) => restricting([policy('p', spec)], labels).length === 1;
  assert.ok(held({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] }));
  assert.ok(held({ podSelector: { matchLabels: { app: 'nqba-worker' } }, egress: [{}] }));
  assert.ok(!held({ podSelector: {}, policyTypes: ['Ingress'] }));
  assert.ok(!held({ podSelector: {} }));
  assert.ok(!held({ podSelector: { matchLabels: { app: 'nqba-api' } }, policyTypes: ['Egress'] }));
});

for (const [operator, values, fits] of [
  ['In', ['nqba-worker', 'other'], true],
  ['In', ['other'], false],
  ['NotIn', ['other'], true],
  ['NotIn', ['nqba-worker'], false],
  ['Exists', [], true],
  ['DoesNotExist', [], false],
] as const)
  test(`an expression app ${operator} ${values.join(', ')} ${fits ? 'fits' : 'does not fit'}`, () => {
    const podSelector = { matchExpressions: [{ key: 'app', operator, values }] };
    assert.equal(restricting([policy('p', { podSelector, policyTypes: ['Egress'] })], labels).length === 1, fits);
  });

test('where none holds a pod it may reach everything; where one does, only what some rule of some policy allows', () => {
  assert.equal(judge([], https(dynex)).allowed, 'yes');
  assert.equal(says(https(dynex)), 'no');
  const both = judge([policy('deny', { policyTypes: ['Egress'] }), egress({})], https(dynex));
  assert.deepEqual([both.allowed, both.by.map(({ metadata }) => metadata.name)], ['yes', ['some']]);
});

test('ports and protocols must fit; a range counts, and a named port is one of a pod', () => {
  assert.equal(says(https(dynex), on({ port: 443 })), 'yes');
  assert.equal(says(https(dynex), on({ port: 400, endPort: 500 })), 'yes');
  assert.equal(says(https(dynex), on({ protocol: 'TCP' })), 'yes');
  assert.equal(says(https(dynex), on({ port: 80 })), 'no');
  assert.equal(says(https(dynex), on({ port: 443, protocol: 'UDP' })), 'no');
  assert.equal(says(https(dynex), on({ port: 'https' })), 'no');
});

test('an address counts inside its block and outside the exceptions; pods and namespaces are nothing outside', () => {
  assert.equal(says(https(dynex), to('203.0.113.0/24')), 'yes');
  assert.equal(says(https(dynex), to('10.0.0.0/8')), 'no');
  assert.equal(says(https(dynex), { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['203.0.113.0/24'] } }] }), 'no');
  assert.equal(says(https('2001:db8::7'), to('2001:db8::/32')), 'yes');
  assert.equal(says(https(dynex), { to: [{ namespaceSelector: {} }] }), 'no');
});

test('all addresses of a host must be open, and without any only a rule for everything is known to be', () => {
  assert.equal(says(https(dynex, '198.51.100.1'), to('203.0.113.0/24')), 'no');
  assert.equal(says(https(), to('203.0.113.0/24')), 'not known');
  assert.equal(says(https(), to('0.0.0.0/0')), 'yes');
});

test('names are resolved where some rule lets 53 out over UDP, to whomever', () => {
  assert.equal(says(dns, { to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: 'UDP' }] }), 'yes');
  assert.equal(says(dns, on({ port: 443 })), 'no');
});
