/** Logins: whether they work, why they fail, their settings, and the accounts that are locked. */

import { checkLogin } from './access/login.ts';
import { checkLoginFailures, type LoginFailuresInput } from './access/login-failures.ts';
import { type AccessSettingsInput, checkSettings } from './access/settings.ts';
import { unlockAccounts } from './access/unlock-accounts.ts';
import { checking } from './checking.ts';
import type { Deps } from './deps.ts';
import { asActivity } from './engine/activity.ts';

/** By their names, so that undo finds them. */
export const accessActions = { unlockAccounts };

export const accessActivities = (deps: Deps) => ({
  unlockAccounts: asActivity(deps, unlockAccounts),

  /** Login, use, refresh and logout with an account of ours, in every pod and from outside. Opens and ends a session of its own. */
  login: checking((_: object) => checkLogin(deps)),

  /** Failed logins by reason, address, network, client and account, against those before; and the accounts that are locked. Reads only. */
  loginFailures: checking((input: LoginFailuresInput) => checkLoginFailures(deps, input)),

  /** Settings of logins: equal in all pods, as reviewed, and the token of one pod accepted by every other. */
  settings: checking((input: AccessSettingsInput) => checkSettings(deps, input)),
});
