/** The credentials of the tour, each with a value of its own, and the search for them where none may be. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { settingsOf } from '../../lab/practice/settings.ts';
import { inTheLogs } from '../../lab/stand-ins/loki.ts';
import { credentials as aws } from '../activities/database-at-rds.ts';
import { type Canaries, found, type Place } from './canaries.ts';
import { foundIn } from './found-in-files.ts';
import type { Platform } from './practice.ts';

const once = () => randomBytes(12).toString('hex');

/** Of the worker, and nowhere else: vendors' stand-ins take any. */
const secrets = {
  SLACK_BOT_TOKEN: `xoxb-${once()}`,
  PAGERDUTY_API_TOKEN: once(),
  STATUSPAGE_API_KEY: once(),
  TICKETS_TOKEN: once(),
  STRIPE_API_KEY: `sk_test_${once()}`,
  IPFS_BACKUP_TOKEN: once(),
  IPFS_PROJECT_SECRET: once(),
};
/** Kubo asks no one for its own. */
export const credentials = { ...secrets, IPFS_PROJECT_ID: 'practice' };
/** Of the practice platform. */
const given = [
  'INTAKE_TOKEN',
  'NQBA_API_TOKEN',
  'NQBA_SYNTHETIC_FREE',
  'NQBA_SYNTHETIC_BUSINESS',
  'NQBA_SYNTHETIC_PREMIUM',
  'NQBA_SYNTHETIC_LUXURY',
  'NQBA_SYNTHETIC_PASSWORD',
  'PAGERDUTY_ROUTING_KEY',
] as const;
/** The platform's own logs have them: only Loki's stand-in does, which keeps no line in a file. */
const careless = { 'a key in the logs': inTheLogs.key, 'a password in the logs': inTheLogs.password };
const ofTheCloud = { AWS_SECRET_ACCESS_KEY: aws.secretAccessKey };
/** Where credentials belong: the cluster's own store, and what starts the servers. */
const theirPlaces = ['kubernetes', 'env', 'settings.json', 'redis'];

/** Addresses that sign in. */
const withPassword = ['SMTP_URL', 'REDIS_URL', 'DATABASE_URL'];

const passwordsIn = (variables: Readonly<Record<string, string>>): Canaries =>
  Object.fromEntries(
    withPassword.map(name => {
      const { password } = new URL(variables[name] ?? assert.fail(`${name} is not set`));
      return [name, decodeURIComponent(password) || assert.fail(`${name} has no password`)];
    }),
  );

/** As Prometheus reads them. */
async function metricsOf({ practice, environment }: Platform): Promise<Place[]> {
  const { ports } = await settingsOf(practice.dir);
  const scraped = Object.entries({ worker: ports.worker, intake: environment.INTAKE_METRICS_PORT });
  return Promise.all(
    scraped.map(async ([server, port]) => {
      const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
      assert.equal(answer.status, 200, server);
      return { name: `/metrics of the ${server}`, pieces: [Buffer.from(await answer.text())] };
    }),
  );
}

/** In what Temporal keeps, in logs, messages, artifacts and metrics: `name in place`. @param variables of the worker, besides */
export async function secretsFound(
  platform: Platform,
  variables: Readonly<Record<string, string>>,
  told: Canaries,
): Promise<string[]> {
  const { environment, practice } = platform;
  const ours = Object.fromEntries(given.map(name => [name, environment[name] ?? assert.fail(`${name} is not set`)]));
  const passwords = passwordsIn({ ...environment, ...variables });
  const all = { ...secrets, ...ours, ...passwords, ...careless, ...ofTheCloud, ...told };
  return [...foundIn(practice.dir, all, theirPlaces), ...found(all, await metricsOf(platform))];
}
