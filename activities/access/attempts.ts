/** Login attempts in the access log, and what they have in common. Addresses and accounts stay here: only shares of them are told. */

import type { AccessLine, AccessLog } from '../connectors/operator-api/access-log.ts';
import { linesPerPage } from '../connectors/operator-api/access-log.ts';
import { type LoginReason, loginReasons } from './facts.ts';

/** More are not read: the newest are left out, and it is said. */
const most = 60_000;

const isReason = (reason: string | undefined): reason is LoginReason => loginReasons.some(one => one === reason);
const reasonOf = ({ reason }: AccessLine): LoginReason | undefined => (isReason(reason) ? reason : undefined);

export interface Attempt extends AccessLine {
  failed: LoginReason | undefined;
}

/** A call that a limit or a block refused has tried nothing; a token that is refused has, on whichever route. */
const isAttempt = (line: AccessLine) =>
  line.refusedBy === undefined && (reasonOf(line) !== undefined || (/\/login$/.test(line.route) && line.status === 200));

export interface Read {
  attempts: Attempt[];
  isAll: boolean;
}

/** Milliseconds since 1970. @throws SystemError */
export async function attemptsBetween(log: AccessLog, from: number, to: number): Promise<Read> {
  const span = { since: new Date(from).toISOString(), until: new Date(to).toISOString(), limit: linesPerPage };
  const attempts: Attempt[] = [];
  let cursor: string | undefined;
  let lines = 0;
  do {
    const page = await log.page({ ...span, cursor });
    attempts.push(...page.lines.filter(isAttempt).map(line => ({ ...line, failed: reasonOf(line) })));
    lines += page.lines.length;
    cursor = page.next;
  } while (cursor !== undefined && lines < most);
  return { attempts, isAll: cursor === undefined };
}

export const failedOf = (attempts: Attempt[]) => attempts.filter(({ failed }) => failed !== undefined);

/** The value that most of them have, and its part of all; nothing where none has one. */
export function leading<T>(all: Attempt[], of: (attempt: Attempt) => T | undefined): { value: T; share: number; kinds: number } | undefined {
  const groups = Map.groupBy(all, of);
  groups.delete(undefined);
  const [first] = [...groups].toSorted(([, a], [, b]) => b.length - a.length);
  return first?.[0] === undefined ? undefined : { value: first[0], share: first[1].length / all.length, kinds: groups.size };
}

/** The first half of an address: a /16 of IPv4, a /48 of IPv6. */
export const networkOf = ({ address }: Attempt) =>
  address.includes(':') ? address.split(':').slice(0, 3).join(':') : address.split('.').slice(0, 2).join('.');

/** So many failures in a row, and then a success from one of those addresses. */
const afterFailures = 3;

/** Accounts that someone entered after failing to. */
export function takenOver(attempts: Attempt[]): Set<string> {
  const taken = new Set<string>();
  for (const [account, those] of Map.groupBy(attempts, one => one.account)) {
    if (account === undefined) continue;
    const tries = those.filter(({ failed }) => failed === undefined || failed === 'wrong_password' || failed === 'locked');
    if (hasEntered(tries.toSorted((a, b) => (a.at < b.at ? -1 : 1)))) taken.add(account);
  }
  return taken;
}

/** People who forgot their password fail and succeed from one place too: they never fail from several. */
function hasEntered(tries: Attempt[]): boolean {
  let failures: Attempt[] = [];
  for (const one of tries) {
    if (one.failed !== undefined) failures.push(one);
    else if (failures.length >= afterFailures && isForced(failures)) return true;
    else failures = [];
  }
  return false;
}

const byHand = 10;
const isForced = (failures: Attempt[]) =>
  failures.length >= byHand || new Set(failures.map(({ address }) => address)).size > 1;
