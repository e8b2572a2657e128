/** Failed logins since the alert against those before: by reason, address, network, client and account. Told in shares, never by name. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';
import { operatorApiOf } from '../operators.ts';
import { blockedNow } from '../gateway/blocked-now.ts';
import { freeze as frozen } from '../engine/frozen-list.ts';
import { type Attempt, attemptsBetween, failedOf, grownMost, leading, networkOf, type Read, takenOver } from './attempts.ts';
import type { LoginFailuresFacts } from './facts.ts';
import { lockedIn, reviewed, usersOf } from './locked.ts';
import { accessOf, loginPods, ofEach } from './pods.ts';

export interface LoginFailuresInput {
  /** RFC 3339: what came before is compared with what came after; an hour ago where it is absent. */
  before?: string;
  /** The name under which locked accounts are frozen that can be unlocked, or need another password. */
  freeze?: string;
}

const minute = 60_000;
/** Fewer attempts say nothing of how many fail. */
export const fewest = 50;
const usual = 0.05;
const tooMany = 0.1;
/** More accounts that are locked at once are no chance. */
const lockedByChance = 5;

/** @throws SystemError where the platform describes no logins, or offers no access log */
export async function checkLoginFailures(
  deps: Deps,
  { before, freeze }: LoginFailuresInput,
): Promise<Finding<LoginFailuresFacts>> {
  const { reviewed: settings } = accessOf(deps.platform);
  const now = deps.now();
  const turn = Math.max(now - 60 * minute, Math.min(now - 5 * minute, before === undefined ? now : Date.parse(before)));
  const { accessLog } = operatorApiOf(deps);
  // One after the other: the platform answers logins meanwhile.
  const former = await attemptsBetween(accessLog, turn - Math.min(now - turn, 30 * minute), turn);
  const since = await attemptsBetween(accessLog, turn, now);
  const locked = await lockedNow(deps);
  const finding = judgeFailures(former, since, locked.users?.length);
  const evidence = `${finding.evidence}${locked.silent}`;
  if (freeze === undefined || locked.users === undefined) return { ...finding, evidence };
  const lockedBy = await attemptsBetween(accessLog, now - settings.lockMinutes * 2 * minute, now);
  const { items, left } = reviewed(locked.users, lockedBy, await blockedNow(deps));
  const resets = items.filter(({ becomes }) => becomes === 'reset').length;
  const list = ` ${items.length - resets} of them can be unlocked, ${resets} need another password, ${left} stay as they are: their lock ends by itself.`;
  return { ...finding, evidence: evidence + list, frozen: await frozen(deps.systems.artifacts, freeze, items) };
}

/** Of all pods; nothing where one did not answer, as it may have locked others. */
async function lockedNow(deps: Deps) {
  const answers = await ofEach(await loginPods(deps), usersOf);
  const silent = answers.flatMap(({ pod, fault }) => (fault ? ` Locked accounts are not known: ${pod}, ${fault.message}.` : []));
  const users = silent.length > 0 || answers.length === 0 ? undefined : lockedIn(answers.flatMap(({ answer = [] }) => answer));
  return { users, silent: silent.slice(0, 1).join('') };
}

export function judgeFailures(former: Read, since: Read, locked: number | undefined): Finding<LoginFailuresFacts> {
  const failed = failedOf(since.logins);
  const reason = grownMost(former, since);
  const facts = {
    attempts: since.logins.length,
    failed: failed.length,
    ratio: ratioOf(since),
    before: former.logins.length < fewest ? undefined : ratioOf(former),
    refusedTokens: since.refused.length,
    reason: reason?.value ?? null,
    reasonShare: reason?.share ?? 0,
    locked,
    takenOver: takenOver([...former.logins, ...since.logins]).size,
  };
  const tokens = refusedMore(former, since);
  const says = [
    counted(facts, since.isAll),
    reason && `What grew most: ${reason.value} (${percent(reason.share)} of the growth).`,
    tokens && `${since.refused.length} tokens were refused, ${tokens} times as many as before.`,
    ...shares(failed),
    ...oddly(failed),
    locked && `${locked} accounts are locked.`,
    facts.takenOver > 0 && `${facts.takenOver} accounts were entered after failures: this looks like a takeover.`,
  ];
  const verdict = tokens === undefined ? verdictOf(facts) : 'faulty';
  return { verdict, evidence: says.filter(Boolean).join(' '), facts };
}

const ratioOf = ({ logins }: Read) => (logins.length === 0 ? 0 : failedOf(logins).length / logins.length);

type Facts = Pick<LoginFailuresFacts, 'attempts' | 'failed' | 'ratio' | 'before' | 'takenOver'> & { locked: number | undefined };

function counted({ attempts, failed, ratio, before }: Facts, isAll: boolean): string {
  const compared = before === undefined ? 'before it is not known' : `${percent(before)} before`;
  return `${failed} of ${attempts} logins failed (${percent(ratio)}, ${compared}).${isAll ? '' : ' Older lines were not read.'}`;
}

/** How many times as many as before; nothing where they are few, or no more than half as many again. Old tokens are refused on any day. */
function refusedMore(former: Read, since: Read): number | undefined {
  if (since.refused.length < fewest || former.lasts === 0) return undefined;
  const times = since.refused.length / Math.max(1, (former.refused.length * since.lasts) / former.lasts);
  return times >= 3 ? Math.round(times) : undefined;
}

/** Few attempts are unknown, but for what no number of attempts excuses. */
function verdictOf({ attempts, ratio, before, locked = 0, takenOver: taken }: Facts) {
  if (taken > 0 || locked > lockedByChance) return 'faulty';
  if (attempts < fewest) return 'unknown';
  const isMore = before !== undefined && ratio > 2 * before;
  return ratio > tooMany || (ratio >= usual && isMore) ? 'faulty' : 'healthy';
}

const percent = (share: number) => `${Math.round(share * 100)}%`;

/** `The largest of 3 addresses has 34%`. */
function shares(failed: Attempt[]): string[] {
  if (failed.length === 0) return [];
  const kinds: [string, (one: Attempt) => string | undefined][] = [
    ['addresses', one => knownOf(one)?.address],
    ['networks', one => knownOf(one) && networkOf(one)],
    ['clients', one => one.userAgent],
    ['accounts', one => one.account],
  ];
  const of = kinds.flatMap(([name, kind]) => {
    const first = leading(failed, kind);
    return first ? [`the largest of ${first.kinds} ${name} has ${percent(first.share)}`] : [];
  });
  return [`Of the failed logins ${of.join(', ')}.`];
}

/** Without an address no line has one in common with another. */
const knownOf = (one: Attempt) => (one.address === '' ? undefined : one);

/** The handler of the platform catches its own 401. */
function oddly(failed: Attempt[]): string[] {
  const odd = failed.filter(({ status, failed: reason }) => status >= 500 && reason === 'wrong_password').length;
  return odd > 0 ? [`${odd} wrong passwords were answered 5xx: that is no broken login.`] : [];
}
