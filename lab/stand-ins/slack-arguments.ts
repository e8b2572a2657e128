/** The arguments of a call, which Slack takes from the address, from a form, or from JSON. */

import type { Context } from 'hono';
import { z } from 'zod';

export interface Arguments {
  token: string | undefined;
  text: (name: string) => string | undefined;
  /** Structured arguments stand in a form as JSON. `null` when they cannot be read. */
  value: (name: string) => unknown;
}

const Body = z.record(z.string(), z.unknown());

/** The arguments, or the name of Slack's error. */
export async function readArguments(c: Context): Promise<Arguments | string> {
  const body = await readBody(c);
  if (typeof body === 'string') return body;
  const given = new Map([...Object.entries(c.req.query()), ...Object.entries(body)]);
  const text = (name: string) => {
    const value = given.get(name);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  };
  const value = (name: string) => {
    const raw = given.get(name);
    return typeof raw === 'string' ? (decoded(raw) ?? null) : raw;
  };
  const bearer = /^Bearer (\S+)$/.exec(c.req.header('Authorization') ?? '')?.[1];
  return { token: bearer ?? text('token'), text, value };
}

async function readBody(c: Context): Promise<Record<string, unknown> | string> {
  const type = c.req.header('Content-Type') ?? '';
  if (c.req.method === 'GET') return {};
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(await c.req.text()));
  if (type.startsWith('multipart/form-data')) return c.req.parseBody();
  if (!type.startsWith('application/json')) return (await c.req.text()) === '' ? {} : 'invalid_post_type';
  const body = decoded(await c.req.text());
  if (body === undefined) return 'invalid_json';
  const fields = Body.safeParse(body);
  return fields.success && !Array.isArray(body) ? fields.data : 'json_not_object';
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
