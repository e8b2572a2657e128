// Names of people: what looks the same is the same, and nothing in a name is invisible.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  readCancellation,
  readDecision,
  readExtension,
  readNote,
  readPerson,
  readSeverity,
} from '../../../workflows/kit/incident/parse.ts';
import { isSame } from '../../../workflows/kit/record/roles.ts';

type Reading = (args: unknown[]) => { ok: { by: string } } | { malformed: string };
const said = { question: 'q', choice: 'c', phase: 'p', minutes: 5, severity: 'P1', text: 't', reason: 'r' };
const readers: Reading[] = [readDecision, readCancellation, readPerson, readExtension, readSeverity, readNote];
const malformed = 'a name has no invisible or directional characters';

for (const read of readers) {
  test(`${read.name} normalises the name: composed, trimmed, with plain blanks`, () => {
    const name = (by: string) => read([{ ...said, by }]);
    const nameOf = (by: string) => Reflect.get(Object(Reflect.get(name(by), 'ok')), 'by');
    assert.deepEqual([nameOf(' Zoe\u0301 '), nameOf('Jean\u00a0Paul'), nameOf('李 雷')], ['Zo\u00e9', 'Jean Paul', '李 雷']);
  });

  test(`${read.name} refuses a name with characters that are not seen`, () => {
    for (const by of ['d\u200bave', 'ann\u202e', 'a\u2066b', 'a\u00adb', 'a\u3164', 'a\u2800b', 'a\u034fb', 'a\u0000b', 'a\nb'])
      assert.deepEqual(read([{ ...said, by }]), { malformed }, JSON.stringify(by));
    assert.deepEqual(read([{ ...said, by: 'x'.repeat(101) }]), { malformed: 'a name has at most 100 characters' });
  });
}

test('an empty digest is no digest, and is refused', () => {
  assert.deepEqual(readDecision([{ ...said, by: 'ann', digest: '' }]), {
    malformed: 'the digest must be that of the plan, or absent',
  });
});

test('names are the same in whatever form they are written', () => {
  assert.equal(isSame('Zoe\u0301', ' zo\u00e9'), true);
});
