/** The variables of Prometheus: its address, and the ways to be let in. */

import { z } from 'zod';
import { basic, signedIn, webAddress } from './address.ts';
import { documented, text } from './description.ts';
import type { Secrets } from './pager.ts';

const header = /^([\w-]+):[ \t]*(\S.*)$/;
const linesOf = (headers: string) => headers.split(/\r?\n/).filter(line => line.trim() !== '');
const areHeaders = (headers: string) => linesOf(headers).every(line => header.test(line));

export const variables = z.object({
  PROMETHEUS_URL: webAddress.optional().register(documented, {
    means: 'where everything is measured; needed',
    without: 'the worker refuses to start',
    example: 'https://prometheus.example.com',
    needed: true,
  }),
  PROMETHEUS_TOKEN: text.optional().register(documented, { means: 'sent as "Authorization: Bearer"', secret: true }),
  PROMETHEUS_USER: text.optional().register(documented, { means: 'for basic auth; needs PROMETHEUS_PASSWORD' }),
  PROMETHEUS_PASSWORD: text.optional().register(documented, { means: 'of that user', secret: true }),
  PROMETHEUS_HEADERS: text
    .refine(areHeaders, 'is not one header a line, as X-Scope-OrgID: tenant')
    .optional()
    .register(documented, { means: 'one more header a line, such as that of a tenant: X-Scope-OrgID: nqba', secret: true }),
});

/** Those that let us in. */
export const signing = ['PROMETHEUS_TOKEN', 'PROMETHEUS_USER', 'PROMETHEUS_HEADERS'] as const;
type Signing = Omit<z.output<typeof variables>, 'PROMETHEUS_URL'>;

export function halfSigned(
  url: string,
  { PROMETHEUS_TOKEN: token, PROMETHEUS_USER: user, PROMETHEUS_PASSWORD: password }: Signing,
): (string | false | undefined)[] {
  const name = token ? 'PROMETHEUS_TOKEN' : 'PROMETHEUS_USER';
  const isNamed = url !== '' && signedIn(url).authorization !== undefined;
  return [
    user && !password && 'PROMETHEUS_PASSWORD is missing, but PROMETHEUS_USER is set',
    password && !user && 'PROMETHEUS_USER is missing, but PROMETHEUS_PASSWORD is set',
    token && user && 'PROMETHEUS_TOKEN and PROMETHEUS_USER are both set: unset one of them',
    (token || user) && isNamed && `${name} is set, and PROMETHEUS_URL has a user in it: remove one of them`,
  ].map(fault => fault || undefined);
}

export function headersFrom(secrets: Secrets): Record<string, string> {
  const [token, user] = [secrets('PROMETHEUS_TOKEN'), secrets('PROMETHEUS_USER')];
  const authorization = token ? `Bearer ${token}` : user && basic(user, secrets('PROMETHEUS_PASSWORD') ?? '');
  const others = linesOf(secrets('PROMETHEUS_HEADERS') ?? '').map(line => header.exec(line)?.slice(1) ?? []);
  return { ...(authorization && { authorization }), ...Object.fromEntries(others) };
}
