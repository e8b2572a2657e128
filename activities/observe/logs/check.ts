/** A search of logs: how many lines match, of which kinds, and whether other days have the same. */

import type { Finding } from '../../../workflows/contract/finding.ts';
import type { Workload } from '../../../workflows/contract/vocabulary.ts';
import type { Deps } from '../../deps.ts';
import type { LogsFacts } from '../../facts.ts';
import { momentIn } from '../../moment.ts';
import { allNamespaces, namespaceCalled, workloadOf } from '../../platform.ts';
import { judgeLogs } from './judge.ts';
import { found } from './source.ts';
import { turnsUntil } from './turns.ts';
import { compared } from './usual.ts';
import type { Wanted } from './wanted.ts';

export interface LogsInput {
  /** Its pods; else those of the selector. */
  workload?: Workload;
  /** Labels of pods; none are all of the namespace. */
  selector?: Record<string, string>;
  /** As platform.json calls it; that of the workloads unless named. */
  namespace?: string;
  /** A regular expression, whatever the case of letters; of several each must match. */
  pattern: string | string[];
  /** RFC 3339, or how long ago: `24 hours`. */
  since: string;
  /** So many lines are faulty; compared with earlier days, so many at least. */
  below?: number;
  /** Days before to compare with. */
  days?: number;
}

/** @throws SystemError */
export async function checkLogs(deps: Deps, input: LogsInput): Promise<Finding<LogsFacts>> {
  const wanted = wantedOf(deps, input);
  if (typeof wanted === 'string') return { verdict: 'unknown', evidence: wanted };
  const { days = 0 } = input;
  const turns = turnsUntil(deps.now() + patience, deps.now);
  const seen = await found(deps, wanted);
  const { loki } = deps.systems;
  const looked = days > 0 && loki && seen.newest ? await compared({ loki, turns, wanted }, seen, days) : { seen };
  return judgeLogs({ wanted, ...looked }, { days, below: input.below ?? (days > 0 ? floor : 1) });
}

/** Milliseconds: Loki has five seconds for what is asked last, and the check has twelve in all. */
const patience = 6_000;
/** Fewer lines are no news, whatever other days have. */
const floor = 20;

/** Or what to correct. */
function wantedOf({ platform, now }: Deps, input: LogsInput): Wanted | string {
  const patterns = [input.pattern].flat();
  const broken = patterns.find(one => !isPattern(one));
  if (broken !== undefined) return `${broken} is no regular expression: correct the step.`;
  const from = momentIn(input.since, now());
  if (from === undefined) return `${input.since} is no time: write RFC 3339, or how long ago, such as 24 hours.`;
  const range = { from, to: now() };
  if (input.workload !== undefined) {
    const { namespace, selector: labels, container } = workloadOf(platform, input.workload);
    return { namespace, labels, container, patterns, range };
  }
  const namespace = input.namespace === undefined ? allNamespaces(platform)[0] : namespaceCalled(platform, input.namespace);
  return { namespace: namespace ?? '', labels: input.selector ?? {}, patterns, range };
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'i') instanceof RegExp;
  } catch {
    return false;
  }
}
