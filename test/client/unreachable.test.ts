// A Temporal that is away: people hear of it at once, and the intake goes on trying for as long as a request may take.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { TemporalUnreachable } from '../../client/errors.ts';
import { Temporal } from '../../client/temporal.ts';
import { runbooks } from './command-line.ts';

/** It takes connections, and never says anything. */
let mute: Server;
const open: Socket[] = [];
let TEMPORAL_ADDRESS: string;

before(async () => {
  mute = createServer(socket => void open.push(socket)).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const address = mute.address();
  TEMPORAL_ADDRESS = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
after(() => {
  for (const socket of open) socket.destroy();
  mute.close();
});

for (const [what, address] of [
  ['that no one listens at', () => '127.0.0.1:1'],
  ['that never answers', () => TEMPORAL_ADDRESS],
] as const)
  test(`a server ${what} is told as soon as it has had its time to answer`, async () => {
    const temporal = new Temporal({ TEMPORAL_ADDRESS: address() }, 200);
    const began = performance.now();
    await assert.rejects(temporal.list(), TemporalUnreachable);
    await assert.rejects(temporal.list(), TemporalUnreachable);
    // One request alone may take five seconds.
    assert.ok(performance.now() - began < 4_000, `${performance.now() - began} ms`);
    await temporal.close();
  });

test('a command line that waits for it ends with its exit code, and says which address and variable', async () => {
  const { code, stdout, stderr } = await runbooks({ TEMPORAL_ADDRESS })('list');
  assert.deepEqual([code, stdout], [5, '']);
  assert.match(stderr, new RegExp(`^Temporal at ${TEMPORAL_ADDRESS} gave no answer \\(.*\\)\\. .*TEMPORAL_ADDRESS`));
});
