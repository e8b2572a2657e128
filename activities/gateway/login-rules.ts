/** Rules over failed logins: many accounts from one address, many addresses for one account, and a success after many failures. Pure. */

import type { AccessLine } from '../connectors/operator-api/access-log.ts';
import { sourceOf } from './client-addresses.ts';
import { grouped } from './counted.ts';
import { bySource, type Hit, itemOf, sampleOf } from './rules.ts';

/** Fewer accounts are those of a family or an office. */
const manyAccounts = 10;
const manyAddresses = 10;
const manyFailures = 10;
/** Before the right password, where its address says the rest. */
const fewFailures = 3;

export const isLogin = ({ route, method }: AccessLine) => method === 'POST' && route.endsWith('/auth/login');
const isFailed = ({ status, reason }: AccessLine) => status >= 400 || reason !== undefined;

/** Of the lines of logins; the last rule needs no addresses. */
export function loginHits(logins: AccessLine[], hasAddresses: boolean): Hit[] {
  return [...(hasAddresses ? [...spraying(logins), ...converging(logins)] : []), ...takeovers(logins, hasAddresses)];
}

function spraying(logins: AccessLine[]): Hit[] {
  const rule = 'one address tries many accounts';
  const found = [...bySource(logins.filter(isFailed))].filter(([, lines]) => accountsIn(lines) >= manyAccounts);
  const sources = found.map(([cidr, lines]) => itemOf(cidr, rule, lines));
  const [first] = sources;
  const accounts = accountsIn(found.flatMap(([, lines]) => lines));
  const says = `${rule}: ${sources.length} addresses, ${accounts} accounts, such as ${first?.sample ?? ''}`;
  return first ? [{ rule, kind: 'abuse', sources, says }] : [];
}

const accountsIn = (lines: AccessLine[]) => new Set(lines.flatMap(({ account }) => account ?? [])).size;

function converging(logins: AccessLine[]): Hit[] {
  const rule = 'many addresses try one account';
  const accounts = [...grouped(logins.filter(isFailed), ({ account }) => account).values()];
  const tried = accounts.filter(lines => bySource(lines).size >= manyAddresses);
  const lines = tried.flat();
  const sources = [...bySource(lines)].map(([cidr, own]) => itemOf(cidr, rule, own));
  const [first] = sources;
  const says = `${rule}: ${tried.length} ${tried.length === 1 ? 'account' : 'accounts'}, ${sources.length} addresses, such as ${first?.sample ?? ''}`;
  return first ? [{ rule, kind: 'abuse', sources, says }] : [];
}

/** Many wrong passwords, and among them the right one: from an address of theirs, where addresses are known. */
function takeovers(logins: AccessLine[], hasAddresses: boolean): Hit[] {
  const rule = 'a success after many failures';
  const accounts = [...grouped(logins, ({ account }) => account).values()];
  const taken = accounts.flatMap(lines => takenOver(lines, hasAddresses) ?? []);
  const [first] = taken;
  if (!first) return [];
  const sources = hasAddresses ? [...bySource(taken)].map(([cidr, own]) => itemOf(cidr, rule, own)) : [];
  const says = `${rule}: ${taken.length} ${taken.length === 1 ? 'account' : 'accounts'}, such as ${sampleOf(first)}`;
  return [{ rule, kind: 'abuse', sources, says, takenOver: taken.length }];
}

/** The success itself. A customer who mistypes and then signs in from where it always does is no hit. */
function takenOver(lines: AccessLine[], hasAddresses: boolean): AccessLine | undefined {
  const failures = lines.filter(isFailed);
  if (failures.length < manyFailures) return undefined;
  const needed = hasAddresses ? fewFailures : manyFailures;
  const began = failures.map(({ at }) => Date.parse(at)).toSorted((a, b) => a - b)[needed - 1] ?? Number.POSITIVE_INFINITY;
  const isAfter = ({ at }: AccessLine) => Date.parse(at) > began;
  return lines.find(line => !isFailed(line) && isAfter(line) && (!hasAddresses || isOfTheirs(line, failures)));
}

/** Of an address that failed more often than a customer who mistypes. */
const isOfTheirs = ({ address }: AccessLine, failures: AccessLine[]) =>
  failures.filter(line => sourceOf(line.address) === sourceOf(address)).length >= fewFailures;
