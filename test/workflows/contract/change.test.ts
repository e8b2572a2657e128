// People read which step restarted something, never the key that stands on the object.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readableChange } from '../../../workflows/contract/index.ts';

const id = '294e2864-8d48-4024-af83-547f40750fa7';
const restart = (before: string | null, after: string) => {
  const read = readableChange({ target: 'Deployment a/w', field: 'restartedAt', before, after });
  return [read.before, read.after];
};

test('the stamp of a restart names the step that made it', () => {
  const words = restart(`${id}/Immediate Response/Activate Circuit Breaker/1`, `${id}/Recovery/Gradual Rollback: 100%25/2b`);
  assert.deepEqual(words, ['by “Activate Circuit Breaker”', 'by “Gradual Rollback: 100%”']);
});

test('so does that of an undo', () => {
  const key = `${id}/Undo%3A%20Activate%20Circuit%20Breaker/${encodeURIComponent(`${id}/a/Activate Circuit Breaker/1`)}`;
  assert.deepEqual(restart(null, key), [null, 'by “Undo: Activate Circuit Breaker”']);
});

test('a time, what cannot be read, and the value of any other field stay as they are', () => {
  assert.deepEqual(restart('2026-11-30T08:00:00Z', 'a/%E0%A4%A/1'), ['2026-11-30T08:00:00Z', 'by “%E0%A4%A”']);
  const change = { target: 'ConfigMap a/b', field: 'PATH', before: 'a/b/1', after: null };
  assert.deepEqual(readableChange(change), change);
});
