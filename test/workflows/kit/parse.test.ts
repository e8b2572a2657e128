import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAlert, readDecision, readPerson } from '../../../workflows/kit/incident/parse.ts';
import { anAlert } from '../../support/building.ts';

const cyclic: Record<string, unknown> = { question: 'q', choice: 'c', by: 'b' };
cyclic.itself = cyclic;

const odd: unknown[] = [
  undefined,
  null,
  0,
  '',
  'text',
  true,
  [],
  [[]],
  {},
  Symbol('s'),
  1n,
  () => 1,
  new Date(Number.NaN),
  cyclic,
];

test('every guard is total: whatever comes in, it is read or a reason is given', () => {
  for (const read of [readDecision, readPerson, readAlert])
    for (const args of [[], [1, 2], ...odd.map(value => [value]), [{ by: 1n, question: 'q', choice: 'c' }]]) {
      const answer = read(args);
      assert.equal('malformed' in answer && answer.malformed.length > 0, true);
    }
});

test('a decision is read with what it may carry, and nothing else', () => {
  const said = { question: 'q', choice: 'c', by: 'ann', reason: 'because', digest: 'd1', role: 'owner' };
  assert.deepEqual(plain(readDecision([said])), {
    ok: { question: 'q', choice: 'c', by: 'ann', reason: 'because', digest: 'd1' },
  });
});

test('an optional field may be empty or null, but not of another type: a digest that is not read would be believed to count', () => {
  const said = { question: 'q', choice: 'c', by: 'ann' };
  assert.deepEqual(plain(readDecision([{ ...said, reason: '', text: null }])), { ok: said });
  assert.deepEqual(readDecision([{ ...said, digest: 5 }]), { malformed: 'digest must be a text, or absent' });
});

test('an alert keeps only the labels and annotations of the catalog, each bounded', () => {
  const labels = { severity: 'critical', secret: 'hunter2', pod: 'p'.repeat(5000), cluster: 5 };
  const read = readAlert([{ ...anAlert(), labels, annotations: { summary: 's'.repeat(5000), token: 'x' } }]);
  assert.deepEqual('ok' in read && read.ok.labels, { severity: 'critical', pod: 'p'.repeat(200) });
  assert.deepEqual('ok' in read && read.ok.annotations, { summary: 's'.repeat(1000) });
});

test('an alert without a readable time or with another status is refused', () => {
  for (const change of [{ startsAt: 'yesterday' }, { status: 'pending' }, { fingerprint: '' }, { name: 5 }])
    assert.equal('malformed' in readAlert([{ ...anAlert(), ...change }]), true, JSON.stringify(change));
});

/** As it is written: a field that is undefined is absent. */
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));
