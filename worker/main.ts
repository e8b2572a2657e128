/** The worker: runs the workflows and their activities. `node worker/main.ts [--platform FILE] [--runbooks FOLDER]`. */

import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { connectAll, type Systems } from '../activities/connectors/index.ts';
import { byType, createActivities } from '../activities/index.ts';
import { logTo } from '../activities/log.ts';
import { joinCatalog, OwnRunbookError } from '../activities/own-runbooks.ts';
import type { Platform } from '../activities/platform.ts';
import { rotaIn } from '../activities/rota.ts';
import { workflowBundle } from './bundle.ts';
import { writeThatHere } from '../activities/sharing.ts';
import { clock } from './clock.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { refuseUndescribed } from '../activities/own-runbooks/described.ts';
import { sayUnread } from './doctor/starting.ts';
import { type Exporter, exporter } from './exporter.ts';
import { aboutEach, sdkLogger } from './logging.ts';
import { keepLooking } from './looking.ts';
import { metricsText, serveMetrics } from './metrics.ts';
import { takeBackLater } from './take-back-later.ts';
import { trustedChecks } from './trusted-checks.ts';

async function main() {
  const { values } = parseArgs({ options: { platform: { type: 'string' }, runbooks: { type: 'string' } } });
  const config = await readConfig({ ...process.env, ...(values.platform && { RUNBOOKS_PLATFORM: values.platform }) });
  const log = logTo({
    form: 'text',
    secrets: [],
    ...config.log,
    name: 'worker',
    write: text => void process.stderr.write(`${text}\n`),
  });
  const say: Say = (message, level = 'WARN') => log({ at: clock.now(), level, message });
  if (config.nobodyToPage) say(config.nobodyToPage);
  const exported = config.healthPort === 0 ? undefined : await exporter();
  Runtime.install({
    logger: sdkLogger(log),
    shutdownSignals: ['SIGTERM', 'SIGINT', 'SIGHUP'],
    telemetryOptions: exported?.telemetryOptions ?? {},
  });
  const own = (values.runbooks ?? process.env['RUNBOOKS_FOLDER']) || undefined;
  if (own) {
    joinCatalog(own);
    refuseUndescribed(config.platform, own);
  }
  const bundle = await workflowBundle(own, config.version !== undefined);
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await NativeConnection.connect(connectionOptions);
  try {
    const worker = await createWorker(config, connection, bundle, { namespace, exported, say });
    await worker.run();
  } finally {
    await connection.close();
  }
}

type Say = (line: string, level?: 'INFO' | 'WARN') => void;

async function createWorker(
  { taskQueue, healthPort, healthHost, platform, rolesFile, onCall, connections, version }: Config,
  connection: NativeConnection,
  bundle: { code: string },
  { namespace = 'default', exported, say }: { namespace?: string | undefined; exported: Exporter | undefined; say: Say },
) {
  const systems = connectAll(connections, clock);
  const activities = createActivities({
    platform,
    systems,
    rota: rotaIn(rolesFile, onCall),
    takeBackLater: takeBackLater(platform.times, connection),
    ...clock,
  });
  void writeThatHere(systems.artifacts, 'worker', clock.now);
  void sayUnread({ systems, platform }, say);
  const looked = keepLooking(trustedChecks(activities, { systems, platform }), line => say(line, 'INFO'));
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowBundle: bundle,
    activities: byType(activities),
    interceptors: { activity: [aboutEach] },
    ...(version && { workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' } }),
    maxCachedWorkflows: 1000,
    maxEagerActivityReservationsPerWorkflowTask: 20,
    shutdownGraceTime: '20 seconds',
    shutdownForceTime: '30 seconds',
  });
  void looked.then(() =>
    serveHealth(worker, { port: healthPort, host: healthHost }, () => scraped({ systems, platform }, exported, say), say),
  );
  return worker;
}

/** One scrape for all; without the SDK's exporter the mitigations are told all the same. */
async function scraped(
  around: { systems: Systems; platform: Platform },
  exported: Exporter | undefined,
  say: Say,
): Promise<string> {
  const counted = exported?.text().catch((error: unknown) => {
    say(`The SDK's metrics could not be read: ${String(error)}`);
    return '';
  });
  return (await metricsText(around)) + ((await counted) ?? '');
}

/** `/metrics`, and on any other path 200 while the worker asks Temporal for work, from its first look on. */
function serveHealth(
  worker: Worker,
  { port, host = '127.0.0.1' }: { port: number; host?: string | undefined },
  metrics: () => Promise<string>,
  say: Say,
) {
  if (port === 0) return;
  const server = createServer(({ url }, answer) => {
    const state = worker.getState();
    if (url === '/metrics') void serveMetrics(metrics, answer, say);
    else answer.writeHead(state === 'RUNNING' ? 200 : 503, { 'content-type': 'text/plain' }).end(`${state}\n`);
  });
  server.listen(port, host).unref();
}

try {
  await main();
} catch (error) {
  const known = error instanceof ConfigError || error instanceof OwnRunbookError;
  console.error(known ? `The worker cannot start:\n${error.message}` : error);
  process.exit(known ? 2 : 1);
}
