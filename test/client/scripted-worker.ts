/** A real worker whose activities answer as in the usual Dynex outage, without touching anything. */

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger, NativeConnection, Runtime, type RuntimeOptions, Worker } from '@temporalio/worker';
import { workflowBundle } from '../../worker/bundle.ts';
import { dynexDown } from '../support/rehearsing.ts';

export async function startWorker(
  address: string,
  world: Record<string, unknown> = {},
  { telemetryOptions = {} }: Pick<RuntimeOptions, 'telemetryOptions'> = {},
) {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions });
  const connection = await NativeConnection.connect({ address });
  const activities = Object.fromEntries(
    Object.entries({ ...dynexDown, ...world }).map(([type, answer]) => [
      type,
      async (...args: unknown[]): Promise<unknown> => (typeof answer === 'function' ? answer({ args }) : answer),
    ]),
  );
  const worker = await Worker.create({
    connection,
    taskQueue: 'nqba-runbooks',
    workflowBundle: await workflowBundle(),
    activities,
  });
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
    await connection.close();
  };
}

/** A description of NQBA's platform on which waiting for the world takes no time to speak of. */
export function quickPlatform(cluster = 'nqba-production'): string {
  const file = join(mkdtempSync(join(tmpdir(), 'nqba-platform-')), 'platform.json');
  const platform: unknown = JSON.parse(readFileSync('platform.json', 'utf8'));
  writeFileSync(
    file,
    JSON.stringify({ ...Object(platform), cluster, times: { pace: 1 / 2000, quietMinutes: { P0: 1, P1: 1, P2: 1, P3: 1 } } }),
  );
  return file;
}
