/** Customers, endpoints and addresses that call, against the same hour of seven days. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { AccessLine } from '../connectors/operator-api/access-log.ts';
import type { Deps } from '../deps.ts';
import { freeze } from '../engine/frozen-list.ts';
import type { Gateway } from '../platform/gateway.ts';
import { type Piece, shownPiece } from './access-lines.ts';
import { operatorApiOf } from '../operators.ts';
import { hasClientAddresses } from './client-addresses.ts';
import { type By, grouped, shareOf, spelled } from './counted.ts';
import type { TrafficFacts } from './facts.ts';
import { type Callers, callersOf, customersIn, isGrown, shownCallers } from './callers.ts';
import { callsNow, callsOfDays, isCovered } from './usual-calls.ts';

export interface TrafficInput {
  /** All three unless told. */
  by?: By;
  /** The name under which customers that grew are frozen. */
  freeze?: string;
}

/** One customer with more of all calls than this is a finding. */
const largeShare = 0.3;
/** Fewer lines tell nothing. */
const fewest = 20;

/** @throws SystemError */
export async function checkTraffic(deps: Deps, { by, freeze: name }: TrafficInput): Promise<Finding<TrafficFacts>> {
  const { accessLog } = operatorApiOf(deps);
  const now = await callsNow(deps, accessLog);
  if (now.lines.length < fewest)
    return {
      verdict: 'unknown',
      evidence: `The access log has ${now.lines.length} lines of the last hour: too few to judge by.`,
    };
  const days = await callsOfDays(deps, accessLog);
  const hasAddresses = hasClientAddresses(now.lines);
  const wanted = (by ? [by] : (['customer', 'endpoint', 'address'] as const)).filter(one => one !== 'address' || hasAddresses);
  const callers = wanted.map(one => callersOf(now, days, one));
  const facts = factsOf({ now, days, callers, hasAddresses, gateway: deps.platform.gateway });
  const items = customersIn(callers.find(one => one.by === 'customer'));
  const frozen = name !== undefined && items.length > 0 ? await freeze(deps.systems.artifacts, name, items) : undefined;
  return {
    ...judged({ now, days, callers, facts }),
    facts: { ...facts, frozen: frozen?.count ?? 0 },
    ...(frozen && { frozen }),
  };
}

interface Seen {
  now: Piece;
  days: Piece[];
  callers: Callers[];
  hasAddresses: boolean;
  gateway: Gateway | undefined;
}

function factsOf({ now, days, callers, hasAddresses, gateway }: Seen): TrafficFacts {
  const perMinute = perMinuteIn(now);
  const usual = days.map(perMinuteIn).toSorted((a, b) => a - b)[Math.floor((days.length - 1) / 2)];
  const ofCustomers = callers.find(({ by }) => by === 'customer');
  const grown = new Set(ofCustomers?.all.filter(isGrown).map(({ name }) => name));
  const essential = (line: AccessLine) => gateway?.routes.essential.some(path => line.route.startsWith(path)) ?? false;
  return {
    calls: perMinute,
    timesUsual: isCovered(days) && usual ? perMinute / usual : undefined,
    refused: shareOf(now.lines, isRefused),
    refusedByQuota: shareOf(now.lines, ({ refusedBy }) => refusedBy === 'quota'),
    refusedByRate: shareOf(now.lines, line => isRefused(line) && line.refusedBy !== 'quota'),
    refusedEssential: shareOf(now.lines.filter(essential), line => isRefused(line) && line.refusedBy !== 'quota'),
    topShare: (ofCustomers?.all[0]?.perMinute ?? 0) / perMinute,
    grown: callers.reduce((sum, { all }) => sum + all.filter(isGrown).length, 0),
    routesOfGrown: new Set(now.lines.flatMap(({ account, route }) => (account && grown.has(spelled(account)) ? [route] : [])))
      .size,
    cutOff: cutOffIn(now.lines),
    hasAddresses,
    frozen: 0,
  };
}

const isRefused = ({ status }: AccessLine) => status === 429;
const perMinuteIn = ({ lines, covers }: Piece) => lines.length / (covers / 60_000);

/** Customers that pay most: ten calls of theirs and more were refused, and none was answered. */
function cutOffIn(lines: AccessLine[]): number {
  const best = lines.filter(({ tier, route }) => (tier === 'premium' || tier === 'luxury') && !route.includes('/auth/'));
  const customers = [...grouped(best, ({ account }) => account && spelled(account)).values()];
  return customers.filter(own => own.length >= 10 && own.every(isRefused)).length;
}

function judged({ now, days, callers, facts }: Pick<Seen, 'now' | 'days' | 'callers'> & { facts: TrafficFacts }): Finding {
  const isLarge = callers.some(({ by }) => by === 'customer') && facts.topShare > largeShare;
  const faults = [
    ...(isLarge ? [`One customer has ${percent(facts.topShare)} of all calls.`] : []),
    ...callers.flatMap(shownCallers),
  ];
  const usual = facts.timesUsual === undefined ? '' : `, ${Number(facts.timesUsual.toPrecision(2))} times the usual`;
  const refused = `${percent(facts.refused)} refused: ${percent(facts.refusedByQuota)} by quota, ${percent(facts.refusedByRate)} by rate`;
  const calls = `${Math.round(facts.calls)} calls a minute${usual}, ${refused}.`;
  const hidden = facts.hasAddresses ? '' : ' The log has no addresses of clients: addresses are unknown.';
  const source = ` From ${shownPiece(now)}, against ${days.length} days.${hidden}`;
  if (faults.length > 0) return { verdict: 'faulty', evidence: `${faults.join(' ')} ${calls}${source}` };
  if (!isCovered(days))
    return {
      verdict: 'unknown',
      evidence: `The access log covers ${days.length} of the seven days before: growth is unknown. ${calls}${source}`,
    };
  return { verdict: 'healthy', evidence: `No one calls five times as much as usual. ${calls}${source}` };
}

const percent = (share: number) => `${Number((share * 100).toPrecision(2))}%`;
