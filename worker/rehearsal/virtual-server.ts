import { ApplicationFailure, defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import type { coresdk, temporal } from '@temporalio/proto';
import { optionalTsToMs } from './sdk-internals.ts';

type Job = coresdk.workflow_activation.IWorkflowActivationJob;
type Command = coresdk.workflow_commands.IWorkflowCommand;
type Schedule = coresdk.workflow_commands.IScheduleActivity;
type Signalling = coresdk.workflow_commands.ISignalExternalWorkflowExecution;
type Payload = temporal.api.common.v1.IPayload;

/** One attempt of an activity, as the world sees it. */
export interface Attempt {
  type: string;
  /** The step's title: the activity's summary. */
  title: string;
  args: unknown[];
  attempt: number;
  /** Milliseconds since 1970. */
  at: number;
}

/** The result of an attempt: its result or its error, and how long it took (milliseconds). */
export type Reaction = { result: unknown; takes?: number } | { error: Error; takes?: number };
export type World = (attempt: Attempt) => Reaction;
export type Ran = Attempt & { reaction: Reaction };

interface Due {
  at: number;
  happens: () => void;
  /** Its timer or activity; a cancelled one is dropped. */
  key?: string;
}

/** The server's part: one clock, one queue of what is due, retries as the policy says. */
export class VirtualServer {
  now: number;
  closed = false;
  result: unknown;
  timers = 0;
  upserts = 0;
  readonly ran: Ran[] = [];
  /** To other workflows. */
  readonly signalled: { workflowId: string; name: string; args: unknown[] }[] = [];
  private readonly world: World;
  private continued: unknown[] | undefined;
  private readonly scheduled = new Map<number, Schedule>();
  private queue: Due[] = [];
  private readonly inbox: Job[] = [];

  constructor(world: World, at: number) {
    this.world = world;
    this.now = at;
  }

  send(at: number, signalName: string, args: unknown[]) {
    this.deliver(at, { signalWorkflow: { signalName, input: args.map(payloadOf), identity: 'rehearsal', headers: {} } });
  }

  deliver(at: number, job: Job, key?: string) {
    this.queue.push({ at, happens: () => void this.inbox.push(job), ...(key && { key }) });
  }

  /** When something is due next, in milliseconds since 1970; infinity when nothing is. */
  next = () => (this.inbox.length > 0 ? this.now : Math.min(...this.queue.map(({ at }) => at)));

  /** Moves the clock to the next thing that the workflow is told; false when there is none, or not in time. */
  advance(latest: number): boolean {
    while (this.inbox.length === 0) {
      const next = this.next();
      if (!Number.isFinite(next) || next > latest) return false;
      this.now = Math.max(this.now, next);
      this.letHappen();
    }
    return true;
  }

  /** The jobs of the workflow now, messages first, as the server orders them. */
  dueNow(): Job[] {
    this.letHappen();
    const jobs = this.inbox.splice(0);
    return [...jobs.filter(isMessage), ...jobs.filter(job => !isMessage(job))];
  }

  private letHappen() {
    const due = this.queue.filter(({ at }) => at <= this.now);
    this.queue = this.queue.filter(({ at }) => at > this.now);
    for (const { happens } of due) happens();
  }

  obey(commands: Command[]) {
    for (const command of commands) this.obeyOne(command);
  }

  private obeyOne(command: Command) {
    const { startTimer, cancelTimer, scheduleActivity, requestCancelActivity, userMetadata } = command;
    if (startTimer) this.startTimer(startTimer.seq ?? 0, optionalTsToMs(startTimer.startToFireTimeout) ?? 0);
    if (cancelTimer) this.drop(`timer ${cancelTimer.seq}`);
    if (scheduleActivity) this.run(scheduleActivity, textOf(userMetadata?.summary));
    if (requestCancelActivity) this.cancelActivity(requestCancelActivity.seq ?? 0);
    if (command.upsertWorkflowSearchAttributes) this.upserts += 1;
    if (command.signalExternalWorkflowExecution) this.signalOther(command.signalExternalWorkflowExecution);
    this.obeyLast(command);
  }

  private obeyLast({ completeWorkflowExecution, continueAsNewWorkflowExecution, failWorkflowExecution }: Command) {
    if (continueAsNewWorkflowExecution) this.continued = (continueAsNewWorkflowExecution.arguments ?? []).map(valueOf);
    if (completeWorkflowExecution) [this.closed, this.result] = [true, valueOf(completeWorkflowExecution.result)];
    if (failWorkflowExecution) throw new Error(`the workflow failed: ${failWorkflowExecution.failure?.message}`);
  }

  private signalOther({ seq, workflowExecution, signalName, args }: Signalling) {
    const sent = { workflowId: workflowExecution?.workflowId ?? '', name: signalName ?? '', args: (args ?? []).map(valueOf) };
    this.signalled.push(sent);
    this.deliver(this.now, { resolveSignalExternalWorkflow: { seq } });
  }

  isOver = () => this.closed || this.continued !== undefined;

  /** The input of the next run, if there is one; timers and activities of the former one are gone. */
  rollOver(): unknown[] | undefined {
    const { continued } = this;
    this.continued = undefined;
    if (continued) this.queue = this.queue.filter(({ key }) => key === undefined);
    return continued;
  }

  private startTimer(seq: number, after: number) {
    this.timers += 1;
    this.deliver(this.now + after, { fireTimer: { seq } }, `timer ${seq}`);
  }

  private run(activity: Schedule, title: string) {
    this.scheduled.set(activity.seq ?? 0, activity);
    const until = this.now + (optionalTsToMs(activity.scheduleToCloseTimeout) || Number.POSITIVE_INFINITY);
    this.attempt(activity, title, until, 1);
  }

  /** One attempt, and the next one later: until it is done, refused for good, or out of attempts or time. */
  private attempt(activity: Schedule, title: string, until: number, attempt: number) {
    const { activityType, arguments: args, seq } = activity;
    const tried = { type: activityType ?? '', title, args: (args ?? []).map(valueOf), attempt, at: this.now };
    const reaction = this.world(tried);
    this.ran.push({ ...tried, reaction });
    const at = this.now + (reaction.takes ?? 1000);
    if ('result' in reaction) return this.resolve(activity, at, { completed: { result: payloadOf(reaction.result) } });
    const again = at + backoff(activity, attempt);
    const most = activity.retryPolicy?.maximumAttempts || mostAttempts;
    if (isFinal(reaction.error) || attempt >= most || again > until) return this.fail(activity, at, reaction.error);
    const happens = () => this.attempt(activity, title, until, attempt + 1);
    this.queue.push({ at: again, key: `activity ${seq}`, happens });
  }

  private resolve({ seq }: Schedule, at: number, result: coresdk.activity_result.IActivityResolution) {
    this.deliver(at, { resolveActivity: { seq, result } }, `activity ${seq}`);
  }

  private fail(activity: Schedule, at: number, error: Error) {
    const cause = defaultFailureConverter.errorToFailure(error, defaultPayloadConverter);
    this.resolve(activity, at, { failed: { failure: { ...failureOf(activity), cause } } });
  }

  private cancelActivity(seq: number) {
    this.drop(`activity ${seq}`);
    const failure = { ...failureOf(this.scheduled.get(seq) ?? {}), cause: { message: 'cancelled', canceledFailureInfo: {} } };
    this.resolve({ seq }, this.now, { cancelled: { failure } });
  }

  private drop(key: string) {
    this.queue = this.queue.filter(due => due.key !== key);
  }
}

/** An activity without a limit of its own is given up here, so that a rehearsal ends. */
const mostAttempts = 50;

const isMessage = (job: Job) => job.signalWorkflow != null || job.doUpdate != null;
const isFinal = (error: Error) => error instanceof ApplicationFailure && error.nonRetryable === true;

function backoff({ retryPolicy }: Schedule, attempt: number): number {
  const first = optionalTsToMs(retryPolicy?.initialInterval) ?? 1000;
  const longest = optionalTsToMs(retryPolicy?.maximumInterval) || 100 * first;
  return Math.min(longest, first * (retryPolicy?.backoffCoefficient || 2) ** (attempt - 1));
}

const failureOf = ({ activityType, activityId }: Schedule) => ({
  message: 'Activity task failed',
  activityFailureInfo: { activityType: { name: activityType }, activityId },
});

const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value) ?? {};
const valueOf = (payload: Payload | null | undefined): unknown =>
  payload ? defaultPayloadConverter.fromPayload(payload) : undefined;
const textOf = (payload: Payload | null | undefined) => {
  const value = valueOf(payload);
  return typeof value === 'string' ? value : '';
};
