/** Login, tokens and settings of one process: sessions, failures and lockouts are in its memory, and known to no other. */

import { createHash, randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { z } from 'zod';
import { synthetic } from '../../world/customers.ts';
import { wrongPassword } from '../../world/traffic/flows.ts';
import { lockAfter } from '../../world/traffic/lockouts.ts';
import { readBody } from '../job-request.ts';
import { closed, detail, type NamedProcess, type Part, type Platform, unauthorised } from './served.ts';
import { type Claims, claimsOf, keyOf, signed } from './tokens.ts';
import { everyUser, lockedUntil, memoryOf, remember, userCalled } from './users.ts';

const Credentials = z.object({ email: z.string(), password: z.string() });
const Refresh = z.object({ refresh_token: z.string() });

const settings = { algorithm: 'HS256', access_minutes: 30, refresh_days: 7, lock_after: lockAfter, lock_minutes: 30 };
const allowed_hosts = ['api.nqba.flyfox.ai', 'nqba.flyfox.ai'];

/** Of every user of the practice platform. */
export const passwordOf = (id: string) => (id === synthetic.id ? synthetic.password : `practice-${id}`);

const keyHere = ({ customers, around }: Platform, process: NamedProcess) => keyOf(customers.read(), process, around.now());

function pairOf(platform: Platform, process: NamedProcess, sub: string) {
  const now = Math.floor(platform.around.now() / 1_000);
  const jti = randomUUID();
  const make = (type: Claims['type'], seconds: number) =>
    signed({ sub, type, jti, exp: now + seconds }, keyHere(platform, process));
  return {
    access_token: make('access', settings.access_minutes * 60),
    refresh_token: make('refresh', settings.refresh_days * 86_400),
    token_type: 'bearer',
    expires_in: settings.access_minutes * 60,
  };
}

async function login(c: Context, platform: Platform): Promise<Response> {
  const given = await readBody(c, Credentials);
  if (given instanceof Response) return given;
  const process = platform.process(c);
  const user = everyUser.find(({ email }) => email === given.email);
  if (user && lockedUntil(platform, process)(user.id) > 0) return detail(c, 423, 'Account is locked');
  const { users, failures, sessions } = memoryOf(platform.customers.read(), process);
  const status = user && users[user.id]?.status;
  if (status === 'locked') return detail(c, 423, 'Account is locked');
  if (status === 'suspended') return detail(c, 403, 'Account is suspended');
  if (!user || passwordOf(user.id) !== given.password) {
    if (user)
      remember(platform, process, {
        failures: { ...failures, [user.id]: [...(failures[user.id] ?? []), platform.around.now()] },
      });
    return wrong(c, platform);
  }
  const pair = pairOf(platform, process, user.id);
  remember(platform, process, { sessions: sessions + 1, failures: { ...failures, [user.id]: [] } });
  return c.json(pair);
}

/** Its own 401 is caught by the handler's `except Exception`, and leaves it as a 500. */
const wrong = (c: Context, { customers }: Platform) =>
  wrongPassword(customers.read()) === 401
    ? unauthorised(c, 'Incorrect email or password')
    : detail(c, 500, 'Login failed: 401: Incorrect email or password');

/** The claims of a token that this process has signed and not ended, whoever brings it. */
function known(platform: Platform, process: NamedProcess, token: string, type: Claims['type']): Claims | undefined {
  const claims = claimsOf(token, type, keyHere(platform, process), platform.around.now());
  const { loggedOut } = memoryOf(platform.customers.read(), process);
  return claims && !loggedOut.includes(claims.jti) ? claims : undefined;
}

function bearer(c: Context, platform: Platform): Claims | undefined {
  const token = /^Bearer (.+)$/.exec(c.req.header('Authorization') ?? '')?.[1] ?? '';
  return known(platform, platform.process(c), token, 'access');
}

async function refresh(c: Context, platform: Platform): Promise<Response> {
  const given = await readBody(c, Refresh);
  if (given instanceof Response) return given;
  const process = platform.process(c);
  const claims = known(platform, process, given.refresh_token, 'refresh');
  return claims ? c.json(pairOf(platform, process, claims.sub)) : unauthorised(c, 'Invalid refresh token');
}

function logout(c: Context, platform: Platform): Response {
  const claims = bearer(c, platform);
  if (!claims) return unauthorised(c);
  const process = platform.process(c);
  const { sessions, loggedOut } = memoryOf(platform.customers.read(), process);
  remember(platform, process, { sessions: Math.max(0, sessions - 1), loggedOut: [...loggedOut, claims.jti].slice(-1_000) });
  return c.json({ message: 'Successfully logged out' });
}

function me(c: Context, platform: Platform): Response {
  const claims = bearer(c, platform);
  const user = claims && userCalled(claims.sub);
  return user ? c.json({ id: user.id, email: user.email, tier: user.tier }) : unauthorised(c);
}

function status(c: Context, platform: Platform): Response {
  const process = platform.process(c);
  const locks = lockedUntil(platform, process);
  const { sessions } = memoryOf(platform.customers.read(), process);
  const locked_accounts = everyUser.filter(({ id }) => locks(id) > 0).length;
  return c.json({ users: everyUser.length, active_sessions: sessions, locked_accounts });
}

function settingsOf(c: Context, platform: Platform): Response {
  const process = platform.process(c);
  const odd = process.index === 0 ? platform.customers.read().oddSettings : {};
  const key_fingerprint = createHash('sha256').update(keyHere(platform, process)).digest('hex').slice(0, 16);
  return c.json({ ...settings, allowed_hosts, key_fingerprint, ...odd });
}

export const auth: Part = (app, base, platform) => {
  const path = `${base}/api/v1/auth`;
  app.post(`${path}/login`, c => login(c, platform));
  app.post(`${path}/refresh`, c => refresh(c, platform));
  app.post(`${path}/logout`, c => logout(c, platform));
  app.get(`${path}/me`, c => me(c, platform));
  app.get(`${path}/status`, c => status(c, platform));
  app.get(`${path}/settings`, c => settingsOf(c, platform));
  closed(
    app,
    ['login', 'refresh', 'logout', 'me', 'status', 'settings'].map(name => `${path}/${name}`),
  );
};
