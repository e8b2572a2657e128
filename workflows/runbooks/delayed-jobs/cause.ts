import type { DatabaseLoadFacts, FlowFacts, PodsFacts, StuckJobsFacts, UsageFacts } from '../../../activities/index.ts';
import type { Finding } from '../../contract/index.ts';
import { type Diagnosis, noneSupported } from '../../kit/index.ts';

export interface DelayFindings {
  flow: Finding<FlowFacts>;
  workers: Finding<PodsFacts>;
  /** Of pods, nodes and quotas. */
  usage: Finding<UsageFacts>[];
  database: Finding<DatabaseLoadFacts>;
  stuck: Finding<StuckJobsFacts>;
}

export type DelayCause = 'Worker Bottleneck' | 'Database Bottleneck' | 'Resource Exhaustion';

type Proposal = Diagnosis<DelayCause> | undefined;

/** Proposes a written cause from what was found: the first that fits. An unknown finding never supports one. */
export function delayCause(found: DelayFindings): Diagnosis<DelayCause> {
  const diagnosis = database(found) ?? resources(found) ?? workers(found) ?? noneSupported;
  const others = faultyIn(found).filter(evidence => !diagnosis.why.includes(evidence));
  return { ...diagnosis, why: [diagnosis.why, ...others].map(sentence).join(' '), ruledOut: ruledOut(found, diagnosis) };
}

const sentence = (text: string) => text.replace(/\.?$/, '.');
const isFaulty = ({ verdict }: Finding) => verdict === 'faulty';
const isHealthy = ({ verdict }: Finding) => verdict === 'healthy';

/** Whoever answers must see every faulty finding, and not only those that the proposal rests on. */
const faultyIn = ({ flow, workers, usage, database, stuck }: DelayFindings) =>
  [flow, workers, ...usage, database, stuck].filter(isFaulty).map(({ evidence }) => evidence);

/** A database that deviates after the queue suffers from it. */
function database({ database, flow }: DelayFindings): Proposal {
  const [first, queue] = [database.facts?.since, flow.facts?.since];
  if (!isFaulty(database) || first === undefined || queue === undefined) return undefined;
  // Both are RFC 3339 in UTC with milliseconds, so they sort as texts.
  if (first >= queue) return undefined;
  return {
    proposed: 'Database Bottleneck',
    why: `It began at ${first}, before the queue grew (${queue}): ${database.evidence}`,
    ruledOut: [],
  };
}

/** Pods that find no room wait, while those that are there work. */
function resources({ usage, workers }: DelayFindings): Proposal {
  const proposed = 'Resource Exhaustion';
  const full = usage.find(isFaulty);
  const refused = withoutRoom(workers);
  if (refused !== undefined) return { proposed, why: `New workers find no room: ${refused}`, ruledOut: [] };
  return full && isHealthy(workers) ? { proposed, why: full.evidence, ruledOut: [] } : undefined;
}

function withoutRoom({ facts }: DelayFindings['workers']): string | undefined {
  const { object, says } = facts?.obstacle ?? {};
  return says !== undefined && /insufficient|exceeded quota|nodes are available/i.test(says) ? `${object}: ${says}` : undefined;
}

function workers(found: DelayFindings): Proposal {
  const proposed = 'Worker Bottleneck';
  const broken = [found.workers, found.stuck].find(isFaulty);
  if (broken) return { proposed, why: broken.evidence, ruledOut: [] };
  const { arrivalsTimesUsual: more, p95TimesUsual: longer } = found.flow.facts ?? {};
  const isUsual = longer !== undefined && longer <= 2 && isHealthy(found.database);
  if (more === undefined || more <= 1.5 || !isUsual) return undefined;
  return { proposed, why: `More jobs come in, and each takes as long as usual. ${found.flow.evidence}`, ruledOut: [] };
}

function ruledOut({ database, usage, workers, stuck }: DelayFindings, { proposed }: Diagnosis<DelayCause>): string[] {
  const out: [DelayCause, boolean, string][] = [
    ['Database Bottleneck', isHealthy(database), 'Ruled out the database: its load is as usual.'],
    ['Resource Exhaustion', usage.every(isHealthy), 'Ruled out resources: pods, nodes and quotas have room.'],
    ['Worker Bottleneck', isHealthy(workers) && isHealthy(stuck), 'Ruled out the workers: all serve, and no job is stuck.'],
  ];
  return out.flatMap(([cause, isOut, text]) => (isOut && cause !== proposed ? [text] : []));
}
