/** Where the access log shows no clients a change may only let go: what would leave a limit behind, or prolong one, is refused. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseUnseen } from '../../../activities/gateway/bound-by-address.ts';
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
