/** Where the access log shows no clients a change may only let go: what would leave a limit behind, or prolong one, is refused. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseUnseen } from '../../../activities/gateway/bound-by-address.ts';
import { usualCalls } from '../../../activities/gateway/good-calls.ts';
import { belowUsualText } from '../../../activities/gateway/limit-words.ts';
import { holdersIn, recordName, recordOf } from '../../../activities/engine/holders.ts';
import type { Snapshot } from '../../../activities/engine/target.ts';
import { toLetGo, toSet } from '../../../activities/engine/write.ts';

const key = 'run-1/Phase/Step/1';
const target = { system: 'kubernetes', kind: 'Ingress', namespace: 'nqba-platform', name: 'low' } as const;

/** Limited to 60 by a change of ours, over what was there before. */
function limitedOver(before: string | null): Snapshot {
  const records = { [recordName(key)]: recordOf({ action: 'setLimit', key, before: { rate: before }, set: { rate: '60' } }) };
  return { target, uid: 'low', value: () => '60', records, holders: holdersIn(records), recordsWithWrites: true };
}

test('letting go of our own limit is let pass; a limit that stays, a new one and a longer one are refused', () => {
  const ours = () => true;
  const unseen = { refused: 'The limit is one of each address' };
  refuseUnseen(toLetGo(limitedOver(null), ours, key), unseen);
  refuseUnseen([], unseen);
  const later = { action: 'setLimit', key: 'run-2/Phase/Step/1', until: '2026-12-01T00:00:00Z' };
  for (const writes of [
    toLetGo(limitedOver('120'), ours, key),
    toSet(limitedOver(null), { rate: '30' }, later),
    toLetGo(limitedOver(null), ours, key, () => '120'),
  ]) {
    assert.ok(writes.length > 0);
    assert.throws(() => refuseUnseen(writes, unseen), { type: 'Refused', message: unseen.refused });
    refuseUnseen(writes, {});
  }
});

test('normal use of an address is that of 99 of 100, by good calls on the routes that are limited', () => {
  const of = { at: '2026-11-24T03:00:00Z', method: 'GET', account: undefined, tier: undefined };
  const rest = { reason: undefined, userAgent: '', refusedBy: undefined };
  const line = (address: string, route: string, status = 200) => ({ ...of, ...rest, address, route, status });
  const calls = (count: number, ...made: Parameters<typeof line>) => Array.from({ length: count }, () => line(...made));
  const lines = [
    ...Array.from({ length: 99 }, (_, index) => calls(40, `198.51.100.${index}`, '/api/v1/exports/a')).flat(),
    ...calls(900, '203.0.113.1', '/api/v1/exports'),
    ...calls(5_000, '203.0.113.2', '/api/v1/exports', 429),
    ...calls(5_000, '203.0.113.3', '/api/v1/auth/login'),
  ];
  const usual = usualCalls({ lines, covers: 600_000, isWhole: true }, ['/api/v1/exports']);
  assert.equal(usual, 90, 'a minute, of the last of a hundred');
  assert.equal(usualCalls({ lines: [], covers: 600_000, isWhole: true }, ['/api/v1/exports']), undefined);
  const limited = (perMinute: number) => [
    { of: 'low-priority', target, reviewed: { perMinute, burst: 2 }, wanted: { perMinute, burst: 2 }, now: limitedOver(null) },
  ];
  assert.match(belowUsualText(limited(60), usual).join(''), /below normal use: 1 of 100 addresses had 90 good calls a minute/);
  assert.deepEqual([belowUsualText(limited(90), usual), belowUsualText(limited(60))], [[], []]);
});
