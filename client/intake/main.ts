/** Serves the intake: `node client/intake/main.ts [--platform FILE] [--runbooks FOLDER]`. */

import { parseArgs } from 'node:util';
import { serve } from '@hono/node-server';
import { connectArtifacts } from '../../activities/connectors/artifacts.ts';
import { writeThatHere } from '../../activities/sharing.ts';
import type { Role } from '../../workflows/contract/index.ts';
import type { Environment } from '../environment.ts';
import { artifactsFolder, platformFile, value } from '../environment.ts';
import { Stop, Usage } from '../errors.ts';
import { addOwnRunbooks, refuseUnknownNames } from '../own-runbooks.ts';
import { readPeople, readPlatform } from '../platform.ts';
import { Temporal } from '../temporal.ts';
import { createIntake } from './app.ts';
import { Counters } from './counters.ts';
import { logIn, write } from './log.ts';
import { createMetrics } from './metrics.ts';
import { outageIn } from './outage.ts';
import { readTokens, readWebhookSecrets } from './tokens.ts';

function environmentOf(): Environment {
  const { values } = parseArgs({ options: { platform: { type: 'string' }, runbooks: { type: 'string' } } });
  return {
    ...process.env,
    ...(values.runbooks && { RUNBOOKS_FOLDER: values.runbooks }),
    ...(values.platform && { RUNBOOKS_PLATFORM: values.platform }),
  };
}

async function start(environment: Environment, { say, fail }: Awaited<ReturnType<typeof logIn>>) {
  const tokens = readTokens(environment);
  const webhookSecrets = readWebhookSecrets(environment);
  addOwnRunbooks(environment);
  const platform = readPlatform(platformFile(environment), environment);
  refuseUnknownNames(environment, platform);
  const store = connectArtifacts({ folder: artifactsFolder(environment) });
  void writeThatHere(store, 'intake', Date.now);
  const temporal = new Temporal(environment);
  const counters = new Counters();
  const deps = {
    tokens,
    platform,
    people: () => described(environment, say),
    store,
    temporal,
    outage: await outageIn(environment, say, () => temporal.ready()),
    ...(webhookSecrets.length > 0 && { pagerduty: { secrets: webhookSecrets, temporal } }),
    now: Date.now,
    say,
  };
  const hostname = value(environment, 'INTAKE_HOST') ?? '127.0.0.1';
  const listen = (variable: string, given: string, fetch: Served, path: string) =>
    serve({ fetch, hostname, port: port(variable, given) }, at =>
      say(`intake listens on http://${at.address}:${at.port}${path}`),
    ).on('error', error => fail(`intake cannot listen: ${error.message}. Set ${variable} to a free port.`, 1));
  const posted = value(environment, 'INTAKE_PORT') ?? '8080';
  const server = listen('INTAKE_PORT', posted, createIntake(deps, counters).fetch, '/alertmanager');
  const scraped = value(environment, 'INTAKE_METRICS_PORT') ?? '0';
  if (scraped !== '0') listen('INTAKE_METRICS_PORT', scraped, createMetrics({ ...deps, counters }).fetch, '/metrics').unref();
  const stop = () => server.close(() => process.exit(0));
  process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', stop);
}

type Served = Parameters<typeof serve>[0]['fetch'];

/** An incident is worth more than the rota: with a broken one everyone is taken at their word. */
function described(environment: Environment, say: (line: string) => void): Record<string, Role[]> {
  try {
    return readPeople(environment);
  } catch (error) {
    say(`no role is known: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  }
}

function port(variable: string, text: string): number {
  const given = Number(text);
  if (Number.isInteger(given) && given >= 0 && given < 65_536) return given;
  throw new Usage(`${variable} is ${JSON.stringify(text)}: give a port between 0 and 65535.`);
}

let fail = (message: string, exit: number): never => {
  write(message);
  process.exit(exit);
};

try {
  const environment = environmentOf();
  const log = await logIn(environment);
  ({ fail } = log);
  await start(environment, log);
} catch (error) {
  if (error instanceof Stop) fail(error.message, error.exit);
  fail(error instanceof Error ? (error.stack ?? error.message) : String(error), 1);
}
