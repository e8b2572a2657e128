import type { IpfsClusterFacts, IpfsStorageFacts, LogsFacts } from '../../../activities/index.ts';
import type { Finding } from '../../contract/index.ts';
import { type Diagnosis, noneSupported } from '../../kit/index.ts';

/** Lines of the logs about pins, by the kind of their fault. */
export interface PinLogs {
  login: Finding<LogsFacts>;
  storage: Finding<LogsFacts>;
  network: Finding<LogsFacts>;
}

export interface PinFindings {
  logs: PinLogs;
  storage: Finding<IpfsStorageFacts>;
  network: Finding<IpfsClusterFacts>;
  login: Finding<IpfsClusterFacts>;
}

export type PinFailureCause = 'Storage Full' | 'Network Issues' | 'Authentication Issues';

type Proposal = Diagnosis<PinFailureCause> | undefined;

/** Proposes a written cause from what was found: the first that fits. An unknown finding never supports one. */
export function pinFailureCause(found: PinFindings): Diagnosis<PinFailureCause> {
  return login(found) ?? storage(found) ?? network(found) ?? noneSupported;
}

const isFaulty = ({ verdict }: Finding) => verdict === 'faulty';
const isHealthy = ({ verdict }: Finding) => verdict === 'healthy';

/** The kind with the most lines; nothing where none was found, or two are equal. */
function leading(logs: PinLogs): keyof PinLogs | undefined {
  const kinds = (['login', 'storage', 'network'] as const).map(kind => ({ kind, lines: logs[kind].facts?.lines ?? 0 }));
  const [first, second] = kinds.toSorted((one, other) => other.lines - one.lines);
  return first && first.lines > (second?.lines ?? 0) ? first.kind : undefined;
}

/** A status code is decisive. */
function login(found: PinFindings): Proposal {
  const why = becauseOf(found, 'login', found.login);
  return why === undefined ? undefined : { proposed: 'Authentication Issues', why, ruledOut: ruledOut(found, 'login') };
}

/** Numbers come before symptoms. */
function storage(found: PinFindings): Proposal {
  const why = becauseOf(found, 'storage', found.storage);
  return why === undefined ? undefined : { proposed: 'Storage Full', why, ruledOut: ruledOut(found, 'storage') };
}

/** The rest, where the two others are known to be well. */
function network(found: PinFindings): Proposal {
  if (!isHealthy(found.login) || !isHealthy(found.storage)) return undefined;
  const why = becauseOf(found, 'network', found.network);
  return why === undefined ? undefined : { proposed: 'Network Issues', why, ruledOut: ruledOut(found, 'network') };
}

function becauseOf({ logs }: PinFindings, kind: keyof PinLogs, seen: Finding): string | undefined {
  const leads = leading(logs) === kind ? [`Most lines about pins are of this kind: ${logs[kind].evidence}`] : [];
  const all = [...(isFaulty(seen) ? [seen.evidence] : []), ...leads];
  return all.length > 0 ? all.join(' ') : undefined;
}

function ruledOut({ login, storage, network }: PinFindings, proposed: keyof PinLogs): string[] {
  const out: [keyof PinLogs, Finding, string][] = [
    ['login', login, 'Ruled out the credentials: the providers that are connected take them.'],
    ['storage', storage, 'Ruled out storage: there is room.'],
    ['network', network, 'Ruled out the network: the provider is reached.'],
  ];
  return out.flatMap(([kind, seen, text]) => (kind !== proposed && isHealthy(seen) ? [text] : []));
}
