import type {
  AbuseFacts,
  AccessSettingsFacts,
  LoginFacts,
  LoginFailuresFacts,
  LoginReason,
  LogsFacts,
  RolloutsFacts,
} from '../../../activities/index.ts';
import type { Finding } from '../../contract/index.ts';
import { type Diagnosis, noneSupported } from '../../kit/index.ts';

export interface AccessFindings {
  login: Finding<LoginFacts>;
  failures: Finding<LoginFailuresFacts>;
  logs: Finding<LogsFacts>;
  database: Finding;
  abuse: Finding<AbuseFacts>;
  settings: Finding<AccessSettingsFacts>;
  changes: Finding<RolloutsFacts>;
}

export type AccessCause = 'Brute Force Attack' | 'Service Issue' | 'Configuration Issue';

type Proposal = Diagnosis<AccessCause> | undefined;

/** Proposes a written cause from what was found: the first that fits. An unknown finding never supports one. */
export function accessCause(found: AccessFindings): Diagnosis<AccessCause> {
  const diagnosis = configuration(found) ?? service(found) ?? bruteForce(found) ?? noneSupported;
  const others = Object.values(found)
    .filter(isFaulty)
    .map(({ evidence }) => evidence)
    .filter(evidence => !diagnosis.why.includes(evidence));
  return { ...diagnosis, why: [diagnosis.why, ...others].join(' '), ruledOut: ruledOut(found, diagnosis) };
}

const isFaulty = ({ verdict }: Finding) => verdict === 'faulty';
const isHealthy = ({ verdict }: Finding) => verdict === 'healthy';

/** Minutes: a change further back is no reason. */
const recently = 120;

/** Tokens are refused, or pods disagree, and someone has changed something shortly before. */
function configuration({ failures, settings, changes }: AccessFindings): Proposal {
  const isOfTokens = isFaulty(failures) && leads(failures, ['bad_token', 'expired_token']);
  const change = [changes.facts?.change, changes.facts?.rollout].find(one => one && one.minutesBefore <= recently);
  if (!change || (!isOfTokens && !isFaulty(settings))) return undefined;
  const why = [isFaulty(settings) && settings.evidence, isOfTokens && failures.evidence, changes.evidence];
  return { proposed: 'Configuration Issue', why: why.filter(Boolean).join(' '), ruledOut: [] };
}

/** A known-good password is not let in, and the platform breaks down over it; or where its users lie does not answer. */
function service({ login, database }: AccessFindings): Proposal {
  const broken = isFaulty(login) && login.facts?.fails === true;
  if (!broken && !isFaulty(database)) return undefined;
  const why = [broken && login.evidence, isFaulty(database) && database.evidence];
  return { proposed: 'Service Issue', why: why.filter(Boolean).join(' '), ruledOut: [] };
}

/** Rules of abuse hit wrong passwords or unknown users, while those who know their password log in. */
function bruteForce({ login, failures, abuse }: AccessFindings): Proposal {
  const isAttack = isFaulty(abuse) && (abuse.facts?.abuseLike ?? []).length > 0;
  if (!isAttack || !isHealthy(login) || !leads(failures, ['wrong_password', 'unknown_user', 'locked'])) return undefined;
  return { proposed: 'Brute Force Attack', why: `${abuse.evidence} ${failures.evidence}`, ruledOut: [] };
}

const leads = ({ facts }: AccessFindings['failures'], reasons: LoginReason[]) => reasons.some(reason => reason === facts?.reason);

function ruledOut({ login, database, abuse, settings }: AccessFindings, { proposed }: Diagnosis<AccessCause>): string[] {
  const out: [AccessCause, boolean, string][] = [
    [
      'Configuration Issue',
      isHealthy(settings),
      'Ruled out the configuration: settings are as reviewed, and every pod accepts every token.',
    ],
    ['Service Issue', isHealthy(login) && !isFaulty(database), 'Ruled out the service: an account of ours logs in everywhere.'],
    ['Brute Force Attack', isHealthy(abuse), 'Ruled out an attack: no rule of abuse hits.'],
  ];
  return out.flatMap(([cause, isOut, text]) => (isOut && cause !== proposed ? [text] : []));
}

/** Evidence that someone is in an account that is not theirs, or that no one logs in at all; nothing where there is none. */
export function graver({ login, failures, abuse }: Pick<AccessFindings, 'login' | 'failures' | 'abuse'>): string | undefined {
  if (failures.facts?.takenOver) return failures.evidence;
  if (abuse.facts?.takeovers) return abuse.evidence;
  const { works, places = 0 } = login.facts ?? {};
  return isFaulty(login) && works === 0 && places > 0 ? login.evidence : undefined;
}
