/** Each pod that serves logins, at its own address: users, sessions and lockouts are in the memory of each process. */

import type { Account, OperatorApi } from '../connectors/operator-api.ts';
import { notConnected, SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { operatorApiOf } from '../operators.ts';
import { livePods } from '../engine/templates.ts';
import type { Access } from '../platform/access.ts';
import { type Platform, workloadOf } from '../platform.ts';
import { anyPod } from '../quantum/hub.ts';

export interface LoginPod {
  name: string;
  api: OperatorApi;
}

/** @throws SystemError where no one logs in to the platform itself */
export function accessOf({ access }: Pick<Platform, 'access'>): Access {
  if (access) return access;
  throw new SystemError({ system: 'The platform description', fault: 'not described', text: 'has no section access' });
}

/** @throws SystemError where no account of ours is connected */
export function accountOf({ account }: OperatorApi): Account {
  if (!account) throw notConnected('The account that tries logins', 'NQBA_SYNTHETIC_EMAIL and NQBA_SYNTHETIC_PASSWORD');
  return account;
}

/** Where pods have no address of their own, the one that the Service chooses. @throws SystemError */
export async function loginPods(deps: Deps): Promise<LoginPod[]> {
  const operatorApi = operatorApiOf(deps);
  const { namespace, selector } = workloadOf(deps.platform, accessOf(deps.platform).workload);
  const { ofPod } = operatorApi;
  if (!ofPod) return [{ name: anyPod, api: operatorApi }];
  const { kubernetes } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const pods = await livePods(kubernetes, namespace, selector);
  return pods
    .filter(({ status }) => status.phase === 'Running')
    .map(({ metadata: { name }, status }) => ({ name, api: ofPod({ name, ip: status.podIP }) }));
}

export interface AnswerOfPod<T> {
  pod: string;
  answer?: T;
  fault?: SystemError;
}

/** The same of each; one that does not answer is a fault. */
export const ofEach = <T>(pods: LoginPod[], ask: (pod: LoginPod) => Promise<T>): Promise<AnswerOfPod<T>[]> =>
  Promise.all(
    pods.map(async one => {
      try {
        return { pod: one.name, answer: await ask(one) };
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
        return { pod: one.name, fault: error };
      }
    }),
  );
