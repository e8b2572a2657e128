/** The activities about logins that a runbook may call, in words. */

import type { Described } from './described.ts';

type Name = 'login' | 'loginFailures' | 'settings' | 'unlockAccounts';

export const access: { readonly [N in Name]: Described<N> } = {
  login: {
    subject: 'access',
    does: 'Checks that an account of ours can log in, use and refresh its token, and log out, in every pod and from outside; unknown where an allow list spares that account',
    input: {},
  },
  loginFailures: {
    subject: 'access',
    does: 'Checks how many logins failed since the alert, why, and how they are spread over addresses, networks, clients and accounts',
    input: {
      before: 'optional, RFC 3339: compares what came after with what came before',
      freeze: 'optional; the name under which locked accounts are frozen for an action',
    },
  },
  settings: {
    subject: 'access',
    does: 'Checks that settings of logins are as reviewed and equal in all pods, and that each accepts the tokens of the others',
    input: { what: "optional; 'jwt', 'passwords' or 'hosts'; all unless told" },
  },
  unlockAccounts: {
    subject: 'access',
    does: 'Unlocks the accounts of a list that a check froze; those that someone entered stay locked and need another password',
    input: { list: 'the name under which a check froze them' },
    asks: 'always',
    undo: 'none: an account that was unlocked may be in use; lock it by hand',
  },
};
