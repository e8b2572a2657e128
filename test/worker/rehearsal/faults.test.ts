// A scenario that is no scenario: each fault names the field, what is there, what is expected, and a line that works.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examples, faultLines } from '../../../worker/rehearsal/faults.ts';
import { scenario } from '../../../worker/rehearsal/schema.ts';

const good = { title: 'x', at: '2026-11-24T03:00:00Z' };

function said(change: object): string[] {
  const data = { ...good, ...change };
  const { error } = scenario.safeParse(data);
  assert.ok(error);
  return faultLines(error, data).map(line => line.trim());
}

const cases: [string, object, RegExp][] = [
  ['a number for a text', { at: 5 }, /^“at” is 5: expected a text\. Example: "at": /],
  ['an absent field', { title: undefined }, /^“title” is missing: expected a text\. Example: "title": /],
  ['none of the choices', { mode: 'act' }, /^“mode” is "act": expected one of "observe", "supervised"\. Example: /],
  ['an unknown field', { wrld: {} }, /^“wrld” is no field of a scenario: expected one of .*world, people/],
  ['no unit', { atMost: '4 h' }, /^“atMost” is "4 h": expected a duration, .* such as "5 minutes"\. Example: "atMost": /],
  [
    'a wrong value in a list',
    { people: [{ does: 'ack', at: '5 minutes' }] },
    /^“people”, entry 1, “does” is "ack": expected one of "ack/,
  ],
  [
    'a slip in an optional field',
    { people: [{ question: 'q', choice: 'c', afer: '1 day' }] },
    /^“people”, entry 1 has a field “afer”/,
  ],
  [
    'none of the forms',
    { people: [{ doing: 'x' }] },
    /^“people”, entry 1 is \{"doing":"x"\}: expected an answer with “question” and/,
  ],
  [
    'no answer of the world',
    { world: { Look: { don: 'x' } } },
    /^“world”, “Look” is .*: expected an answer, .*“done”, .*Example: /,
  ],
  ['a wrong verdict', { world: { Look: { verdict: 'ok' } } }, /^“world”, “Look”, “verdict” is "ok": expected one of "healthy"/],
  [
    'an empty text',
    { world: { Look: [{ done: '' }] } },
    /^“world”, “Look”, entry 1, “done” is "": expected a text that is not empty/,
  ],
  ['an empty list', { deliveries: [] }, /^“deliveries” is \[\]: expected a list of at least 1\. Example: "deliveries": /],
  [
    'a number that is too small',
    { stages: [{ percent: 1, minutes: -1 }] },
    /^“stages”, entry 1, “minutes” is -1: expected at least 0/,
  ],
];

for (const [what, change, expected] of cases)
  test(what, () => {
    const [first = '', ...others] = said(change);
    assert.match(first, expected);
    assert.deepEqual(others, []);
    assert.doesNotMatch(first, /Invalid|Unrecognized|→|received/);
  });

test('a long value is quoted in part', () => {
  assert.ok((said({ mode: 'x'.repeat(5000) })[0] ?? '').length < 200);
});

test('each field of a scenario has an example, and all of them together are one', () => {
  assert.deepEqual(
    Object.keys(scenario.shape)
      .filter(name => name !== '$schema')
      .sort(),
    Object.keys(examples).sort(),
  );
  const { success } = scenario.safeParse(JSON.parse(`{${Object.values(examples).join(',')}}`));
  assert.equal(success, true);
});
