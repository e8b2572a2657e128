/** Answers of Prometheus to the questions that we ask it: which have samples, and which have none. */

import type { Prometheus, Sample } from '../../activities/connectors/prometheus.ts';
import { SystemError } from '../../activities/connectors/system-error.ts';
import type { QueryName } from '../../activities/queries.ts';
import type { Asked } from '../doctor/queries.ts';

export interface Answered extends Asked {
  /** Absent where Prometheus gave no answer that could be used. */
  samples?: Sample[];
  /** Its words then. */
  said?: string;
}

export type Measured = ReadonlyMap<QueryName, Answered>;

/** Few at a time: some of the questions look back over days. */
const atOnce = 4;

/** @param wanted questions to ask. A question that Prometheus refuses is an answer too. */
export async function measure(prometheus: Prometheus, wanted: Asked[]): Promise<Measured> {
  const answers: Answered[] = [];
  const left = [...wanted];
  const askNext = async (): Promise<void> => {
    const next = left.shift();
    if (!next) return;
    answers.push(await answerTo(prometheus, next));
    await askNext();
  };
  await Promise.all(Array.from({ length: atOnce }, askNext));
  return new Map(answers.map(answer => [answer.name, answer]));
}

async function answerTo(prometheus: Prometheus, asked: Asked): Promise<Answered> {
  try {
    return { ...asked, samples: await prometheus.query(asked.query) };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return { ...asked, said: error.message };
  }
}

export const samplesOf = (measured: Measured, name: QueryName): Sample[] => measured.get(name)?.samples ?? [];

/** How alerts call the cluster, where the series say so in one voice. */
export async function clusterLabel(prometheus: Prometheus): Promise<string | undefined> {
  const { samples = [] } = await answerTo(prometheus, { name: 'database up', query: 'count by (cluster) (up)' });
  const names = new Set(samples.flatMap(({ labels }) => labels['cluster'] ?? []));
  const [only, ...others] = names;
  return others.length === 0 ? only : undefined;
}
