/** The secrets that senders must know: one for all, or one for each path. */

import { createHash, timingSafeEqual } from 'node:crypto';
import { type Environment, needed, secret } from '../environment.ts';
import { Usage } from '../errors.ts';

export type Path = '/alertmanager' | '/grafana' | '/alerts';
/** At most two for each path: the old one and the new one, while one replaces the other. */
export type Tokens = Readonly<Record<Path, readonly string[]>>;

/** The variable of each path; without it that path takes INTAKE_TOKEN. */
export const variables: Readonly<Record<Path, string>> = {
  '/alertmanager': 'INTAKE_TOKEN_ALERTMANAGER',
  '/grafana': 'INTAKE_TOKEN_GRAFANA',
  '/alerts': 'INTAKE_TOKEN_ALERTS',
};

/** Throws `Usage` without a token, or with more than two of one kind. */
export function readTokens(environment: Environment): Tokens {
  const shared = tokensOf(environment, 'INTAKE_TOKEN');
  const own = (path: Path) => tokensOf(environment, variables[path]) ?? shared ?? [];
  const tokens = { '/alertmanager': own('/alertmanager'), '/grafana': own('/grafana'), '/alerts': own('/alerts') };
  if (Object.values(tokens).flat().length === 0) needed(environment, 'INTAKE_TOKEN', 'senders must know it');
  return tokens;
}

/** Of a path whose bodies are signed. */
export const signing = {
  '/pagerduty': 'PAGERDUTY_WEBHOOK_SECRET',
} as const;

/** None where the webhook is not connected. */
export const readWebhookSecrets = (environment: Environment): readonly string[] =>
  tokensOf(environment, signing['/pagerduty']) ?? [];

function tokensOf(environment: Environment, name: string): string[] | undefined {
  const tokens = secret(environment, name)
    ?.split(',')
    .map(token => token.trim());
  if (tokens && (tokens.length > 2 || tokens.includes('')))
    throw new Usage(`${name} must hold one token, or two with a comma between them while one replaces the other.`);
  return tokens;
}

/** Compares digests, and all of them, so that neither length nor content of a token shows in the time it takes. */
export function isKnown(header: string | undefined, tokens: readonly string[]): boolean {
  const given = digest(/^Bearer (.+)$/i.exec(header ?? '')?.[1] ?? '');
  return tokens.map(token => timingSafeEqual(given, digest(token))).includes(true);
}

const digest = (text: string) => createHash('sha256').update(text).digest();
