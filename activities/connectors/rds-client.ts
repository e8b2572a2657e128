/** How AWS's client calls through our own `fetch`, and how its errors become ours. */

import type { RDSClientConfig } from '@aws-sdk/client-rds';
import { z } from 'zod';
import { unreachable, type Wire } from './http.ts';
import { quoted, SystemError } from './system-error.ts';

export const system = 'RDS';

/** Our own `fetch`, with its proxies; the client signs before. */
export const overFetch = ({ fetch }: Wire): NonNullable<RDSClientConfig['requestHandler']> => ({
  async handle({ protocol, hostname, port, path, method, headers, body }: Signed, { abortSignal }: Aborting = {}) {
    const url = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`;
    const { host: _, 'content-length': __, ...sent } = headers;
    const signal = abortSignal instanceof AbortSignal ? { signal: abortSignal } : {};
    const answer = await fetch(new Request(url, { method, headers: sent, body: String(body), redirect: 'manual', ...signal }));
    const response = {
      statusCode: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: new Uint8Array(await answer.arrayBuffer()),
    };
    return { response };
  },
});

interface Signed {
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  method: string;
  headers: Record<string, string>;
  body?: unknown;
}
interface Aborting {
  abortSignal?: unknown;
}

const answered = z.looseObject({
  name: z.string(),
  message: z.string(),
  $metadata: z.looseObject({ httpStatusCode: z.number() }),
});

/**
 * RDS answers 400 to these too, and each passes:
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html, API_ModifyDBInstance.html#API_ModifyDBInstance_Errors
 */
const passing = [
  { names: /^(Throttl|RequestLimitExceeded)/, status: 429 },
  { names: /^InvalidDBInstanceState/, status: 409 },
];

/** Messages of AWS name the caller and what it may not do, never a secret. */
export function faultOf(error: unknown): SystemError {
  if (error instanceof SystemError) return error;
  const { data } = answered.safeParse(error);
  if (error instanceof Error && error.name === 'CredentialsProviderError')
    return new SystemError({
      system,
      fault: 'answered',
      status: 401,
      text: 'is not called: the AWS client finds no credentials',
    });
  if (!data) return unreachable(system, error);
  const { httpStatusCode: status } = data.$metadata;
  if (status < 300)
    return new SystemError({ system, fault: 'garbled', status, text: 'answered with something else than expected' });
  return new SystemError({
    system,
    fault: 'answered',
    status: passing.find(({ names }) => names.test(data.name))?.status ?? status,
    text: `answered ${status}: ${quoted(`${data.name}: ${data.message}`)}`,
  });
}
