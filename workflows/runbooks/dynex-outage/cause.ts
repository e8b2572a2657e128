import type { DynexKeyFacts, DynexStatusFacts, ProbeDynexFacts, RolloutsFacts } from '../../../activities/index.ts';
import type { Finding } from '../../contract/index.ts';
import { type Diagnosis, noneSupported } from '../../kit/index.ts';

export interface DynexFindings {
  status: Finding<DynexStatusFacts>;
  changes: Finding<RolloutsFacts>;
  probe: Finding<ProbeDynexFacts>;
  key: Finding<DynexKeyFacts>;
}

export type DynexCause = 'Dynex Platform Issue' | 'Network/Configuration Issue' | 'Authentication Issue';

type Proposal = Diagnosis<DynexCause> | undefined;

/** Proposes a written cause from what was found: the first that fits. An unknown finding never supports one. */
export function dynexCause(found: DynexFindings): Diagnosis<DynexCause> {
  const diagnosis = authentication(found) ?? ours(found) ?? platform(found) ?? noneSupported;
  const others = alsoFaulty(found, diagnosis.why);
  return others.length > 0 ? { ...diagnosis, why: [sentence(diagnosis.why), ...others].join(' ') } : diagnosis;
}

const sentence = (text: string) => text.replace(/\.?$/, '.');

/** Whoever answers must see every faulty finding, and not only those that the proposal rests on. */
function alsoFaulty({ status, changes, probe, key }: DynexFindings, why: string): string[] {
  const found = {
    'Check Dynex Status Page': status,
    'Review Recent Changes': changes,
    'Test Connectivity': probe,
    'Check Credentials': key,
  };
  return Object.entries(found).flatMap(([title, { verdict, evidence }]) =>
    verdict === 'faulty' && !why.includes(evidence) ? [sentence(`${title} is faulty: ${evidence}`)] : [],
  );
}

/** A refused key also looks like failing jobs, so it is asked first; the status code decides. */
const authentication = ({ key, probe }: DynexFindings): Proposal =>
  isRefused(key) && probe.verdict === 'healthy'
    ? {
        proposed: 'Authentication Issue',
        why: `Dynex answers, but refuses the key (${key.facts?.code}).`,
        ruledOut: ['Ruled out the network: both probes are healthy.'],
      }
    : undefined;

/** Two viewpoints differ, or someone changed something close before. */
function ours({ changes, key, probe, status }: DynexFindings): Proposal {
  const proposed = 'Network/Configuration Issue';
  const ruledOut = keyIsAccepted(key);
  if (probe.facts?.inside === 'faulty' && probe.facts.outside === 'healthy')
    return {
      proposed,
      why: 'Dynex is reached from outside, but not from inside.',
      ruledOut: ['Ruled out Dynex itself: it is reached from outside.', ...ruledOut],
    };
  const { change } = changes.facts ?? {};
  if (!change || isRefused(key) || status.verdict === 'faulty') return undefined;
  return { proposed, why: `${change.what} was changed by ${change.who} ${change.minutesBefore} minutes before.`, ruledOut };
}

/** The provider says so, or no one reaches it and nothing of ours has changed. */
function platform({ changes, key, probe, status }: DynexFindings): Proposal {
  const nowhere = probe.facts?.inside === 'faulty' && probe.facts.outside === 'faulty' && changes.verdict === 'healthy';
  if (isRefused(key) || !(status.verdict === 'faulty' || nowhere)) return undefined;
  const why = status.verdict === 'faulty' ? status.evidence : 'Dynex is reached from nowhere, and nothing of ours has changed.';
  const unchanged = changes.verdict === 'healthy' ? ['Ruled out our changes: nothing was changed shortly before the alert.'] : [];
  return { proposed: 'Dynex Platform Issue', why, ruledOut: [...unchanged, ...keyIsAccepted(key)] };
}

type Key = DynexFindings['key'];
const isRefused = ({ facts }: Key) => facts?.code === 401 || facts?.code === 403;
const keyIsAccepted = ({ verdict }: Key) => (verdict === 'healthy' ? ['Ruled out the key: it is accepted.'] : []);
