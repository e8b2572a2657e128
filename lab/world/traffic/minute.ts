/** The access log of one minute: what was called, and what blocks, limits and quotas in force made of it. */

import { type State, troubleAt, type Trouble } from '../customers.ts';
import { allowedAt, blocksAt, entitlementAt, isIn, limitsAt } from '../policies.ts';
import { customerCalled, usedAt } from '../quotas.ts';
import { chance, seedOf } from './chance.ts';
import { callsOf, type Timed, usualFlows } from './flows.ts';
import { accountKey, attempted, type Attempts, attemptsAt, isProxied, none, reached } from './lockouts.ts';
import { routes } from './routes.ts';
import { flowsOf } from './troubles.ts';

export interface Line {
  /** Milliseconds since 1970. */
  at: number;
  address: string;
  account: string | null;
  tier: string | null;
  route: string;
  method: string;
  status: number;
  reason: string | null;
  user_agent: string;
  refused_by: 'quota' | 'rate' | null;
}

export const aMinute = 60_000;
/** Where all calls come from that a proxy hands on without its clients' addresses. */
const balancer = '10.0.3.4';
/** Calls a minute of an address without an account. */
const anonymous = 60;

type Refused = Pick<Line, 'status' | 'reason' | 'refused_by'>;

/** Full of tokens at first, then as many a minute as allowed: whether one more call passes. */
class Buckets {
  readonly #left = new Map<string, { tokens: number; at: number }>();

  passes(key: string, at: number, perMinute: number, burst: number): boolean {
    const most = Math.max(1, burst);
    const before = this.#left.get(key) ?? { tokens: most, at };
    const tokens = Math.min(most, before.tokens + ((at - before.at) * perMinute) / aMinute);
    this.#left.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at });
    return tokens >= 1;
  }
}

/** Every caller counts for itself, a network as one; a limit of a tier, class or route holds for each caller in it. */
function limitedBy(scope: string, call: Timed, tier: string | null, address: string): string | undefined {
  const [kind = '', ...rest] = scope.split(':');
  const name = rest.join(':');
  if (kind === 'address') return isIn(name, address) ? scope : undefined;
  const { path, class: ofRoute } = routes[call.route];
  const names: Record<string, (string | null)[]> = { tier: [tier], class: [ofRoute], route: [call.route, path] };
  const applies = names[kind]?.includes(name);
  return applies ? `${scope} ${call.route === 'login' ? address : (call.account ?? address)}` : undefined;
}

export class Minute {
  readonly #state: State;
  readonly #start: number;
  readonly #processes: number;
  readonly #buckets = new Buckets();
  readonly #attempts: Map<string, Attempts>;
  readonly #trouble: Trouble | undefined;

  constructor(state: State, start: number, processes: number) {
    this.#state = state;
    this.#start = start;
    this.#processes = processes;
    this.#attempts = attemptsAt(state, start, processes);
    this.#trouble = troubleAt(state, start);
  }

  lines(): Line[] {
    const troubles = this.#state.troubles.flatMap(trouble => flowsOf(this.#state, trouble));
    const calls = [...usualFlows(this.#state), ...troubles].flatMap(flow => callsOf(flow, this.#start, this.#start + aMinute));
    return calls.toSorted((a, b) => a.at - b.at).map(call => this.#line(call));
  }

  #line(call: Timed): Line {
    const address = isProxied(this.#state, call.at) ? balancer : call.address;
    const tier = (call.account && entitlementAt(this.#state, call.account, call.at)?.tier) ?? null;
    const { path: route, method } = routes[call.route];
    const { at, account, user_agent } = call;
    const became = this.#refused(call, tier, address) ?? this.#answered(call);
    return { at, address, account, tier, route, method, ...became, user_agent };
  }

  #refused(call: Timed, tier: string | null, address: string): Refused | undefined {
    const { at, account, route } = call;
    const block = blocksAt(this.#state, at).find(({ cidr }) => isIn(cidr, address));
    if (block) return { status: block.how === 'block' ? 403 : 405, reason: null, refused_by: null };
    const allowed = account === null ? undefined : allowedAt(this.#state, account, at);
    const perMinute = allowed?.calls_per_minute ?? anonymous;
    // Both count each call, also one that the other refuses.
    const passes = [this.#isWithinLimits(call, tier, address), this.#isWithinOwn(call, address, perMinute)];
    if (passes.includes(false)) return { status: 429, reason: null, refused_by: 'rate' };
    const isUsedUp = route === 'job-submit' && allowed && this.#jobsOf(account, at) >= allowed.jobs_per_month;
    return isUsedUp ? { status: 429, reason: null, refused_by: 'quota' } : undefined;
  }

  #jobsOf(account: string | null, at: number): number {
    const customer = customerCalled(account);
    return customer ? usedAt(this.#state, customer, at).jobs_this_month : 0;
  }

  #isWithinOwn({ account, route, at }: Timed, address: string, perMinute: number): boolean {
    return routes[route].class === 'essential' || this.#buckets.passes(account ?? address, at, perMinute, perMinute / 10);
  }

  #isWithinLimits(call: Timed, tier: string | null, address: string): boolean {
    return Object.entries(limitsAt(this.#state, call.at)).every(([scope, { per_minute, burst }]) => {
      const key = limitedBy(scope, call, tier, address);
      return key === undefined || this.#buckets.passes(key, call.at, per_minute, burst);
    });
  }

  /** With a key of its own in each process, a token is good in one of them only. */
  #answered(call: Timed): Refused {
    const { route, account, status, reason, at } = call;
    if (route === 'login') return this.#login(call);
    const isForeign = this.#trouble?.kind === 'bad-tokens' && account !== null && at >= this.#trouble.from;
    if (isForeign && chance(seedOf(account), at) < 1 - 1 / Math.max(3, this.#processes))
      return { status: 401, reason: 'bad_token', refused_by: null };
    return { status, reason, refused_by: null };
  }

  #login(call: Timed): Refused {
    const { account, status, reason } = call;
    const passed = { status, reason, refused_by: null };
    if (reason === 'unknown_user') return passed;
    const key = accountKey(reached(call, this.#processes), account);
    const before = this.#attempts.get(key) ?? none;
    this.#attempts.set(key, attempted(before, call));
    return before.lockedUntil > call.at ? { status: 423, reason: 'locked', refused_by: null } : passed;
  }
}
