import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hiding, type LogForm, logTo, secretsIn } from '../../activities/log.ts';

const secrets = secretsIn({ TOKEN: 'first-secret-one, second-secret-two', SHORT: 'abc' }, ['TOKEN', 'SHORT', 'ABSENT']);
const at = Date.parse('2026-11-24T03:00:00Z');

function written(form: LogForm, message: string, fields = {}) {
  const lines: string[] = [];
  logTo({ form, name: 'worker', secrets, write: line => lines.push(line) })({ at, level: 'WARN', message, fields });
  return lines.join('\n');
}

test('a line of JSON names time, level, process, incident and step, and is one line whatever is said', () => {
  const line = written('json', 'Activity failed\nthrice', {
    incident: 'dynex-outage-20261124-k7fp',
    step: 'Notify Team',
    attempt: 2,
  });
  assert.deepEqual(JSON.parse(line), {
    time: '2026-11-24T03:00:00.000Z',
    level: 'warn',
    process: 'worker',
    message: 'Activity failed\nthrice',
    incident: 'dynex-outage-20261124-k7fp',
    step: 'Notify Team',
    attempt: '2',
  });
  assert.doesNotMatch(line, /\n/);
});

test('no secret is in a line, nor in an error, its causes and its stack', () => {
  const cause = new Error('answered: Bearer second-secret-two');
  const error = new Error('refused first-secret-one', { cause });
  for (const form of ['json', 'text'] as const) {
    const line = written(form, 'with first-secret-one', { error });
    assert.doesNotMatch(line, /secret-one|secret-two/);
    assert.match(line, /refused <hidden>[^]*caused by Error: answered: Bearer <hidden>/);
  }
});

test('fields of an error are not told, and what is long is cut', () => {
  const error = Object.assign(new Error('x'.repeat(50_000)), { body: 'whole answer' });
  const line = written('json', 'a'.repeat(50_000), { error, object: { body: 'whole answer' } });
  assert.doesNotMatch(line, /whole answer/);
  assert.ok(line.length < 20_000, `${line.length}`);
});

test('for people a line begins with its time and level', () => {
  assert.equal(
    written('text', 'Activity failed', { step: 'Notify Team' }),
    '2026-11-24T03:00:00.000Z [WARN] Activity failed step=Notify Team',
  );
});

test('a secret that begins with another one is hidden whole', () => {
  assert.equal(hiding(['first-secret', 'first-secret-and-more'])('first-secret-and-more'), '<hidden>');
});
