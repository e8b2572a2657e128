import type { KnownFaultsFacts } from '../../../activities/index.ts';
import type { Finding, Role } from '../../contract/index.ts';
import { cut, isWritten, longestText, runbookCalled } from '../../kit/index.ts';

/** By the checks of the list. */
export type Findings = Record<
  | 'nodes'
  | 'pods'
  | 'usage'
  | 'ours'
  | 'services'
  | 'ingress'
  | 'scaling'
  | 'api'
  | 'worker'
  | 'monitoring'
  | 'prometheus'
  | 'grafana'
  | 'health'
  | 'solvers',
  Finding
>;

interface Reason {
  title: string;
  owner: Role;
  /** All of these that are faulty are one follow-up. */
  checks: (keyof Findings)[];
  /** Slug of the runbook that lists the symptom, for those of its checks. */
  runbook?: string;
}

const owner = 'operations';

/** One follow-up for each owner and reason; a check that is wider than others names only what they do not. */
const reasons: Reason[] = [
  { title: 'Nodes are not ready', owner, checks: ['nodes'] },
  { title: 'The API does not answer as it should', owner, checks: ['health', 'api'], runbook: 'p0-critical-incident-response' },
  { title: 'Quantum solvers do not answer as they should', owner, checks: ['solvers'], runbook: 'dynex-outage' },
  { title: 'The workers are not rolled out', owner, checks: ['worker'], runbook: 'delayed-jobs' },
  { title: 'Pods are not ready', owner, checks: ['pods', 'ours'] },
  { title: 'Nodes are nearly full', owner, checks: ['usage'] },
  { title: 'Services have no endpoint', owner, checks: ['services'] },
  { title: 'The Ingress leads nowhere, or its certificate ends soon', owner, checks: ['ingress'] },
  { title: 'Autoscalers cannot scale', owner, checks: ['scaling'] },
  { title: 'Monitoring does not work', owner, checks: ['monitoring', 'prometheus', 'grafana'] },
];

export interface FollowUp {
  title: string;
  owner: Role;
  /** The measurement, and the runbook that lists the symptom. */
  confirm: string;
  /** One ticket, morning after morning. */
  recurs?: { since?: string | undefined };
  over?: true;
}

const acceptedFaults = { title: 'Accepted faults', owner } as const;

/** Owner and reason of what is faulty, and of what could not be checked. */
export const faultsIn = (found: Findings) => ({ faults: withVerdict(found, 'faulty'), unknown: withVerdict(found, 'unknown') });

const withVerdict = (found: Findings, verdict: Finding['verdict']) =>
  reasons
    .filter(({ checks }) => checks.some(name => found[name].verdict === verdict))
    .map(({ owner, title }) => ({ owner, reason: title }));

/** One for each owner and reason; what people have accepted is one line. */
export function followUpsOf(
  found: Findings,
  { facts: { faults: known = [], gone = [], line } = {} }: Finding<KnownFaultsFacts>,
): FollowUp[] {
  const accepted = known.flatMap(({ reason, accepted }) => (accepted ? [{ reason, ...accepted }] : []));
  const open = reasons.filter(({ title }) => !accepted.some(({ reason }) => reason === title));
  const lines = accepted.map(({ reason, until, because, by }) => `${reason} (until ${until.slice(0, 10)}, ${by}: ${because})`);
  return [
    ...open.flatMap(reason => followUpOf(reason, found, known)),
    ...(lines.length > 0 ? [{ ...acceptedFaults, confirm: lines.join('; '), recurs: { since: line?.since } }] : []),
    ...(line?.isOver ? [{ ...acceptedFaults, confirm: 'No fault is accepted any more.', recurs: {}, over: true as const }] : []),
    ...reasons
      .filter(({ title }) => gone.includes(title))
      .map(({ title, owner }): FollowUp => ({ title, owner, confirm: 'It is not found any more.', recurs: {}, over: true })),
  ];
}

function followUpOf({ title, owner, checks, runbook: slug }: Reason, found: Findings, known: Known[]): FollowUp[] {
  const faulty = checks.map(name => found[name]).filter(({ verdict }) => verdict === 'faulty');
  if (faulty.length === 0) return [];
  const evidence = [...new Set(faulty.map(({ evidence }) => evidence))];
  const same = known.find(({ reason }) => reason === title);
  const since = same && same.times > 1 ? [`Found ${same.times} times, since ${same.since.slice(0, 10)}.`] : [];
  const rest = [...since, ...(slug === undefined ? [] : [offered(slug)])].join(' ');
  const confirm = `${cut(evidence.join(' '), longestText - rest.length - 1)} ${rest}`.trim();
  return [{ title, owner, confirm, recurs: { since: same?.since } }];
}

type Known = KnownFaultsFacts['faults'][number];

/** People decide whether a symptom is an incident. */
function offered(slug: string): string {
  const listing = runbookCalled(slug);
  return isWritten(listing)
    ? `${listing.title} lists this symptom: runbooks open ${slug} --because '…'`
    : `${listing.title} lists this symptom; follow the document.`;
}
