/** Can people log in? Tried with an account of ours in every pod, at the address of all, and by Prometheus from outside. */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Account } from '../connectors/operator-api.ts';
import { notConnected, SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { operatorApiOf } from '../operators.ts';
import type { LoginFacts } from '../facts.ts';
import { promql } from '../queries.ts';
import { seenHealthy, trusted } from '../seen.ts';
import { evidenceOf, type Part, part, together } from '../together.ts';
import { allowListed } from './allow-listed.ts';
import { accessOf, accountOf, loginPods } from './pods.ts';
import { type Round, tryLogin } from './round.ts';

interface Tried {
  /** A pod, or the address of all. */
  at: string;
  round: Round;
}

/** @throws SystemError where the platform describes no logins, or no account of ours is connected */
export async function checkLogin(deps: Deps): Promise<Finding<LoginFacts>> {
  const { behind } = accessOf(deps.platform);
  const entrance = operatorApiOf(deps);
  const account = accountOf(entrance);
  const pods = entrance.ofPod ? await loginPods(deps) : [];
  const places = [...pods.map(({ name, api }) => ({ at: name, api })), { at: entrance.address, api: entrance }];
  const [tried, outside] = await Promise.all([
    Promise.all(places.map(async ({ at, api }): Promise<Tried> => ({ at, round: await tryLogin(api, account, deps.now) }))),
    part(() => fromOutside(deps)),
  ]);
  const looked = { check: 'login', address: account.email };
  const isKnown = (await seenHealthy(deps.systems.artifacts, looked)) !== undefined;
  const inside = pods.length === 0 && entrance.ofPod ? noPod : await trusted(deps, looked, judgeRounds(tried, isKnown));
  const spared = (inside.facts?.works ?? 0) > 0 ? await sparedByList(deps, account) : [];
  const seen: Part<LoginFacts>[] = [inside, outside, ...spared];
  const parts = [...seen, ...(behind === undefined ? [] : [notSeen(behind)])];
  return { verdict: together(seen), evidence: evidenceOf(parts), facts: inside.facts };
}

/** A login that works there proves nothing of customers; one that fails all the same is faulty. */
async function sparedByList(deps: Deps, account: Account): Promise<Finding[]> {
  const evidence = await allowListed(deps, account);
  return evidence === undefined ? [] : [{ verdict: 'unknown', evidence }];
}

const noPod: Finding<LoginFacts> = { verdict: 'faulty', evidence: 'No pod that serves logins runs.', facts: { fails: true } };

const notSeen = (behind: string): Part<LoginFacts> => ({
  leftOut: `the login at ${behind}, which stands in front: the rounds begin behind it.`,
});

/** 500 is the platform's answer to a wrong password too: whether the password is good decides what it means. */
export function judgeRounds(tried: Tried[], isKnown: boolean): Finding<LoginFacts> {
  const failed = tried.flatMap(({ at, round }) => (round.works ? [] : [{ at, ...round }]));
  const works = tried.length - failed.length;
  const facts = { places: tried.length, works, broken: failed.map(({ at }) => at), fails: failed.some(isBroken) };
  const did = `Login, use, refresh and logout work in ${works} of ${tried.length} places`;
  if (failed.length === 0) return { verdict: 'healthy', evidence: `${did}.`, facts };
  const says = `${did}. ${failed
    .slice(0, 4)
    .map(({ at, stage, fault }) => `${at}: ${stage} fails, ${fault.message}.`)
    .join(' ')}`;
  if (failed.every(({ fault }) => fault.status === 423)) return { verdict: 'unknown', evidence: `${says} ${locked}`, facts };
  if (failed.every(({ fault }) => fault.status === 429)) return { verdict: 'unknown', evidence: `${says} ${limited}`, facts };
  const isGood = works > 0 || isKnown || failed.some(({ stage }) => stage !== 'login');
  if (!isGood && failed.some(isAmbiguous)) return { verdict: 'unknown', evidence: `${says} ${ambiguous}`, facts };
  return { verdict: 'faulty', evidence: `${says}${isGood ? ` ${good}` : ''}`, facts };
}

const locked = 'The account of ours is locked: someone tries its password, which says nothing of other accounts.';
const limited = 'A limit refuses our own calls: whether people can log in is not known.';
const ambiguous =
  'The platform may answer so to a wrong password, and this one was never accepted here: correct NQBA_SYNTHETIC_PASSWORD before trusting it.';
const good = 'The password is known to be good: it was accepted here.';

type Failed = Extract<Round, { works: false }>;

/** It did not answer, or broke down. */
const isBroken = ({ fault: { fault, status = 0 } }: Failed) => fault !== 'answered' || status >= 500;

const isAmbiguous = ({ stage, fault: { fault, status } }: Failed) =>
  stage === 'login' && fault === 'answered' && (status === 500 || status === 401 || status === 403);

/** @throws SystemError where Prometheus has no probe of it */
async function fromOutside(deps: Deps): Promise<Finding> {
  const { prometheus } = deps.systems;
  if (!prometheus) throw notConnected('Prometheus', 'PROMETHEUS_URL');
  const query = promql(deps.platform.queries, 'login from outside');
  const [sample] = await prometheus.query(query);
  const text = `has no probe of the login: ${query}`;
  if (!sample) throw new SystemError({ system: 'Prometheus', fault: 'not connected', text });
  const finding: Finding =
    sample.value > 0
      ? { verdict: 'healthy', evidence: 'From outside the login succeeds.' }
      : { verdict: 'faulty', evidence: 'From outside the login fails.' };
  return trusted(deps, { check: 'login from outside', address: prometheus.address }, finding);
}
