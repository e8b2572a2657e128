/** A host that accepts a connection and never says a word. */

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { TestContext } from 'node:test';

/** Its port; it ends with the test. */
export async function silentHost(t: TestContext): Promise<number> {
  const server = createServer(socket => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}
