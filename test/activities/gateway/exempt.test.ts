/** The ranges that NQBA never limits or blocks: none of them is a customer's, and IPv6 is judged by its /64. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { exempting, sourceOf } from '../../../activities/gateway/client-addresses.ts';
import { customers } from '../../../lab/world/customers.ts';
import { nqba } from '../../support/nqba.ts';

test('no practice customer is exempt: each can be limited, and blocked', async () => {
  const isExempt = exempting((await nqba()).gateway);
  const exempt = customers.filter(({ address }) => isExempt(sourceOf(address) ?? '')).map(({ id }) => id);
  assert.deepEqual(exempt, []);
});

test('private, own, monitoring and webhook ranges are exempt, and everything that covers one of them', async () => {
  const isExempt = exempting((await nqba()).gateway);
  const ours = ['10.1.2.3', '192.0.2.10', '192.0.2.241', '3.18.12.63', '100.64.0.9', '::ffff:10.0.0.1', 'fe80::1', 'no address'];
  assert.deepEqual(
    ours.filter(one => !isExempt(one)),
    [],
  );
  for (const wide of ['0.0.0.0/0', '192.0.0.0/16', '::/0', '3.0.0.0/8']) assert.ok(isExempt(wide), wide);
  assert.ok(!isExempt('203.0.113.7/32'));
});

test('one spelling for one source', () => {
  assert.equal(sourceOf('2001:DB8:0:1:ffff::9'), '2001:db8:0:1::/64');
  assert.equal(sourceOf('2001:db8:0:1::'), '2001:db8:0:1::/64');
  assert.equal(sourceOf('::ffff:203.0.113.7'), '203.0.113.7/32');
  assert.equal(sourceOf('203.0.113.700'), undefined);
});
