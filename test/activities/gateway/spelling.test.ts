/** One customer in two spellings is one customer: its calls count together, against what is usual for it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccessLine } from '../../../activities/connectors/operator-api/access-log.ts';
import { callersOf, customersIn } from '../../../activities/gateway/callers.ts';
import { rates } from '../../../activities/gateway/counted.ts';

const line = (account: string): AccessLine => ({
  at: '2026-03-02T12:00:00Z',
  address: '198.51.100.10',
  account,
  tier: 'business',
  route: '/api/v1/exports',
  method: 'GET',
  status: 200,
  reason: undefined,
  userAgent: 'nqba-python/2.3.1',
  refusedBy: undefined,
});
const piece = (lines: AccessLine[]) => ({ lines, covers: 60_000, isWhole: true });
const times = (count: number, account: string) => Array.from({ length: count }, () => line(account));

test('capitals, blanks around it and full-width letters are the same customer', () => {
  const counted = rates(piece(['Customer-7', 'customer-7', ' CUSTOMER-7 ', 'ｃustomer-7', 'customer-8'].map(line)), 'customer');
  assert.deepEqual(
    [...counted],
    [
      ['customer-7', 4],
      ['customer-8', 1],
    ],
  );
});

test('growth that is spread over two spellings is found, and frozen once', () => {
  const days = Array.from({ length: 7 }, () => piece(times(2, 'customer-7')));
  const now = piece([...times(6, 'customer-7'), ...times(6, 'Customer-7')]);
  assert.deepEqual(customersIn(callersOf(now, days, 'customer')), [{ customer: 'customer-7', of: 'calls_per_minute', used: 12 }]);
});
