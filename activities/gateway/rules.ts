/** Rules over the access log that tell abuse from a bug. A hit names its sources, and shows one line. Pure. */

import type { AccessLine } from '../connectors/operator-api/access-log.ts';
import { sourceOf } from './client-addresses.ts';
import { grouped, median, shareOf } from './counted.ts';
import type { SourceItem } from './items.ts';

export interface Hit {
  rule: string;
  kind: 'abuse' | 'bug';
  sources: SourceItem[];
  /** For people: how many, and what they did; no address and no account. */
  says: string;
  /** Accounts that were signed in to after many failures. */
  takenOver?: number;
}

/** A source with fewer lines tells nothing. */
export const fewestLines = 30;
const timesMedian = 10;

export const isError = ({ status }: AccessLine) => status >= 400 && status !== 429;

/** Calls of no account, or of several: those of one customer are its own, and its quota's affair. */
const isOfOneCustomer = (lines: AccessLine[]) => {
  const accounts = new Set(lines.map(({ account }) => account));
  return accounts.size === 1 && !accounts.has(undefined);
};

/** By the range that one customer has. */
export const bySource = (lines: AccessLine[]) => grouped(lines, ({ address }) => sourceOf(address));

export function itemOf(cidr: string, rule: string, lines: AccessLine[]): SourceItem {
  const [first] = lines;
  return {
    cidr,
    rule,
    calls: lines.length,
    accepted: lines.filter(({ status }) => status !== 429 && status !== 403).length,
    accounts: new Set(lines.flatMap(({ account }) => account ?? [])).size,
    sample: first ? sampleOf(first) : '',
  };
}

/** Without the address and the account: those are in the list. */
export const sampleOf = ({ at, method, route, status, reason, userAgent }: AccessLine) =>
  `${at} ${method} ${route} ${status}${reason === undefined ? '' : ` ${reason}`}, client ${userAgent.slice(0, 80) || 'without a name'}`;

type Rule = (sources: Map<string, AccessLine[]>) => Hit[];

const flood: Rule = sources => {
  const usual = median([...sources.values()].map(({ length }) => length)) ?? 0;
  const found = [...sources].filter(
    ([, lines]) => lines.length >= fewestLines && lines.length > timesMedian * usual && !isOfOneCustomer(lines),
  );
  return hitOf('one address calls more than ten times the median', found);
};

const errors: Rule = sources => {
  const found = [...sources].filter(
    ([, lines]) => lines.length >= fewestLines && shareOf(lines, isError) > 0.5 && !isOfOneCustomer(lines),
  );
  return hitOf('more than half of its calls are errors', found);
};

/** Only where the log has ids: routes are often written without them. */
const sequence: Rule = sources => {
  const found = [...sources].filter(([, lines]) => longestRun(lines) >= fewestLines);
  return hitOf('ids one after the other', found);
};

function longestRun(lines: AccessLine[]): number {
  let [longest, run, last] = [0, 0, Number.NaN];
  for (const { route } of lines) {
    const id = Number(/\/(\d{1,15})$/.exec(route)?.[1] ?? Number.NaN);
    run = id === last + 1 ? run + 1 : 1;
    [longest, last] = [Number.isNaN(id) ? longest : Math.max(longest, run), id];
  }
  return longest;
}

function hitOf(rule: string, found: [string, AccessLine[]][]): Hit[] {
  if (found.length === 0) return [];
  const most = found.toSorted(([, a], [, b]) => b.length - a.length);
  const sources = most.map(([cidr, lines]) => itemOf(cidr, rule, lines));
  const named = `${sources.length} ${sources.length === 1 ? 'source' : 'sources'}`;
  return [{ rule, kind: 'abuse', sources, says: `${rule}: ${named}, such as ${sources[0]?.sample ?? ''}` }];
}

/** Rules that need addresses of clients. */
export const addressRules: Rule[] = [flood, errors, sequence];

/** Milliseconds: who calls again sooner than this has not waited. */
const noBackoff = 2000;

/** One version of a client calls one route again at once when it failed: a bug of ours or of a customer. */
export function retryLoops(lines: AccessLine[]): Hit[] {
  const clients = grouped(lines, ({ account, userAgent }) => (account === undefined ? undefined : `${account} ${userAgent}`));
  const looping = [...clients.values()].filter(isLooping);
  const [first] = looping;
  const example = first?.find(({ status }) => status >= 400);
  if (!first || !example) return [];
  const versions = new Set(looping.map(([line]) => line?.userAgent)).size;
  const rule = 'calls again at once when it failed';
  const says = `${rule}: ${looping.length} ${looping.length === 1 ? 'customer' : 'customers'} with ${versions === 1 ? 'the same client version' : `${versions} client versions`}, such as ${sampleOf(example)}`;
  return [{ rule, kind: 'bug', sources: [], says }];
}

function isLooping(lines: AccessLine[]): boolean {
  if (lines.length < fewestLines) return false;
  const [busiest] = [...grouped(lines, ({ route }) => route).values()].toSorted((a, b) => b.length - a.length);
  if (!busiest || busiest.length < lines.length * 0.8 || shareOf(busiest, ({ status }) => status >= 400) <= 0.5) return false;
  const gaps = busiest.slice(1).flatMap((line, index) => {
    const before = busiest[index];
    return before && before.status >= 400 ? [Date.parse(line.at) - Date.parse(before.at)] : [];
  });
  return (median(gaps) ?? Number.POSITIVE_INFINITY) < noBackoff;
}
