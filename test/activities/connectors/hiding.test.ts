/** A server may repeat what a request was signed with, in whichever form: none of it is quoted to people. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { withoutCredentials } from '../../../activities/connectors/hiding.ts';

const secret = 'y_NbAkKc66ryYTWUXYEu';
const encoded = Buffer.from(`operator:${secret}`).toString('base64');

for (const [form, authorization, said] of [
  ['a bearer token', `Bearer ${secret}`, secret],
  ['a token behind a name', `Token token=${secret}`, secret],
  ['a header as a whole', `Token token=${secret}`, `Token token=${secret}`],
  ['an encoded password', `Basic ${encoded}`, encoded],
  ['a user and password', `Basic ${encoded}`, `operator:${secret}`],
  ['a password alone', `Basic ${encoded}`, secret],
] as const)
  test(`${form} is hidden, and the rest of the answer stays`, () => {
    assert.equal(withoutCredentials(`got ${said}, no`, new Headers({ authorization })), 'got <hidden>, no');
  });

test('headers that say what is asked are no secrets, and neither is a short word', () => {
  const headers = new Headers({ accept: 'application/json', 'x-short': 'Bearer abc' });
  assert.equal(withoutCredentials('application/json of abc', headers), 'application/json of abc');
});
