/** Login attempts and refused tokens in the access log, and what they have in common. Addresses and accounts stay here. */

import type { AccessLine, AccessLog } from '../connectors/operator-api/access-log.ts';
import { linesPerPage } from '../connectors/operator-api/access-log.ts';
import { isLogin } from '../gateway/login-rules.ts';
import { type LoginReason, loginReasons } from './facts.ts';

/** More lines are not read: the oldest are left out, and it is said. */
const most = 120_000;
/** Milliseconds: the newest are read first, in slices. */
const slice = 300_000;

const isReason = (reason: string | undefined): reason is LoginReason => loginReasons.some(one => one === reason);

export interface Attempt extends AccessLine {
  failed: LoginReason | undefined;
}

export interface Read {
  /** Logins, the failed ones and the others. What a limit or a block refused has tried nothing. */
  logins: Attempt[];
  /** Calls, of whichever route, whose token was refused. */
  refused: Attempt[];
  isAll: boolean;
  /** Milliseconds that were read. */
  lasts: number;
}

/** Milliseconds since 1970. @throws SystemError */
export async function attemptsBetween(log: AccessLog, from: number, to: number): Promise<Read> {
  const lines: AccessLine[] = [];
  let count = 0;
  let begins = to;
  while (begins > from && count < most) {
    const since = Math.max(from, begins - slice);
    count += await readInto(lines, log, since, begins);
    begins = since;
  }
  const all = lines.map(line => ({ ...line, failed: isReason(line.reason) ? line.reason : undefined }));
  const logins = all.filter(one => isLogin(one) && (one.failed !== undefined || one.status === 200));
  const refused = all.filter(one => !isLogin(one) && one.failed !== undefined);
  return { logins, refused, isAll: begins <= from, lasts: to - begins };
}

/** Only those that matter are kept. */
async function readInto(kept: AccessLine[], log: AccessLog, from: number, to: number): Promise<number> {
  const span = { since: new Date(from).toISOString(), until: new Date(to).toISOString(), limit: linesPerPage };
  let cursor: string | undefined;
  let count = 0;
  do {
    const page = await log.page({ ...span, cursor });
    kept.push(...page.lines.filter(line => line.refusedBy === undefined && (isLogin(line) || isReason(line.reason))));
    count += page.lines.length;
    cursor = page.next;
  } while (cursor !== undefined && count < most);
  return count;
}

export const failedOf = (attempts: Attempt[]) => attempts.filter(({ failed }) => failed !== undefined);

interface Leading<T> {
  value: T;
  /** Part of all. */
  share: number;
  kinds: number;
}

/** The value that most of them have; nothing where none has one. */
export function leading<T>(all: Attempt[], of: (attempt: Attempt) => T | undefined): Leading<T> | undefined {
  const groups = Map.groupBy(all, of);
  groups.delete(undefined);
  const [first] = [...groups].toSorted(([, a], [, b]) => b.length - a.length);
  return first?.[0] === undefined ? undefined : { value: first[0], share: first[1].length / all.length, kinds: groups.size };
}

/** The reason with most failures beyond those of before, and its part of these. */
export function grownMost(former: Read, since: Read): Pick<Leading<LoginReason>, 'value' | 'share'> | undefined {
  const times = former.lasts === 0 ? 0 : since.lasts / former.lasts;
  const countOf = ({ logins, refused }: Read, reason: LoginReason) =>
    [...logins, ...refused].filter(({ failed }) => failed === reason).length;
  const more = loginReasons.map(value => ({ value, count: countOf(since, value) - times * countOf(former, value) }));
  const grown = more.filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count);
  const [first] = grown;
  return first && { value: first.value, share: first.count / grown.reduce((sum, { count }) => sum + count, 0) };
}

/** The first half of an address: a /16 of IPv4, a /48 of IPv6. */
export const networkOf = ({ address }: Attempt) =>
  address.includes(':') ? address.split(':').slice(0, 3).join(':') : address.split('.').slice(0, 2).join('.');

const manyFailures = 10;
/** People fail so often by themselves. */
const fewFailures = 3;

/** Accounts that someone entered after failing to. */
export function takenOver(logins: Attempt[]): Set<string> {
  const byAccount = Map.groupBy(logins, one => one.account);
  byAccount.delete(undefined);
  const taken = [...byAccount].filter(([, those]) => isEntered(those.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))));
  return new Set(taken.flatMap(([account]) => account ?? []));
}

/** From an address that fails on it too, in the middle of many failures; never from one that its owner used before them. */
function isEntered(tries: Attempt[]): boolean {
  const failing = new Set(failedOf(tries).map(({ address }) => address));
  if (failedOf(tries).length < manyFailures) return false;
  const owners = new Set<string>();
  let failures = 0;
  for (const { failed, address } of tries) {
    if (failed !== undefined) failures += 1;
    else if (failures < fewFailures) owners.add(address);
    else if (failing.has(address) && !owners.has(address)) return true;
  }
  return false;
}
