// The incident's answer to whoever typed a command: in words, without the JSON that a signal would need.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Desk } from '../../../client/cli/desk.ts';
import { tell } from '../../../client/cli/telling.ts';
import {
  readCancellation,
  readDecision,
  readExtension,
  readNote,
  readPerson,
  readSeverity,
} from '../../../workflows/kit/incident/parse.ts';

const desk = new Desk({ environment: {}, practice: false });
const refusal = (because: string) => () => tell(desk, 'text', { name: 'an-incident' }, { accepted: false, because }, 'Done.');

describe('a refusal shows no JSON to who typed', () => {
  const readers = { readCancellation, readDecision, readExtension, readNote, readPerson, readSeverity };
  for (const [name, read] of Object.entries(readers))
    test(name, () => {
      const answered = read([{}]);
      assert.ok('malformed' in answered);
      assert.match(answered.malformed, /\{"/, 'who sends a signal is shown its form');
      assert.throws(refusal(answered.malformed), { name: 'Refused', message: /^Refused: [^{}"]*[^{}": ]$/ });
    });
});

test('any other reason is repeated whole', () => {
  const because = 'there is no open question “x”. Open: what-is-the-cause';
  assert.throws(refusal(because), { message: `Refused: ${because}` });
});
