import type {
  Obstacle,
  MetricFacts,
  NodesFacts,
  PodsFacts,
  ProbeDynexFacts,
  RolloutsFacts,
  UsageFacts,
} from '../../../activities/index.ts';
import type { Finding, Workload } from '../../contract/index.ts';

export interface Findings {
  nodes: Finding<NodesFacts>;
  /** Of the described workloads. */
  pods: Finding<PodsFacts>;
  /** Of every namespace, whatever made them. */
  cluster: Finding<PodsFacts>;
  load: Finding<UsageFacts>;
  /** From inside and from outside. */
  api: Finding<ProbeDynexFacts>;
  dynex: Finding<ProbeDynexFacts>;
  database: Finding<MetricFacts>;
  errors: Finding<MetricFacts>;
  latency: Finding<MetricFacts>;
  rollouts: Finding<RolloutsFacts>;
}

/** Findings that explain the others come first. */
const order = ['nodes', 'pods', 'cluster', 'database', 'api', 'errors', 'latency', 'load', 'dynex', 'rollouts'] as const;

export function rankedEvidence(found: Findings): string {
  const told = (verdict: Finding['verdict']) => order.filter(name => found[name].verdict === verdict);
  const obstacles = obstaclesIn(found.pods);
  // Obstacles are described in full before.
  const evidenceOf = (name: keyof Findings) =>
    found[name].evidence.split(obstacles.length > 0 && name === 'pods' ? ';' : '\n')[0] ?? '';
  const faulty = told('faulty').map(name => `${name}: ${short(evidenceOf(name))}`);
  const unknown = told('unknown');
  return [
    ...obstacles.map(inTheWay),
    faulty.length > 0 ? `Faulty, the most telling first: ${faulty.join('; ')}.` : 'Nothing was found faulty.',
    ...(unknown.length > 0 ? [`Unknown: ${unknown.join(', ')}.`] : []),
  ].join(' ');
}

export interface InTheWay extends Obstacle {
  /** Its pods are missing, or do not get ready. */
  workload: Workload;
}

/** Of each workload, that of the API first: its pods are what a rollback needs. */
export function obstaclesIn({ facts }: Finding<PodsFacts>): InTheWay[] {
  const all = (facts?.workloads ?? []).flatMap(({ workload, obstacle }) => (obstacle ? [{ workload, ...obstacle }] : []));
  return all.toSorted((a, b) => Number(b.workload === 'api') - Number(a.workload === 'api'));
}

/** Worth watching: an obstacle, or one that has gone while pods are still missing. `told`: workloads of which that is known. */
export function watchable(pods: Finding<PodsFacts>, told: readonly Workload[]): Watched | undefined {
  const waiting = pods.facts?.workloads?.find(({ workload, retry }) => retry && !told.includes(workload));
  return obstaclesIn(pods)[0] ?? (waiting && { workload: waiting.workload, object: 'The earlier obstacle' });
}

/** Nothing stands in the way of its pods any more, and its controller has not tried again. So it is until the opposite is known. */
export const waitsForController = ({ facts }: Finding<PodsFacts>, workload: Workload): boolean =>
  facts?.workloads?.some(one => one.workload === workload && one.retry && !one.obstacle) ?? true;

export type Watched = Pick<InTheWay, 'workload' | 'object'>;

function inTheWay({ workload, object, says, command }: InTheWay): string {
  const repair = command && ` This repairs it: \`${command}\`.`;
  return `In the way of ${workload}: ${object} (${short(says)}).${repair ?? ''}`;
}

const longest = 200;
export const short = (text: string) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text).replace(/\.$/, '');

/** For people, once nothing stands in the way of that workload's pods any more. */
export function obstacleGone({ verdict, evidence, facts }: Finding<PodsFacts>, { object }: Watched): string | undefined {
  if (verdict !== 'healthy') return undefined;
  if (facts?.retry) return `${facts.retry.says}. To retry at once: \`${facts.retry.command}\`.`;
  return `${object} no longer stands in the way. ${evidence}`;
}
