import { type Findings, obstaclesIn, rankedEvidence, short } from './findings.ts';
import type { Finding, Verdict } from '../../contract/index.ts';

/** The three that are written. */
export type Branch = 'roll back' | 'scale up' | 'fallback';

export interface Fitting {
  fits: Branch[];
  /** Why people are asked about the fallback, which fits as far as it can be seen. */
  proposes?: string | undefined;
  /** Faulty findings, the most telling first. */
  found: string;
  /** For people: what fits, why the rest does not, and what was found. */
  text: string;
}

/** Why a branch fits, or why it does not. */
interface Reason {
  fits: boolean;
  because: string;
  /** People decide. */
  asks?: true;
}

const fitting = (because: string): Reason => ({ fits: true, because });
const unfit = (because: string): Reason => ({ fits: false, because });

/** Which written branches fit what was found. An unknown finding supports none; one that was tried is not offered again. `left`: proposals that people declined. */
export function whatFits(found: Findings, tried: readonly Branch[], left: readonly string[] = []): Fitting {
  const reasons: [Branch, Reason][] = [
    ['roll back', rollBack(found)],
    ['scale up', scaleUp(found, tried)],
    ['fallback', asPeopleLeftIt(fallback(found), left)],
  ];
  const judged = reasons.map(([branch, reason]) => ({ branch, ...(tried.includes(branch) ? notTwice(reason) : reason) }));
  const fits = judged.filter(one => one.fits).map(({ branch }) => branch);
  const lead = fits.length > 0 ? `Fits: ${fits.join(', ')}.` : 'No written branch fits.';
  const why = judged.map(({ branch, because, ...reason }) => `${names[branch]}${howFar(reason)}: ${because}.`);
  const ranked = rankedEvidence(found);
  const proposes = judged.find(({ asks }) => asks)?.because;
  return { fits, proposes, found: ranked, text: [lead, ...why, ranked].join(' ') };
}

const names: Record<Branch, string> = { 'roll back': 'Rollback', 'scale up': 'Scaling up', fallback: 'Quantum fallback' };

function howFar({ fits, asks }: Pick<Reason, 'fits' | 'asks'>): string {
  if (asks) return ' is proposed to people';
  return fits ? '' : ' not offered';
}

function notTwice({ fits, asks, because }: Reason): Reason {
  return unfit(fits || asks ? 'it was begun before, and waits for an answer or has not helped yet' : because);
}

/** People who left jobs where they are decide again once there is more evidence, and only then. */
function asPeopleLeftIt(reason: Reason, left: readonly string[]): Reason {
  if (left.includes(reason.because)) return unfit('people left jobs where they are');
  return reason.fits && left.length > 0 ? { ...unfit(reason.because), asks: true } : reason;
}

function rollBack({ api, errors, pods, rollouts }: Findings): Reason {
  const { rollout, backTo } = rollouts.facts ?? {};
  const refused = refusing(pods);
  if (!isFaulty(api) && !isFaulty(errors)) return unfit(notFaulty('the API', [api, errors]));
  if (rollout === undefined) return unfit('the recent deployments are not known');
  if (rollout === null) return unfit('the API was not rolled out shortly before the alert');
  if (refused !== undefined) return unfit(`${refused} keeps new pods out, and a rollback needs new pods`);
  if (backTo?.revision === null) return unfit(backTo.because);
  return fitting(`revision ${rollout.revision} was rolled out ${rollout.minutesBefore} minutes before`);
}

function scaleUp(found: Findings, tried: readonly Branch[]): Reason {
  const { latency, load, database, pods } = found;
  const slow = [latency, load].find(isFaulty);
  const refused = refusing(pods);
  if (slow === undefined) return unfit(notFaulty('performance', [latency, load]));
  if (database.verdict !== 'healthy') return unfit('the database is not known to be healthy, and more pods would load it');
  if (refused !== undefined) return unfit(`${refused} keeps new pods out`);
  if (rollBack(found).fits && !tried.includes('roll back')) return unfit('the rollback comes first');
  return fitting(short(slow.evidence));
}

function fallback({ dynex }: Findings): Reason {
  const { inside, outside } = dynex.facts ?? {};
  if (!isFaulty(dynex)) return unfit(notFaulty('Dynex', [dynex]));
  if (inside === 'healthy' || outside === 'healthy') return unfit('Dynex fails from one viewpoint and answers from the other');
  if (inside !== 'faulty' || outside !== 'faulty') return { ...unfit(`Dynex fails ${seenFrom(outside)}`), asks: true };
  return fitting('Dynex fails from inside and from outside');
}

/** A side that sees nothing contradicts no one, and confirms nothing. */
const seenFrom = (outside: Verdict | undefined) =>
  outside === 'faulty' ? 'from outside, and from inside it is not known' : 'from inside, and from outside it is not known';

const isFaulty = ({ verdict }: Finding) => verdict === 'faulty';

const notFaulty = (what: string, findings: Finding[]) =>
  findings.every(({ verdict }) => verdict === 'healthy') ? `${what} is healthy` : `${what} is not known to be faulty`;

/** The object that has new pods of the API refused. A pod that only fails, or a refusal of other pods, is none. */
const refusing = (pods: Findings['pods']): string | undefined =>
  obstaclesIn(pods).find(({ workload, refusesPods }) => workload === 'api' && refusesPods)?.object;
