/** Unlocks the accounts of a list that a check froze and a person reviewed, in every pod: users are in the memory of each process. */

import type { Effect } from '../../workflows/contract/action.ts';
import type { PlatformUser } from '../connectors/operator-api/users.ts';
import type { Deps } from '../deps.ts';
import { operatorApiOf } from '../operators.ts';
import type { Action, ActionContext } from '../engine/action.ts';
import { type List, type Listed, runList } from '../engine/run-list.ts';
import { stopped } from '../failures.ts';
import { attemptsBetween, takenOver } from './attempts.ts';
import { type AccountItem, accountItem, isLocked, usersOf } from './locked.ts';
import { accessOf, type LoginPod, loginPods } from './pods.ts';

export const unlockAccounts: Action<Listed> = {
  name: 'unlockAccounts',
  run: (input, context) => runList(unlocking(), input, context),
  undo: 'an account that was unlocked may be in use: lock it by hand, with PUT /api/v1/users/{id} in each pod',
};

/** Of one run: what was read once for all of its items. */
function unlocking(): List<Listed, AccountItem> {
  let entered: Promise<Set<string>> | undefined;
  return {
    name: 'unlockAccounts',
    item: accountItem,
    nameOf: ({ id }) => `Account ${id}`,
    atMost: 20,
    words: async (items, { list }) => wordsOf(items, list.name),
    asks: async () => 'People decide which accounts are unlocked.',
    one: async (item, _key, context) => {
      entered ??= enteredLately(context.deps);
      return item.becomes === 'reset' ? resetIn(item, context) : unlockIn(item, await entered, context);
    },
    measure: (items, _, { deps }) => measured(items, deps),
  };
}

/** Accounts stay in the list: only counts of them are told. */
function wordsOf(items: AccountItem[], name: string) {
  const resets = items.filter(({ becomes }) => becomes === 'reset').length;
  const unlocks = items.length - resets;
  return {
    field: 'accounts',
    summary: `Of the list “${name}” ${unlocks} accounts are unlocked, and ${resets} stay locked and need another password.`,
    consequences: [
      ...(unlocks > 0 ? ['Whoever knows the password of one that is unlocked can log in.'] : []),
      ...(resets > 0
        ? ['Someone entered those that need another password: tell their owners by another way than the account.']
        : []),
    ],
  };
}

/** @throws SystemError */
async function enteredLately(deps: Deps): Promise<Set<string>> {
  const { lockMinutes } = accessOf(deps.platform).reviewed;
  const now = deps.now();
  return takenOver((await attemptsBetween(operatorApiOf(deps).accessLog, now - lockMinutes * 120_000, now)).logins);
}

/** @throws `Refused` where someone has entered the account since it was frozen */
async function unlockIn({ id }: AccountItem, entered: Set<string>, context: ActionContext): Promise<string> {
  let was = 'not locked any more';
  for (const { pod, user } of await everywhere(id, context)) {
    if (entered.has(id) || entered.has(user.email))
      throw stopped('Refused', 'someone has entered it after failing to: it stays locked.');
    if (!isLocked(user)) continue;
    await pod.api.users.set(id, { status: 'active' });
    was = 'unlocked';
  }
  return was;
}

async function resetIn({ id }: AccountItem, context: ActionContext): Promise<string> {
  let was = 'asked for another password already';
  for (const { pod, user } of await everywhere(id, context)) {
    if (user.passwordResetRequired) continue;
    await pod.api.users.set(id, { passwordResetRequired: true });
    was = 'must set another password';
  }
  return was;
}

interface Seen {
  pod: LoginPod;
  user: PlatformUser;
}

/** As each pod remembers it now. @throws `NotFound` where no pod knows it */
async function everywhere(id: string, { deps, running }: ActionContext): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const pod of await loginPods(deps)) {
    running.heartbeat();
    const user = (await usersOf(pod)).find(one => one.id === id);
    if (user) seen.push({ pod, user });
  }
  if (seen.length === 0) throw stopped('NotFound', 'no pod knows it.');
  return seen;
}

/** @throws SystemError */
async function measured(items: AccountItem[], deps: Deps): Promise<Effect> {
  const users = (await Promise.all((await loginPods(deps)).map(usersOf))).flat();
  const isAsMeant = ({ id, becomes }: AccountItem) =>
    users.filter(user => user.id === id).every(user => (becomes === 'reset' ? user.passwordResetRequired : !isLocked(user)));
  const good = items.filter(isAsMeant).length;
  const text = `${good} of ${items.length} accounts are as the list says, in every pod.`;
  if (good === items.length) return { measured: 'whole', text };
  return { measured: good > 0 ? 'part' : 'none', text };
}
