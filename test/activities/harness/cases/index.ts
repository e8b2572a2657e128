/** Every action that there is. */

import type { Case } from '../case.ts';
import { correctCharges } from './correct-charges.ts';
import { applyPricing } from './apply-pricing.ts';
import { blockSources } from './block-sources.ts';
import { deletePods } from './delete-pods.ts';
import { giveBackReplica } from './give-back-replica.ts';
import { blockSourcesByApi, setLimitByApi } from './own-api.ts';
import { prioritizeJobs } from './prioritize-jobs.ts';
import { raiseFloor } from './raise-floor.ts';
import { raiseQuotas } from './raise-quotas.ts';
import { removePins } from './remove-pins.ts';
import { repinFailed } from './repin-failed.ts';
import { resize } from './resize.ts';
import { restart } from './restart.ts';
import { retryCharges } from './retry-charges.ts';
import { rollBack } from './roll-back.ts';
import { setCharging } from './set-charging.ts';
import { setConfigMap } from './set-config-map.ts';
import { closing, opening, takingBack } from './set-fallback.ts';
import { setIntake } from './set-intake.ts';
import { setLimit } from './set-limit.ts';
import { pinningAsBefore, setPinning } from './set-pinning.ts';
import { setResources } from './set-resources.ts';
import { setShare } from './set-share.ts';
import { setStatusPage } from './set-status-page.ts';
import { silence } from './silence.ts';
import { stopRuns } from './stop-runs.ts';
import { tellCustomers } from './tell-customers.ts';
import { unlockAccounts } from './unlock-accounts.ts';
import { useCredentials } from './use-credentials.ts';
import { useSecret } from './use-secret.ts';

export const breaker: Case[] = [
  opening,
  closing,
  takingBack,
  setShare,
  setStatusPage,
  setIntake,
  prioritizeJobs,
  unlockAccounts,
  setCharging,
  silence,
  resize,
  applyPricing,
];
export const workloads: Case[] = [restart, setConfigMap, setPinning, pinningAsBefore, setResources, rollBack];
export const pods: Case[] = [
  deletePods,
  stopRuns,
  giveBackReplica,
  raiseFloor,
  useSecret,
  setLimit,
  setLimitByApi,
  blockSources,
  blockSourcesByApi,
  raiseQuotas,
];
export const pinned: Case[] = [repinFailed, removePins, useCredentials];

export const paid: Case[] = [correctCharges, retryCharges];

export const mailed: Case[] = [tellCustomers];

export const cases = [...breaker, ...workloads, ...pods, ...pinned, ...paid, ...mailed];
