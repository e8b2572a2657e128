/** Has a ConfigMap the values that were agreed on, and do the pods read them that should? A value that no pod reads changes nothing. */

import { targetName } from '../../workflows/contract/action.ts';
import type { Finding } from '../../workflows/contract/finding.ts';
import { type Kubernetes, readIfAny } from '../connectors/kubernetes.ts';
import { configMaps } from '../connectors/resources.ts';
import { notConnected, quoted } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { inCluster } from '../engine/kubernetes-targets.ts';
import type { ConfigMapFacts } from '../facts.ts';
import { configMapCalled, type Platform } from '../platform.ts';
import { follows, type Reader, readersOf, takesAtStart } from './config-map-readers.ts';

export interface ConfigMapInput {
  /** As the platform description calls it. */
  configMap: string;
  /** null where the key should not be there. */
  expected: Record<string, string | null>;
}

/** @throws SystemError */
export async function checkConfigMap(deps: Deps, input: ConfigMapInput): Promise<Finding<ConfigMapFacts>> {
  const { kubernetes } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const place = configMapCalled(deps.platform, input.configMap);
  const target = inCluster('ConfigMap', place);
  const [found, readers] = await Promise.all([
    readIfAny(kubernetes, configMaps, place),
    wantedReaders(kubernetes, deps.platform, input.configMap),
  ]);
  if (!found) return { verdict: 'faulty', evidence: `${targetName(target)} does not exist.` };
  const differing = Object.entries(input.expected).flatMap(([key, value]) => differenceOf(key, value, found.data[key]));
  const keys = Object.entries(input.expected).flatMap(([key, value]) => (value === null ? [] : [key]));
  const unread = readers.flatMap(reader => unreadBy(reader, place.name, keys));
  return judged(targetName(target), { differing, unread, keys, readers });
}

/** The workloads that are described with it; where none is, all of its namespace. */
async function wantedReaders(kubernetes: Kubernetes, platform: Platform, role: string): Promise<Reader[]> {
  const readers = await readersOf(inCluster('ConfigMap', configMapCalled(platform, role)), kubernetes, platform);
  const own = readers.filter(({ place }) => platform.workloads[place.role]?.configMap === role);
  return own.length > 0 ? own : readers;
}

/** A value under such a name is never printed, though a ConfigMap should hold none. */
const isSecret = /key|token|secret|passw|credential/i;

interface Difference {
  key: string;
  says: string;
}

function differenceOf(key: string, wanted: string | null, is: string | undefined): Difference[] {
  if (is === (wanted ?? undefined)) return [];
  if (isSecret.test(key)) return [{ key, says: `${key} is not as wanted` }];
  const now = is === undefined ? 'is not set' : `is "${quoted(is)}"`;
  return [{ key, says: `${key} ${now}, not ${wanted === null ? 'absent' : `"${quoted(wanted)}"`}` }];
}

/** Read neither at start nor while they run. */
function unreadBy(reader: Reader, name: string, keys: string[]): { workload: string; keys: string[] }[] {
  const target = inCluster('ConfigMap', { namespace: reader.place.namespace, name });
  const unread = keys.filter(key => !takesAtStart(reader, target, [key]) && !follows(reader, target, [key]));
  return unread.length > 0 ? [{ workload: reader.place.name, keys: unread }] : [];
}

interface Compared {
  differing: Difference[];
  unread: ReturnType<typeof unreadBy>;
  keys: string[];
  readers: Reader[];
}

function judged(name: string, { differing, unread, keys, readers }: Compared): Finding<ConfigMapFacts> {
  const facts = { differing: differing.map(({ key }) => key), unreadBy: unread.map(({ workload }) => workload) };
  const not = unread.map(one => `${one.workload} does not read ${one.keys.join(', ')} by envFrom, env or a mounted file.`);
  if (differing.length > 0)
    return { verdict: 'faulty', evidence: [`${name}: ${differing.map(({ says }) => says).join('; ')}.`, ...not].join(' '), facts };
  if (not.length > 0) return { verdict: 'faulty', evidence: `${name} has the wanted values, but ${not.join(' ')}`, facts };
  const who = readers.map(({ place }) => place.name).join(' and ');
  return { verdict: 'healthy', evidence: `${name} has the wanted values of ${keys.join(', ')}, which ${who} ${readers.length > 1 ? 'read' : 'reads'}.`, facts };
}
