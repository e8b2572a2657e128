/** Stripe's own stripe-mock on a port: it holds every request to Stripe's schema, and keeps nothing. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary } from '../../lab/binaries.ts';
import { accepts } from '../../lab/peers/accepts.ts';
import { installed } from '../../lab/peers/installed.ts';
import { freePorts } from '../../lab/ports.ts';
import { startProcess } from '../../lab/process.ts';

/** For `skip`: why it cannot run here. */
export const withoutStripeMock = !installed('go') && !installed('stripe-mock') && 'neither stripe-mock nor Go is installed';

export async function startStripeMock() {
  const dir = mkdtempSync(join(tmpdir(), 'nqba-stripe-'));
  const [port = 0, other = 0] = await freePorts(2);
  const command = await binary('stripe-mock', { say: () => undefined });
  const args = ['-http-addr', `127.0.0.1:${port}`, '-https-addr', `127.0.0.1:${other}`];
  const ready = (signal: AbortSignal) => accepts(port, signal);
  const running = await startProcess({ name: 'stripe-mock', command, args, log: join(dir, 'log'), ports: [port, other], ready });
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      await running.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
