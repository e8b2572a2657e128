/** A value of its own for each credential of a practice platform, so that each can be searched for. */

import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { rolesOf } from '../../activities/platform.ts';
import type { Practice } from '../../lab/practice/start.ts';
import type { Canaries } from './canaries.ts';

/** Nothing that looks like a secret by its form: what hides secrets by their looks must not hide it. */
export const canary = (name: string) => `${name}+${randomBytes(15).toString('hex').slice(0, 20)}`;
const letters = (length: number) => randomBytes(length).toString('hex').slice(0, length);

export interface Reached {
  /** `http://127.0.0.1:<port>` of a receiver of webhooks. */
  webhook: string;
  hook: string;
  /** `smtp://127.0.0.1:<port>`, which knows this one user. */
  mail: string;
  user: { name: string; password: string };
}

/** Credentials that a run takes instead of those of the practice platform. */
export function variablesOf({ webhook, hook, mail, user }: Reached, rolesFile: string): Record<string, string> {
  return {
    RUNBOOKS_ROLES: rolesFile,
    INTAKE_TOKEN: canary('intake'),
    PAGERDUTY_WEBHOOK_SECRET: canary('signing'),
    PROMETHEUS_USER: 'reader',
    PROMETHEUS_PASSWORD: canary('prometheus'),
    PROMETHEUS_HEADERS: `X-Scope-OrgID: ${canary('tenant')}`,
    IPFS_PROJECT_ID: 'project',
    IPFS_PROJECT_SECRET: canary('ipfs'),
    IPFS_BACKUP_TOKEN: canary('pinning'),
    SLACK_BOT_TOKEN: `xoxb-${canary('slack')}`,
    PAGERDUTY_ROUTING_KEY: letters(32),
    STATUSPAGE_API_KEY: canary('statuspage'),
    TICKETS_TOKEN: canary('tickets'),
    STRIPE_API_KEY: `sk_test_${letters(24)}`,
    SMTP_URL: mail.replace('//', `//${user.name}:${encodeURIComponent(user.password)}@`),
    MAIL_FROM: 'runbooks@nqba.example',
    WALT_WEBHOOK_URL: `${webhook}/hooks/${hook}`,
  };
}

/** Each way to page is taken by someone; ann may answer for every role. */
export function writeRoles(file: string) {
  const people = {
    ann: { pagerduty: 'PAGERDUTY_ROUTING_KEY' },
    walt: { webhook: 'WALT_WEBHOOK_URL' },
    mia: { mail: 'mia@nqba.example' },
  };
  const others = rolesOf({ roles: {} }).filter(role => role !== 'commander');
  const roles = { ...Object.fromEntries(others.map(role => [role, ['ann']])), primary: ['walt', 'ann'], quantum: ['mia', 'ann'] };
  writeFileSync(file, JSON.stringify({ people, roles }));
}

/** The secret part of each value: the password of an address, what follows the name of a header, the last part of a webhook. */
export function canariesOf(environment: Record<string, string>, names: readonly string[]): Canaries {
  return Object.fromEntries(names.map(name => [name, secretPartOf(environment[name] ?? '')]));
}

function secretPartOf(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.password) return decodeURIComponent(url.password);
  return /\/hooks\/(.+)$/.exec(value)?.[1] ?? value.replace(/^[\w-]+: /, '');
}

/** Tokens of the API server, and every value of a Secret that workloads read. */
export async function canariesOfCluster({ cluster, dir }: Practice): Promise<Canaries> {
  const tokens = readFileSync(join(dir, 'kubernetes', 'tokens.csv'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => line.split(','));
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfigs.you);
  const { items } = await config.makeApiClient(CoreV1Api).listNamespacedSecret({ namespace: 'nqba-platform' });
  const values = items.flatMap(({ metadata, data = {} }) =>
    Object.entries(data).map(([key, value]) => [`Secret ${metadata?.name}/${key}`, Buffer.from(value, 'base64').toString()]),
  );
  return Object.fromEntries([...tokens.map(([token = '', user = '']) => [`token of ${user}`, token]), ...values]);
}
