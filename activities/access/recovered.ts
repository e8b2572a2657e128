/** Can people log in again? A synthetic round in every place, and few failures among enough attempts, no more than usual. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { answered } from '../checking.ts';
import type { Deps } from '../deps.ts';
import { operatorApiOf } from '../operators.ts';
import type { LoginFacts } from '../facts.ts';
import { promql, type QueryName } from '../queries.ts';
import { evidenceOf, part, together } from '../together.ts';
import { checkLogin } from './login.ts';
import { attemptsBetween, failedOf } from './attempts.ts';
import { fewest } from './login-failures.ts';
import { accessOf } from './pods.ts';

const most = 0.05;
/** Times the median of seven days. */
const timesUsual = 2;
/** Milliseconds. */
const longest = 600_000;

export async function accessRecovered(deps: Deps): Promise<Finding<LoginFacts>> {
  const [login, failures] = await Promise.all([answered(() => checkLogin(deps)), part(() => checkRatio(deps))]);
  // Without a count of failures the rounds alone prove nothing about customers.
  const counted = 'leftOut' in failures ? { verdict: 'unknown' as const, evidence: failures.leftOut } : failures;
  return { verdict: together([login, counted]), evidence: evidenceOf([login, counted]), facts: login.facts };
}

/** @throws SystemError where neither Prometheus nor the access log counts logins */
export async function checkRatio(deps: Deps): Promise<Finding> {
  accessOf(deps.platform);
  const { attempts, failed, window } = await counted(deps);
  const told = `${Math.round(failed)} of ${Math.round(attempts)} logins failed in ${lasting(window)}`;
  if (attempts < fewest) return { verdict: 'unknown', evidence: `${told}: fewer than ${fewest} are too few to judge by.` };
  const usual = await numberOf(deps, 'usual share of failed logins');
  const ratio = failed / attempts;
  const isUsual = usual === undefined || ratio < Math.max(timesUsual * usual, 1 / fewest);
  const compared =
    usual === undefined ? 'the median of seven days is not known' : `the median of seven days is ${percent(usual)}`;
  const verdict = ratio < most && isUsual ? 'healthy' : 'faulty';
  return { verdict, evidence: `${told} (${percent(ratio)}, wanted below ${percent(most)}); ${compared}.` };
}

const percent = (share: number) => `${Number((share * 100).toPrecision(2))}%`;
const lasting = (ms: number) => (ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} minutes`);

interface Counted {
  attempts: number;
  failed: number;
}

/** By the access log only where Prometheus has no sample of the longest window either. @throws SystemError */
async function counted(deps: Deps): Promise<Counted & { window: number }> {
  const { found, window } = await widened(deps, byPrometheus);
  if (found) return { ...found, window };
  const logged = await widened(deps, byTheLog);
  return { ...logged.found, window: logged.window };
}

/**
 * Over ten minutes, times the platform's pace: the attempts of a practice attack would outlast its incident. A shorter window with too
 * few attempts, or without two samples, becomes longer, up to the ten minutes. @throws SystemError
 */
async function widened<C extends Counted | undefined>(deps: Deps, count: (deps: Deps, window: number) => Promise<C>) {
  for (let wanted = longest * deps.platform.times.pace; ; wanted *= 2) {
    const window = Math.min(wanted, longest);
    const found = await count(deps, window);
    if (window === longest || (found && found.attempts >= fewest)) return { found, window };
  }
}

/** Nothing where Prometheus is not connected, or the platform does not emit it. @throws SystemError */
async function byPrometheus(deps: Deps, window: number): Promise<Counted | undefined> {
  const attempts = await numberOf(deps, 'logins', window);
  return attempts === undefined ? undefined : { attempts, failed: (await numberOf(deps, 'logins failed', window)) ?? 0 };
}

async function byTheLog(deps: Deps, window: number): Promise<Counted> {
  const { logins } = await attemptsBetween(operatorApiOf(deps).accessLog, deps.now() - window, deps.now());
  return { attempts: logins.length, failed: failedOf(logins).length };
}

/** @throws SystemError */
async function numberOf({ systems: { prometheus }, platform }: Deps, name: QueryName, window = longest) {
  const [sample] = (await prometheus?.query(promql(platform.queries, name, { window }))) ?? [];
  return sample && Number.isFinite(sample.value) ? sample.value : undefined;
}
