import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { largestBody } from '../../../client/intake/app.ts';
import { answer } from '../../../client/intake/answer.ts';
import { dynexDown, group } from './bodies.ts';
import { intake } from './edge.ts';

const authorization = 'Bearer hush';
const filled = (bytes: number) => {
  const empty = JSON.stringify(group({ ...dynexDown, annotations: { description: '' } })).length;
  return JSON.stringify(group({ ...dynexDown, annotations: { description: 'x'.repeat(bytes - empty) } }));
};
const chunked = (body: string) =>
  new Request('http://intake/alertmanager', {
    method: 'POST',
    headers: { authorization, 'user-agent': 'Alertmanager/0.27.0' },
    body: new Blob([body]).stream(),
    duplex: 'half',
  });

describe('a body', () => {
  test('of 8 MiB is taken, whether or not it says its length', async () => {
    const { app, post } = intake();
    const large = filled(8 * 1024 * 1024);
    assert.equal((await post(large, { authorization, 'content-length': `${large.length}` })).status, 200);
    const { alerts } = answer.parse(await (await app.fetch(chunked(large))).json());
    assert.equal(alerts[0]?.result, 'joined');
  });

  test('that is larger is refused with 413, and size and sender stand in the log', async () => {
    const { app, post, said, counted, kept } = intake();
    const large = filled(largestBody + 1);
    assert.equal((await post(large, { authorization, 'content-length': `${large.length}` })).status, 413);
    assert.equal((await app.fetch(chunked(large))).status, 413);
    assert.deepEqual(said, [
      'refused, 413 /alertmanager: 8388609 bytes from an unknown sender: the body is larger than 8388608 bytes',
      'refused, 413 /alertmanager: an unknown number of bytes from Alertmanager/0.27.0: the body is larger than 8388608 bytes',
    ]);
    assert.deepEqual(await counted('nqba_runbooks_intake_refused_total'), ['{path="/alertmanager",status="413"} 2']);
    assert.deepEqual(kept, []);
  });

  test('without a token, or of another form, is logged and counted when it is refused', async () => {
    const { post, said, counted } = intake();
    const headers = { 'content-length': '900', 'x-forwarded-for': '10.1.2.3', 'user-agent': 'curl\u009b31m/8' };
    assert.equal((await post('{}', headers)).status, 401);
    assert.equal((await post({ version: '3' })).status, 400);
    assert.match(said[0] ?? '', /^refused, 401 \/alertmanager: 900 bytes from for 10\.1\.2\.3, curl31m\/8: send the header/);
    assert.match(said[1] ?? '', /^refused, 400 \/alertmanager: 15 bytes from an unknown sender: ✖ /);
    assert.deepEqual(await counted('nqba_runbooks_intake_refused_total'), [
      '{path="/alertmanager",status="400"} 1',
      '{path="/alertmanager",status="401"} 1',
    ]);
  });

  test('that is refused is one short line in the log, whatever is in it, and a short answer', async () => {
    const { post, said } = intake();
    const labels = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`\u202e\n${index}`.repeat(20), {}]));
    const response = await post({ name: 'A', status: 'firing', labels }, { authorization }, '/alerts');
    assert.deepEqual([response.status, said.length], [400, 1]);
    assert.ok((said[0]?.length ?? 0) < 1_200 && !/[\n\u202e]/.test(said[0] ?? ''), said[0]);
    assert.ok((await response.text()).length < 3_000);
  });

  test('of more alerts than any that say something is refused, with what the sender sets, and counted', async () => {
    const { post, said, counted } = intake();
    const response = await post(`{"version":"4","alerts":[${'0,'.repeat(250_000)}0]}`);
    assert.equal(response.status, 400);
    assert.match(await response.text(), /250001 alerts are in one body, more than 250000: give the sender's receiver max_alerts/);
    assert.equal(said.length, 1);
    assert.deepEqual(await counted('nqba_runbooks_intake_refused_total'), ['{path="/alertmanager",status="400"} 1']);
  });

  test('of two hundred thousand zeros leaves the intake alive, and is answered in short', async () => {
    const { app, post, said, counted } = intake();
    const zeros = post(`{"version":"4","alerts":[${'0,'.repeat(200_000)}0]}`);
    const alive = await app.request('/healthz');
    assert.equal(alive.status, 200);
    const text = await (await zeros).text();
    assert.ok(text.length < 50_000);
    assert.equal(said.length, 1);
    assert.deepEqual(await counted('nqba_runbooks_intake_alerts_total'), ['{path="/alertmanager",result="quarantined"} 200001']);
  });
});
