/** Who a call was about, in no fault of that call: in each way in which a platform may quote a name. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted } from '../../../activities/connectors/http.ts';
import { nameless } from '../../../activities/gateway/api/nameless.ts';

const hidden = async (customer: string, detail: string) => {
  const refused = async () => void accepted('The NQBA API', { status: 422, text: JSON.stringify({ detail }), retryAfter: 5_000 });
  const error = await nameless(customer, 'THAT ONE', refused).catch(failed => failed);
  assert.deepEqual([error.fault, error.status, error.retryAfter, error.cause], ['answered', 422, 5_000, undefined]);
  return error.message.replace('The NQBA API answered 422: ', '');
};

test('as it is, in other cases and widths, encoded whole or in part, and in the middle of an address', async () => {
  const customer = 'Zoë Müller+1@Mail.example';
  for (const name of [
    customer,
    ' ZOË MÜLLER+1@mail.example ',
    'Ｚoë Müller+1@Mail.example',
    encodeURIComponent(customer),
    encodeURIComponent(customer).toLowerCase(),
    encodeURI(customer),
    `%2F${encodeURIComponent(customer)}%2Foverride`,
  ]) {
    const said = await hidden(customer, `user ${name}: no contract`);
    assert.match(said, /^user .*THAT ONE.*: no contract$/);
    assert.doesNotMatch(said, /zo|ller/i, name);
  }
});

test('cut off at the end of a long answer', async () => {
  const said = await hidden('john.doe@acme.example', `${'x'.repeat(280)} john.doe@acme.example`);
  assert.match(said, /x THAT ONE\.\.\.$/);
});

test('a name of one figure hides itself alone, and one of a space nothing', async () => {
  assert.equal(await hidden(' ', 'user has 42 jobs'), 'user has 42 jobs');
  assert.equal(await hidden('4', 'user 4 has 42 jobs'), 'user THAT ONE has 42 jobs');
});
