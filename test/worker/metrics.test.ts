import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { serveMetrics } from '../../worker/metrics.ts';

test('a scrape that fails is answered 500 and said, and the next is served', async () => {
  const said: string[] = [];
  const answers = [() => Promise.reject(new Error('half a record')), async () => 'some_metric 1\n'];
  const metrics = () => (answers.shift() ?? assert.fail())();
  const server = createServer((_, answer) => void serveMetrics(metrics, answer, line => said.push(line)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const scrape = () => fetch(`http://127.0.0.1:${address.port}/metrics`);
  assert.equal((await scrape()).status, 500);
  assert.deepEqual(said, ['The metrics could not be read: Error: half a record']);
  assert.equal(await (await scrape()).text(), 'some_metric 1\n');
  server.closeAllConnections();
  server.close();
});
