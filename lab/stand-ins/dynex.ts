/**
 * Dynex as NQBA meets it: a health address, an account behind a key, and the public status page.
 *
 * Dynex documents no REST API (its Python SDK, the package `dynex`, speaks gRPC): the header `X-API-KEY` and the prefix
 * `dnx_` are those of the platform's own client, the health address is the runbook's, and the bodies are ours. The status page
 * follows the Status API of https://support.atlassian.com/statuspage/docs/what-are-the-different-apis-under-statuspage.
 */

import type { Context, Hono } from 'hono';
import { isNewKey } from '../world.ts';
import type { State } from '../world/systems.ts';
import { failing, limiter, standIn, type StandIn, type Surroundings } from './stand-in.ts';

const refusal = (c: Context, status: 400 | 401 | 403 | 404 | 405 | 406 | 413 | 429 | 503, code: string, message: string) =>
  c.json({ error: { code, message } }, status);

/** The hub allows 60 calls a minute; a minute of the practice world is a second. */
const allowed = { calls: 60, window: 1_000 };

/** `/api/health`, `/api/v1/account`, `/status/api/v2/summary.json`. Only the API fails: a status page lives elsewhere. */
export function dynex(around: Surroundings): Hono {
  const app = standIn();
  const wait = limiter(allowed.calls, allowed.window, around.now);
  app.get('/status/api/v2/summary.json', c => c.json(summary(around.state(), new Date(around.now()).toISOString())));
  app.use('/api/*', failing(exceptForTheKey(around), { down: outOfService, unauthorised: revoked }));
  app.get('/api/health', c => c.json({ status: 'ok', version: '1.4.7', time: new Date(around.now()).toISOString() }));
  app.use('/api/v1/*', async (c, next) => refusedKey(c, around.state()) ?? overLimit(c, wait) ?? next());
  app.get('/api/v1/account', account);
  app.all('/api/health', c => methodNotAllowed(c));
  app.all('/api/v1/account', c => methodNotAllowed(c));
  app.notFound(c => refusal(c, 404, 'not_found', `No route matches ${c.req.method} ${c.req.path}`));
  return app;
}

/** While keys are revoked, those made since (`dnx_new…`) are accepted. A revoked key does not make the health address fail: that difference is what tells the two causes apart. */
const exceptForTheKey = (around: Surroundings): Surroundings => ({
  ...around,
  state: () => (around.state() === 'unauthorised' ? 'healthy' : around.state()),
});

const outOfService = (c: Context) => {
  c.header('Retry-After', '120');
  return refusal(c, 503, 'service_unavailable', 'The Dynex platform is temporarily unavailable');
};
const revoked = (c: Context) => refusal(c, 403, 'key_revoked', 'This API key has been revoked');
const methodNotAllowed = (c: Context) => {
  c.header('Allow', 'GET');
  return refusal(c, 405, 'method_not_allowed', `${c.req.method} is not allowed here`);
};

function refusedKey(c: Context, state: State): Response | undefined {
  const key = c.req.header('X-API-KEY');
  if (key === undefined) return refusal(c, 401, 'key_missing', 'Send your API key in the header X-API-KEY');
  if (!/^dnx_\S+$/.test(key)) return refusal(c, 401, 'key_malformed', 'An API key begins with dnx_');
  if (key.startsWith('dnx_revoked') || (state === 'unauthorised' && !isNewKey(key))) return revoked(c);
  if (key.startsWith('dnx_expired')) return refusal(c, 403, 'key_expired', 'This API key has expired');
  if (key.startsWith('dnx_suspended')) return refusal(c, 403, 'account_suspended', 'This account is suspended');
  return undefined;
}

function overLimit(c: Context, wait: (caller: string) => number): Response | undefined {
  const late = wait(c.req.header('X-API-KEY') ?? '');
  if (late === 0) return undefined;
  c.header('Retry-After', String(Math.ceil(late / 1_000)));
  return refusal(c, 429, 'rate_limited', `At most ${allowed.calls} calls a minute`);
}

function account(c: Context): Response {
  if (!c.req.header('Accept')?.match(/\*\/\*|json/)) {
    return refusal(c, 406, 'not_acceptable', 'This resource is application/json');
  }
  return c.json({
    account: { id: 'acc_nqba', status: 'active', plan: 'enterprise', balance: { currency: 'DNX', amount: '18250.00' } },
  });
}

type Indicator = 'none' | 'minor' | 'major' | 'critical';
const troubles: Partial<Record<State, { indicator: Indicator; description: string; component: string }>> = {
  down: { indicator: 'critical', description: 'Major Service Outage', component: 'major_outage' },
  refused: { indicator: 'critical', description: 'Major Service Outage', component: 'major_outage' },
  slow: { indicator: 'minor', description: 'Partially Degraded Service', component: 'degraded_performance' },
};

/** The provider's word. What it does not know of (our key, answers that only we find strange) it does not show. */
function summary(state: State, now: string) {
  const { indicator, description, component } = troubles[state] ?? {
    indicator: 'none',
    description: 'All Systems Operational',
    component: 'operational',
  };
  const parts = ['Neuromorphic Compute API', 'Job Marketplace'].map((name, index) => ({
    id: `dx${index + 1}`,
    name,
    status: component,
    updated_at: now,
  }));
  const incident = { id: 'dxi1', name: description, status: 'investigating', impact: indicator, updated_at: now };
  return {
    page: { id: 'dynex', name: 'Dynex', url: 'https://status.dynex.co', time_zone: 'Etc/UTC', updated_at: now },
    status: { indicator, description },
    components: parts,
    incidents: indicator === 'none' ? [] : [incident],
    scheduled_maintenances: [],
  };
}

export const dynexStandIn: StandIn = {
  serve: dynex,
  states: ['mock'],
  environment: url => ({ DYNEX_API_URL: url, DYNEX_STATUS_URL: `${url}/status/api/v2/summary.json` }),
};
