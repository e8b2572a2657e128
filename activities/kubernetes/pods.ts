/** Has every workload the pods that it wants, ready? Wanted but absent is unhealthy, and the reason is asked for as of now. */

import { targetName } from '../../workflows/contract/action.ts';
import type { Finding } from '../../workflows/contract/finding.ts';
import { type Verdict, type Workload } from '../../workflows/contract/vocabulary.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import type { Deps } from '../deps.ts';
import { freeze } from '../engine/frozen-list.ts';
import type { PodsFacts } from '../facts.ts';
import { type PlacedWorkload, workloadOf } from '../platform.ts';
import { trusted } from '../seen.ts';
import { evidenceOf, part, together, verdictOf } from '../together.ts';
import { podsIn } from './namespace-pods.ts';
import { type Around, podsAround } from './pods-around.ts';
import { lookAtWorkload, type WorkloadSeen } from './workload-look.ts';

/** Of one workload; without what was seen where nothing could be. */
type Judged = Finding<{ seen: WorkloadSeen }>;

/** Of a namespace, by its name in the platform description, or of `all`: its pods are judged, whatever made them. */
interface NamespacesInput {
  namespaces: string;
}

/** `freeze`: the pods that are there and do not serve become a list of this name; not while a workload is not known. */
interface WorkloadsInput {
  workloads?: Workload[];
  freeze?: string;
  /** Healthy where nothing stands in the way of pods, whether or not they are there yet. */
  admission?: true;
}

/** Of an alert, by its labels: they are compared with what the cluster lists, and never asked for. */
interface AroundInput {
  around: Around;
}

export type PodsInput = WorkloadsInput | NamespacesInput | AroundInput;

/** @throws SystemError */
export async function checkPods(deps: Deps, input: PodsInput): Promise<Finding<PodsFacts>> {
  const { kubernetes } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  if ('around' in input) return podsAround(kubernetes, deps, input.around);
  return 'namespaces' in input ? podsIn(kubernetes, deps, input.namespaces) : podsOf(kubernetes, deps, input);
}

async function podsOf(
  kubernetes: Kubernetes,
  deps: Deps,
  { workloads = Object.keys(deps.platform.workloads), freeze: name, admission }: WorkloadsInput,
): Promise<Finding<PodsFacts>> {
  const places = workloads.map(role => workloadOf(deps.platform, role));
  const parts = await Promise.all(places.map(place => part(() => judge(kubernetes, deps, place))));
  const seen = parts.flatMap(part => ('facts' in part && part.facts?.seen ? [part.facts.seen] : []));
  const worstFirst = parts.toSorted((a, b) => gravity(verdictOf(a)) - gravity(verdictOf(b)));
  const [verdict, facts] = [together(parts), factsOf(seen)];
  const isFree = admission && seen.length === places.length && facts.obstacle === null;
  const finding = { verdict: isFree ? 'healthy' : verdict, evidence: evidenceOf(worstFirst), facts } as const;
  if (name === undefined || parts.some(one => verdictOf(one) === 'unknown')) return finding;
  const unready = seen.flatMap(one => one.unready);
  return { ...finding, frozen: await freeze(deps.systems.artifacts, name, unready) };
}

const order: (Verdict | undefined)[] = ['faulty', 'unknown', undefined, 'healthy'];
const gravity = (verdict: Verdict | undefined) => order.indexOf(verdict);

async function judge(kubernetes: Kubernetes, deps: Deps, place: PlacedWorkload): Promise<Judged> {
  const seen = await lookAtWorkload(kubernetes, place, deps.now());
  const name = targetName(place);
  const looked = { check: 'pods', address: name };
  if (!seen) return trusted(deps, looked, { verdict: 'faulty', evidence: `${name} does not exist.` });
  await trusted(deps, looked, { verdict: 'healthy', evidence: '' });
  return { verdict: seen.ready < seen.wanted ? 'faulty' : 'healthy', evidence: textOf(seen), facts: { seen } };
}

/** Commands before remarks: what is too long is cut at its end. */
function textOf({ workload, ready, wanted, says, remarks, obstacle, retry }: WorkloadSeen): string {
  const counted = `${[`${workload.name}: ${ready} of ${wanted} ready`, ...says].join('; ')}.`;
  const repair = obstacle?.command && `${obstacle.object}: \`${obstacle.command}\`.`;
  const again = retry && `${retry.says}; to try now: \`${retry.command}\`.`;
  const remarked = remarks.length > 0 && `(${workload.name}: ${remarks.join('; ')}.)`;
  return [counted, repair, again, remarked].filter(Boolean).join(' ');
}

function factsOf(seen: WorkloadSeen[]): Partial<PodsFacts> {
  if (seen.length === 0) return {};
  const sum = (field: 'ready' | 'wanted' | 'missing') => seen.reduce((total, one) => total + one[field], 0);
  return {
    ready: sum('ready'),
    wanted: sum('wanted'),
    missing: sum('missing'),
    obstacle: seen.find(({ obstacle }) => obstacle)?.obstacle ?? null,
    retry: seen.find(({ retry }) => retry)?.retry ?? null,
    workloads: seen.map(({ workload: { role }, ready, wanted, missing, obstacle, retry }) => {
      return { workload: role, ready, wanted, missing, obstacle, retry };
    }),
  };
}
