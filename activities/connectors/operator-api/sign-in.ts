/** Signing in as a customer does: sessions, and the settings behind them, live in each process. */

import { z } from 'zod';
import { under } from '../address.ts';
import { type Answer, accepted, parsed, sender, type Wire } from '../http.ts';
import { type Calls, system, words } from './calls.ts';

export interface Session {
  accessToken: string;
  refreshToken: string;
  /** Seconds. */
  expiresIn: number;
}

export interface AuthStatus {
  users: number;
  active_sessions: number;
  locked_accounts: number;
}

/** The fields have the platform's names. */
export interface AuthSettings {
  algorithm: string;
  access_minutes: number;
  refresh_days: number;
  lock_after: number;
  lock_minutes: number;
  allowed_hosts: string[];
  key_fingerprint: string;
  /** The rule of passwords, where the platform says. */
  password_length?: number | undefined;
  password_classes?: number | undefined;
  password_cost?: number | undefined;
}

/** Every call throws SystemError, with the status that the platform answered. */
export interface SignIn {
  login: (email: string, password: string) => Promise<Session>;
  refresh: (refreshToken: string) => Promise<Session>;
  logout: (accessToken: string) => Promise<void>;
  /** 401 where this process does not accept the token. */
  me: (accessToken: string) => Promise<void>;
  status: () => Promise<AuthStatus>;
  settings: () => Promise<AuthSettings>;
}

const token = z.string().min(1).max(8192);
const session = z.looseObject({ access_token: token, refresh_token: token, expires_in: z.number() }).transform(
  ({ access_token, refresh_token, expires_in }): Session => ({
    accessToken: access_token,
    refreshToken: refresh_token,
    expiresIn: expires_in,
  }),
);
const count = z.int().min(0);
const status = z.object({ users: count, active_sessions: count, locked_accounts: count });
const settings = z.object({
  algorithm: words,
  access_minutes: z.number(),
  refresh_days: z.number(),
  lock_after: z.number(),
  lock_minutes: z.number(),
  allowed_hosts: z.array(words).max(200),
  key_fingerprint: words,
  password_length: z.number().optional(),
  password_classes: z.number().optional(),
  password_cost: z.number().optional(),
});

const bearer = (accessToken: string) => ({ authorization: `Bearer ${accessToken}` });
const sessionIn = (answer: Answer) => parsed(system, session, answer);

export function signInOf(url: string, { offered }: Calls, wire: Wire): SignIn {
  const send = sender(system, wire);
  const post = (path: string, body: object, headers: Record<string, string> = {}, secrets: string[] = []) =>
    send(under(url, `/api/v1/auth/${path}`), {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify(body),
      secrets,
    });
  return {
    login: async (email, password) => sessionIn(await post('login', { email, password }, {}, [password])),
    refresh: async refreshToken => sessionIn(await post('refresh', { refresh_token: refreshToken })),
    async logout(accessToken) {
      accepted(system, await post('logout', {}, bearer(accessToken)));
    },
    async me(accessToken) {
      accepted(system, await send(under(url, '/api/v1/auth/me'), { headers: bearer(accessToken) }));
    },
    status: () => offered(status, '/api/v1/auth/status'),
    settings: () => offered(settings, '/api/v1/auth/settings'),
  };
}
