/** Serves one stand-in on loopback for the length of a test, and asks it by plain fetch. */

import type { TestContext } from 'node:test';
import type { Hono } from 'hono';
import { listen } from '../../../lab/stand-ins/listen.ts';

export interface Answered {
  status: number;
  headers: Headers;
  /** Parsed where it is JSON. */
  body: unknown;
}

export type Ask = (path: string, init?: RequestInit) => Promise<Answered>;

export async function serving(t: TestContext, app: Hono): Promise<Ask> {
  const served = await listen('under test', app, 0);
  t.after(served.close);
  return async (path, init) => {
    const response = await fetch(`${served.url}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get('Content-Type')?.includes('json');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
}

export const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** A refusal as a row: what is sent, and what comes back. */
export interface Row {
  path: string;
  init?: RequestInit;
  status: number;
  body: unknown;
}
