/** Limits of calls, quotas of customers, and where calls come from. */

import { checking } from './checking.ts';
import type { Deps } from './deps.ts';
import { asActivity } from './engine/activity.ts';
import { type AbuseInput, checkAbuse } from './gateway/abuse.ts';
import { blockSources } from './gateway/block-sources.ts';
import { checkLimits, type LimitsInput } from './gateway/limits.ts';
import { checkQuotas, type QuotasInput } from './gateway/quotas.ts';
import { raiseQuotas } from './gateway/raise-quotas.ts';
import { setLimit } from './gateway/set-limit.ts';
import { checkTraffic, type TrafficInput } from './gateway/traffic.ts';

/** By their names, so that undo finds them. */
export const gatewayActions = { setLimit, blockSources, raiseQuotas };

export const gatewayActivities = (deps: Deps) => ({
  setLimit: asActivity(deps, setLimit),
  blockSources: asActivity(deps, blockSources),
  raiseQuotas: asActivity(deps, raiseQuotas),

  /** Used against allowed: customers by tier, calls of Dynex, ResourceQuotas. Reads only. */
  quotas: checking((input: QuotasInput) => checkQuotas(deps, input)),

  /** Customers, endpoints and addresses of the last hour against the same hour of seven days. Reads only. */
  traffic: checking((input: TrafficInput) => checkTraffic(deps, input)),

  /** Rules over the access log, each hit with a sample: abuse, or a bug. Reads only. */
  abuse: checking((input: AbuseInput) => checkAbuse(deps, input)),

  /** Limits in force at each layer against reviewed ones. With `probe` customers of ours call until they are refused; beside that it reads only. */
  limits: checking((input: LimitsInput) => checkLimits(deps, input)),
});
