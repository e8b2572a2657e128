import { ActivityCancellationType, type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { Activities, Unseen, UnseenBefore } from '../../../activities/index.ts';
import { takes } from '../../catalog/activities.ts';
import type { Takes } from '../../catalog/activity-rows.ts';
import type { Call, Finding, FrozenList, Outcome, Report, StepState, Watching } from '../../contract/index.ts';
import { hangWhenCancelled } from '../incident/scope.ts';

type Fn = (...args: never[]) => Promise<unknown>;
type Named<A, F> = { [N in keyof A as A[N] extends F ? N : never]: A[N] };
type Subjects<F> = {
  [S in keyof Activities as keyof Named<Activities[S], F> extends never ? never : S]: Named<Activities[S], F>;
};

type Action = (input: never, call: Call) => Promise<Outcome>;
type Check = (input: never) => Promise<Finding>;

/** The calls of `step(title).<subject>.`: the same as the activities, without how they are called. Each gives the state in which the step ended; a message runs on. */
export type Steps = {
  [S in keyof Subjects<Action>]: {
    [N in keyof Subjects<Action>[S]]: Subjects<Action>[S][N] extends (input: infer I, call: Call) => Promise<Outcome>
      ? (input: ByName<I>) => Promise<StepState>
      : never;
  };
};

/** A runbook names the list that a check has frozen. */
type ByName<I> = I extends { list: FrozenList }
  ? Omit<I, 'list'> & { list: string }
  : 'list' extends keyof I
    ? Omit<I, 'list'> & { list?: string | undefined }
    : I;

/** The calls of `check(title).<subject>.` and `watch(title, …).<subject>.`. */
export type Checks = {
  [S in keyof Subjects<Check>]: Subjects<Check>[S];
};

const short = { initialInterval: '1 second', maximumInterval: '20 seconds' } as const;

/** A check has 30 seconds in all. */
const checkOptions: ActivityOptions = {
  scheduleToCloseTimeout: '30 seconds',
  startToCloseTimeout: '12 seconds',
  retry: { ...short, maximumAttempts: 3 },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
};

/** A check that tries writes one after the other for a minute and a half, and the last of them may take 35 s; or that reads pages for two and a half. */
const longLookOptions: ActivityOptions = {
  ...checkOptions,
  scheduleToCloseTimeout: '6 minutes',
  startToCloseTimeout: '3 minutes',
};

/** A corroborating check has one attempt; its memory is worth less than the alert. */
const onceOptions: ActivityOptions = {
  startToCloseTimeout: '20 seconds',
  scheduleToCloseTimeout: '20 seconds',
  retry: { maximumAttempts: 1 },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
};

/** An action has 90 seconds and four attempts. */
const actionOptions: ActivityOptions = {
  scheduleToCloseTimeout: '90 seconds',
  startToCloseTimeout: '20 seconds',
  retry: { ...short, maximumAttempts: 4 },
};

/** An activity that rolls pods tries and writes (35 s each at most), waits for them, and measures for two minutes: it heartbeats instead. */
const rollingOptions: ActivityOptions = {
  scheduleToCloseTimeout: '15 minutes',
  startToCloseTimeout: '8 minutes',
  heartbeatTimeout: '15 seconds',
  retry: { ...short, maximumAttempts: 4 },
};

/** An activity that moves workloads one by one, or all of them back, waits for each. */
const rollingInTurnOptions: ActivityOptions = {
  ...rollingOptions,
  scheduleToCloseTimeout: '45 minutes',
  startToCloseTimeout: '15 minutes',
};

/** Ten thousand items at half a second each, and then each is read again. */
const longListOptions: ActivityOptions = {
  ...rollingOptions,
  scheduleToCloseTimeout: '6 hours',
  startToCloseTimeout: '3 hours',
};

const options: Record<Takes, ActivityOptions> = {
  'one attempt': onceOptions,
  short: actionOptions,
  'long look': longLookOptions,
  rolling: rollingOptions,
  'rolling in turn': rollingInTurnOptions,
  'long list': longListOptions,
};

/** As its row in the table of activities says. */
const optionsOf = (type: string) => options[takes(type)];

/** An undelivered message is tried again for as long as anyone may want to read it. */
const untiringOptions: ActivityOptions = {
  startToCloseTimeout: '20 seconds',
  retry: { initialInterval: '10 seconds', maximumInterval: '1 minute' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
};

const untiringListOptions: ActivityOptions = {
  ...untiringOptions,
  startToCloseTimeout: longListOptions.startToCloseTimeout,
  heartbeatTimeout: longListOptions.heartbeatTimeout,
};

const schedule = (options: ActivityOptions, title: string, type: string, args: unknown[]): Promise<unknown> => {
  const activity = proxyActivities<Record<string, Fn>>({ ...options, summary: title })[type] as unknown as Fn;
  return activity(...(args as never[]));
};

export const runCheck = (title: string, type: string, input: unknown) =>
  schedule(takes(type) === 'short' ? checkOptions : optionsOf(type), title, type, [input]) as Promise<Finding>;

export const runOneLook = (title: string, type: string, input: unknown) =>
  schedule(onceOptions, title, type, [input]) as Promise<Finding>;

export const runAction = (title: string, type: string, input: unknown, call: Call) =>
  schedule(optionsOf(type), title, type, [input, call]) as Promise<Outcome>;

export const keepSending = (title: string, type: string, input: unknown, call: Call) =>
  schedule(takes(type) === 'short' ? untiringOptions : untiringListOptions, title, type, [input, call]) as Promise<Outcome>;

/** One heartbeating activity however long it looks. */
export const runWatch = (title: string, check: string, input: unknown, watching: Watching) =>
  schedule(
    {
      startToCloseTimeout: Math.max(3 * watching.for, watching.upTo ?? 0) + 120_000,
      heartbeatTimeout: '30 seconds',
      retry: { ...short, maximumAttempts: 20 },
      cancellationType: ActivityCancellationType.TRY_CANCEL,
    },
    title,
    'watch',
    [{ check, input, watching }],
  ) as Promise<Finding>;

export const saveReport = (report: Report) =>
  schedule(optionsOf('saveReport'), 'Keep the report', 'saveReport', [{ report }]) as Promise<{ digest: string }>;

export const acknowledgeTaken = (incident: string) =>
  schedule(optionsOf('acknowledgePages'), 'Acknowledge the pages', 'acknowledgePages', [{ incident }]) as Promise<{
    pages: number;
  }>;

export const noteUnseen = (title: string, unseen: Unseen) =>
  schedule(optionsOf('noteUnseen'), title, 'noteUnseen', [unseen]) as Promise<UnseenBefore>;

/** Turns `words.<subject>.<name>(input)` into one call with the name. Not a promise: a stray `await` calls nothing. */
export function proxyFor<T extends object>(say: (name: string, input: unknown) => Promise<unknown>): T {
  const subject = new Proxy(
    {},
    { get: (_, name) => (name === 'then' ? undefined : (input: unknown) => hangWhenCancelled(say(String(name), input))) },
  );
  return new Proxy({} as T, { get: (_, name) => (name === 'then' ? undefined : subject) });
}
