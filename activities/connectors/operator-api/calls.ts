/** One call of the platform's API with an operator's token, and what each refusal means. */

import { z } from 'zod';
import { under } from '../address.ts';
import { type Answer, type Asked, accepted, parsed, sender, type Wire } from '../http.ts';
import { SystemError } from '../system-error.ts';

export const system = 'The NQBA API';

export interface Calls {
  /** Something that every such platform has: where it is missing, the platform does not offer it. */
  offered: <T>(schema: z.ZodType<T>, path: string, query?: Query) => Promise<T>;
  /** One of many: 404 says that it is not there. */
  one: <T>(schema: z.ZodType<T>, path: string) => Promise<T>;
  /** Its answer is not read: a write is proved by the next read. */
  write: (method: 'POST' | 'PUT' | 'DELETE', path: string, written?: Written) => Promise<void>;
}

export type Query = Record<string, string | number | undefined>;

export interface Written {
  body?: object | undefined;
  /** The version that was read: another one since is 412. */
  version?: string | undefined;
}

/** Versions are numbers on some platforms. */
export const version = z.union([z.string().min(1).max(200), z.number()]).transform(String);
export const time = z.iso.datetime({ offset: true });
export const name = z.string().min(1).max(320);
export const optional = <T>(schema: z.ZodType<T>) => schema.nullish().transform(value => value ?? undefined);
/** Words of someone else: cut, never refused. */
export const words = z.string().transform(text => text.slice(0, 300));

export function callsOf({ url, token }: { url: string; token: string }, wire: Wire): Calls {
  const send = sender(system, wire);
  const authorization = `Bearer ${token}`;
  const ask = (path: string, { headers, ...asked }: Asked = {}) =>
    send(under(url, path), { ...asked, headers: { authorization, accept: 'application/json', ...headers } });
  return {
    offered: async (schema, path, query = {}) => parsed(system, schema, offeredIn(await ask(path + queryOf(query)), path)),
    one: async (schema, path) => parsed(system, schema, await ask(path)),
    async write(method, path, { body, version } = {}) {
      const headers: Record<string, string> = {};
      if (version !== undefined) headers['if-match'] = version;
      if (body === undefined) accepted(system, await ask(path, { method, headers }));
      else {
        headers['content-type'] = 'application/json';
        accepted(system, await ask(path, { method, headers, body: JSON.stringify(body) }));
      }
    },
  };
}

function queryOf(query: Query): string {
  const given = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) given.set(key, String(value));
  return given.size === 0 ? '' : `?${given.toString()}`;
}

/** @throws SystemError that says what the platform would have to offer */
function offeredIn(answer: Answer, path: string): Answer {
  if (answer.status !== 404 && answer.status !== 405) return answer;
  const text = `does not offer GET ${path} to operators (${answer.status}): the platform must, see docs/running-on-your-own.md`;
  throw new SystemError({ system, fault: 'not connected', status: answer.status, text });
}
