/** Accounts that are locked now, in whichever pod, as a list that people review: what becomes of each, and why. */

import { z } from 'zod';
import type { OperatorApi } from '../connectors/operator-api.ts';
import type { PlatformUser } from '../connectors/operator-api/users.ts';
import { rangeOf } from '../gateway/ranges.ts';
import { type Attempt, type Read, takenOver } from './attempts.ts';

/** `unlock`, or `reset`: it stays locked, and its owner must set another password. */
export const accountItem = z.object({
  id: z.string().min(1).max(320),
  becomes: z.enum(['unlock', 'reset']),
  failures: z.int().min(0),
  because: z.string().max(300),
});
export type AccountItem = z.infer<typeof accountItem>;

const perPage = 100;
/** A platform with more users is not read to the end. */
const most = 20_000;

/** @throws SystemError */
export async function usersOf({ api }: { api: Pick<OperatorApi, 'users'> }): Promise<PlatformUser[]> {
  const all: PlatformUser[] = [];
  for (;;) {
    const { users, total } = await api.users.page({ limit: perPage, offset: all.length });
    all.push(...users);
    if (users.length === 0 || all.length >= total || all.length >= most) return all;
  }
}

export const isLocked = ({ status }: PlatformUser) => status === 'locked';

/** Locked in any pod, each once. */
export const lockedIn = (users: PlatformUser[]): PlatformUser[] => [
  ...new Map(users.filter(isLocked).map(user => [user.id, user])).values(),
];

interface Reviewed {
  items: AccountItem[];
  /** They stay as they are: their lock ends by itself. */
  left: number;
}

/** Unlocked is only an account whose every failure is known, and came from an address that is blocked now. */
export function reviewed(locked: PlatformUser[], { logins, isAll }: Pick<Read, 'logins' | 'isAll'>, blocked: string[]): Reviewed {
  const entered = takenOver(logins);
  const ranges = blocked.flatMap(cidr => rangeOf(cidr) ?? []);
  const isBlocked = ({ address }: Attempt) => {
    const range = rangeOf(address);
    return range !== undefined && ranges.some(one => one.family === range.family && one.from <= range.from && range.to <= one.to);
  };
  const items = locked.flatMap(({ id, email }): AccountItem[] => {
    const failures = sinceSuccess(logins.filter(({ account }) => account === id || account === email)).filter(hasTried);
    const item = { id, failures: failures.length };
    if (entered.has(id) || entered.has(email)) return [{ ...item, becomes: 'reset', because: afterSuccess }];
    return isAll && failures.length > 0 && failures.every(isBlocked)
      ? [{ ...item, becomes: 'unlock', because: onlyBlocked }]
      : [];
  });
  return { items, left: locked.length - items.length };
}

/** Attempts before the last success lock no one. */
function sinceSuccess(logins: Attempt[]): Attempt[] {
  const sorted = logins.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return sorted.slice(sorted.findLastIndex(({ failed }) => failed === undefined) + 1);
}

/** Whoever is refused because of the lock has not tried a password. */
const hasTried = ({ failed }: Attempt) => failed !== 'locked';

const afterSuccess = 'someone entered it after failing to: it stays locked, and its password is set again';
const onlyBlocked = 'every failed attempt came from an address that is blocked now';
