import { defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import type { coresdk } from '@temporalio/proto';
import {
  backoff,
  failureOf,
  isFinal,
  mostAttempts,
  payloadOf,
  type Ran,
  type Reaction,
  type Schedule,
  textOf,
  valueOf,
  type World,
} from './attempts.ts';
import { OtherWorkflows } from './other-workflows.ts';
import { optionalTsToMs } from './sdk-internals.ts';

export type { Attempt, Ran, Reaction, World } from './attempts.ts';

type Job = coresdk.workflow_activation.IWorkflowActivationJob;
type Command = coresdk.workflow_commands.IWorkflowCommand;

/** An activity, and until when it is tried again. */
interface Trying {
  activity: Schedule;
  title: string;
  until: number;
}

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
  readonly others = new OtherWorkflows();
  private readonly world: World;
  private continued: unknown[] | undefined;
  private readonly scheduled = new Map<number, Schedule>();
  private queue: Due[] = [];
  private readonly inbox: Job[] = [];
  /** Attempts whose answer is still to come. */
  private readonly asked = new Set<Promise<void>>();

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

  /** Until the world has answered whatever it was asked. */
  async answered(): Promise<void> {
    while (this.asked.size > 0) await Promise.all(this.asked);
  }

  /** Moves the clock to the next thing that the workflow is told; false when there is none, or not in time. */
  advance(latest: number): boolean {
    while (this.inbox.length === 0 && this.asked.size === 0) {
      const next = this.next();
      if (!Number.isFinite(next) || next > latest) return false;
      this.now = Math.max(this.now, next);
      this.letHappen();
    }
    return this.inbox.length > 0;
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
    for (const job of this.others.obey(command)) this.deliver(this.now, job);
    this.obeyLast(command);
  }

  private obeyLast({ completeWorkflowExecution, continueAsNewWorkflowExecution, failWorkflowExecution }: Command) {
    if (continueAsNewWorkflowExecution) this.continued = (continueAsNewWorkflowExecution.arguments ?? []).map(valueOf);
    if (completeWorkflowExecution) [this.closed, this.result] = [true, valueOf(completeWorkflowExecution.result)];
    if (failWorkflowExecution) throw new Error(`the workflow failed: ${failWorkflowExecution.failure?.message}`);
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
    const { activityType, arguments: args } = activity;
    const tried = { type: activityType ?? '', title, args: (args ?? []).map(valueOf), attempt, at: this.now };
    const reaction = this.world(tried);
    const goOn = (known: Reaction) => this.react({ activity, title, until }, { ...tried, reaction: known });
    if (!(reaction instanceof Promise)) return goOn(reaction);
    const answer = reaction.then(goOn).finally(() => this.asked.delete(answer));
    this.asked.add(answer);
  }

  private react({ activity, title, until }: Trying, ran: Ran) {
    const { reaction, attempt } = ran;
    this.ran.push(ran);
    const { seq, retryPolicy } = activity;
    const at = this.now + (reaction.takes ?? 1000);
    if ('result' in reaction) return this.resolve(activity, at, { completed: { result: payloadOf(reaction.result) } });
    const again = at + backoff(retryPolicy, attempt);
    const most = retryPolicy?.maximumAttempts || mostAttempts;
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

const isMessage = (job: Job) => job.signalWorkflow != null || job.doUpdate != null;
