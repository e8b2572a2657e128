/** What failed jobs have in common that other jobs do not: the factor with the highest lift. Pure. */

import type { JobRecord } from '../connectors/hub.ts';
import type { FailuresFacts } from '../facts.ts';
import { classOf, kindOf } from './error-kind.ts';

/** Of the platform's own model of a job. */
const largest = 1_000;
const longest = 3_600;
export const breaksARule = ({ variables, timeout_seconds: limit }: JobRecord) =>
  (variables ?? 0) > largest || limit < 1 || limit > longest;

export const sizeOf = ({ variables }: JobRecord): string | undefined => {
  if (variables === undefined) return undefined;
  const top = [20, 50, 200, largest].find(most => variables <= most);
  return top === undefined ? `more than ${largest} variables` : `at most ${top} variables`;
};

const factors = {
  operation: (job: JobRecord) => job.operation,
  size: sizeOf,
  customer: (job: JobRecord) => job.customer,
  solver: (job: JobRecord) => job.solver,
} as const;
type Factor = keyof typeof factors;
const names: Factor[] = ['operation', 'size', 'customer', 'solver'];

export type Leading = NonNullable<FailuresFacts['leading']>;

/** Half of the failed jobs have it, and half as many again as of all. */
const leadingShare = 0.5;
const leadingLift = 1.5;

/** The value that failed jobs have most often, and how much more often than all do; the highest lift first. */
export function lifts(finished: JobRecord[]): Leading[] {
  const failed = finished.filter(isFailed);
  const each = names.flatMap(factor => {
    const [top] = counted(failed, factors[factor]);
    if (!top) return [];
    const share = top.count / failed.length;
    const usual = finished.filter(job => factors[factor](job) === top.value).length / finished.length;
    return [{ factor, value: top.value, share, lift: share / usual }];
  });
  return each.toSorted((a, b) => b.lift - a.lift);
}

export const leadingOf = (finished: JobRecord[]): Leading | null =>
  lifts(finished).find(({ share, lift }) => share >= leadingShare && lift >= leadingLift) ?? null;

export const hasIt = (job: JobRecord, { factor, value }: Leading) => factors[factor](job) === value;

export const isFailed = ({ status }: JobRecord) => status === 'failed';

/** @param finished failed ones among them */
export function factsOf(finished: JobRecord[]): FailuresFacts {
  const failed = finished.filter(isFailed);
  const shareOf = (top: { count: number } | undefined) => (top && failed.length > 0 ? top.count / failed.length : 0);
  const [error] = counted(failed, job => kindOf(job.error ?? ''));
  const [solver] = counted(failed, factors.solver);
  return {
    failed: failed.length,
    finished: finished.length,
    error: error?.value ?? 'other',
    errorShare: shareOf(error),
    solver: solver?.value ?? '',
    solverShare: shareOf(solver),
    leading: leadingOf(finished),
    ruleShare: failed.length > 0 ? failed.filter(breaksARule).length / failed.length : 0,
    othersSucceed: finished.some(job => job.solver === solver?.value && job.status === 'completed'),
  };
}

/** The most frequent first. */
export function counted<T extends string>(jobs: JobRecord[], of: (job: JobRecord) => T | undefined) {
  const groups = Map.groupBy(jobs, of);
  const known = [...groups].flatMap(([value, { length: count }]) => (value === undefined ? [] : [{ value, count }]));
  return known.toSorted((a, b) => b.count - a.count);
}

/** `SolverError 12, TimeoutError 3`: the three most frequent. */
export const topErrors = (failed: JobRecord[]): string =>
  counted(failed, job => classOf(job.error ?? 'no reason given'))
    .slice(0, 3)
    .map(({ value, count }) => `${value} ${count}`)
    .join(', ');
