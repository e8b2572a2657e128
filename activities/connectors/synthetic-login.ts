/** The account of ours with which logins are tried: on no list of exceptions, and nobody else's. */

import { z } from 'zod';
import { describeSystem, documented, text } from './description.ts';
import type { Secrets } from './pager.ts';
import { notConnected } from './system-error.ts';

export interface SyntheticLogin {
  email: string;
  /** As its file holds it now. @throws SystemError where it is gone */
  password: () => string;
}

interface SyntheticLoginConfig {
  email: string;
  secrets: Secrets;
}

const variable = 'NQBA_LOGIN_PASSWORD';

export const connectSyntheticLogin = ({ email, secrets }: SyntheticLoginConfig): SyntheticLogin => ({
  email,
  password() {
    const password = secrets(variable);
    if (password === undefined) throw notConnected('The synthetic login', variable);
    return password;
  },
});

export const syntheticLoginSystem = describeSystem({
  variables: z.object({
    NQBA_LOGIN_EMAIL: text.optional().register(documented, {
      means: 'the address of an account of ours on the platform, with which logins are tried; needs NQBA_API_TOKEN as well',
      without: 'logins are not tried: whether people can log in is known only from outside, and Authentication Failures does not close by itself',
    }),
    NQBA_LOGIN_PASSWORD: text.optional().register(documented, {
      means: 'the password of that account, which has no rights',
      secret: true,
    }),
  }),
  configure: ({ NQBA_LOGIN_EMAIL: email }, { secrets, variables }): SyntheticLoginConfig | undefined =>
    email !== undefined && variables[variable] !== undefined ? { email, secrets } : undefined,
  missing: ({ NQBA_LOGIN_EMAIL: email, NQBA_LOGIN_PASSWORD: password }) => [
    email && !password && 'NQBA_LOGIN_PASSWORD is missing, but NQBA_LOGIN_EMAIL is set',
    password && !email && 'NQBA_LOGIN_EMAIL is missing, but NQBA_LOGIN_PASSWORD is set',
  ],
  connect: connectSyntheticLogin,
});
