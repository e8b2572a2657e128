/** One synthetic round: log in, use the token, refresh it, use the new one, log out. */

import type { Account, OperatorApi } from '../connectors/operator-api.ts';
import { SystemError } from '../connectors/system-error.ts';

const stages = ['login', 'use', 'refresh', 'logout'] as const;
type Stage = (typeof stages)[number];

/** `stage` is where it failed, with the answer. */
export type Round = { works: true; took: number } | { works: false; stage: Stage; fault: SystemError };

/** A session that a failed round leaves behind ends by itself. */
export async function tryLogin({ signIn }: OperatorApi, { email, password }: Account, now: () => number): Promise<Round> {
  const began = now();
  let stage: Stage = 'login';
  try {
    const first = await signIn.login(email, password);
    stage = 'use';
    await signIn.me(first.accessToken);
    stage = 'refresh';
    const { accessToken } = await signIn.refresh(first.refreshToken);
    await signIn.me(accessToken);
    stage = 'logout';
    await signIn.logout(accessToken);
    return { works: true, took: now() - began };
  } catch (error) {
    if (!(error instanceof SystemError) || error.fault === 'not connected') throw error;
    return { works: false, stage, fault: error };
  }
}
