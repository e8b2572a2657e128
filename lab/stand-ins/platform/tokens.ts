/** Tokens as the platform makes them: JWT with HS256 (RFC 7515), signed with the key of the process that makes one. */

import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { type State, troubleAt } from '../../world/customers.ts';
import { type NamedProcess, sha256 } from './served.ts';

const Claims = z.object({ sub: z.string(), type: z.enum(['access', 'refresh']), jti: z.string(), exp: z.number() });
export type Claims = z.infer<typeof Claims>;

/** One key for all, or one that each process made up when it started. */
export function keyOf(state: State, { name }: NamedProcess, now: number): string {
  const isRandom = state.faults.keys === 'per-process' || troubleAt(state, now)?.kind === 'bad-tokens';
  return sha256(isRandom ? `key of ${name}` : 'SECRET_KEY');
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const signature = (text: string, key: string) => createHmac('sha256', key).update(text).digest('base64url');

export function signed(claims: Claims, key: string): string {
  const text = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
  return `${text}.${signature(text, key)}`;
}

/** Nothing for a token of another key, of another kind, or past its end. */
export function claimsOf(token: string, type: Claims['type'], key: string, now: number): Claims | undefined {
  const [head = '', body = '', proof] = token.split('.');
  if (proof !== signature(`${head}.${body}`, key)) return undefined;
  const claims = Claims.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
  return claims.type === type && claims.exp * 1_000 > now ? claims : undefined;
}
