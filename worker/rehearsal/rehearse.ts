import type { Report } from '../../workflows/contract/index.ts';
import { type Command, type Execution, type Init, type Job, Sandbox } from './sandbox.ts';
import type { OtherWorkflows } from './other-workflows.ts';
import { type Ran, VirtualServer, type World } from './virtual-server.ts';

/** A message of a person or an alert: when, in milliseconds after the start, and what. */
export interface Message {
  after: number;
  signal: string;
  args: unknown[];
}

/** The people who answer open questions: given the report, their messages, a second later unless they take longer (milliseconds). */
export type People = (report: Report, at: number) => (Omit<Message, 'after'> & { after?: number })[];

export interface Script {
  init: Init;
  world: World;
  people?: People;
  messages?: Message[];
  /** Anything else that the server may tell the workflow, in milliseconds after the start: raw payloads, updates, cancellation. */
  jobs?: { after: number; job: Job }[];
  /** Forgets and replays the execution after every so many tasks, as an evicted cache does. */
  evictEvery?: number | ((tasks: number) => boolean);
  /** Rolls over at every moment at which nothing is in flight. */
  rollOver?: boolean;
  /** Longest time that may pass, in milliseconds; then the rehearsal ends with the incident open. */
  atMost?: number;
  /** Ends the rehearsal early, the incident open. */
  until?: (report: Report) => boolean;
}

/** A whole incident in virtual time. */
export interface Rehearsal {
  report: Report;
  /** Every attempt of every activity, in order. */
  ran: Ran[];
  /** Virtual minutes from start to end. */
  minutes: number;
  closed: boolean;
  /** How often it was started: once, and once more for every roll-over. */
  runs: number;
  timers: number;
  upserts: number;
  /** Signals to other workflows. */
  signalled: OtherWorkflows['signalled'];
  /** Other workflows that it started. */
  started: OtherWorkflows['started'];
  /** The commands of the workflow, one list for each workflow task. */
  tasks: Command[][];
  /** The board in the Temporal UI at the end. */
  board: string;
  /** Activations whose commands differed when the execution was replayed: none, or the runbook is not deterministic. */
  differing: number[];
}

const sevenDays = 7 * 24 * 3_600_000;

/** Workflow tasks of one run; a server would make it roll over long before. */
const mostTasks = 3_000;

/** Runs a workflow in virtual time: hours in milliseconds. Then replays each of its runs and compares every command. */
export async function rehearse(sandbox: Sandbox, script: Script): Promise<Rehearsal> {
  const play = new Play(sandbox, script);
  try {
    while (play.next() !== undefined) await play.goOn();
    return await play.end();
  } finally {
    await play.dispose();
  }
}

/** One incident on its way: whoever moves several of them moves the one whose next moment is the earliest. */
export class Play {
  readonly server: VirtualServer;
  private readonly sandbox: Sandbox;
  private readonly script: Script;
  private init: Init;
  private execution: Execution | undefined;
  private runs = 0;
  /** `until` has come. */
  private isStopped = false;
  private past: Pick<Rehearsal, 'tasks' | 'differing'> = { tasks: [], differing: [] };
  private whole: Rehearsal | undefined;

  constructor(sandbox: Sandbox, script: Script) {
    const { init, messages = [], jobs = [] } = script;
    this.sandbox = sandbox;
    this.script = script;
    this.init = init;
    this.server = new VirtualServer(script.world, init.at);
    for (const { after, signal, args } of messages) this.server.send(init.at + after, signal, args);
    for (const { after, job } of jobs) this.server.deliver(init.at + after, job);
  }

  /** When something happens next, in milliseconds since 1970; never when it is closed, its time is over, or `until` has come. */
  next(): number | undefined {
    if (this.whole || this.isStopped) return undefined;
    const { init, atMost = sevenDays } = this.script;
    const at = this.execution ? this.server.next() : this.server.now;
    return at <= init.at + atMost ? at : undefined;
  }

  /** Lets the next thing happen. */
  async goOn(): Promise<void> {
    if (!this.execution) return this.begin();
    if (!this.server.advance(this.server.next())) return this.server.answered();
    await this.task(this.execution, this.server.dueNow());
    if (!this.whole && this.isToEvict(this.execution.tasks.length)) await this.execution.evict();
  }

  private isToEvict(tasks: number): boolean {
    const { evictEvery = 0 } = this.script;
    return typeof evictEvery === 'function' ? evictEvery(tasks) : tasks % evictEvery === 0;
  }

  /** The result so far. */
  async end(): Promise<Rehearsal> {
    if (!this.execution) await this.begin();
    if (!this.whole && this.execution) this.whole = await this.soFar(this.execution);
    if (!this.whole) throw new Error('An incident that was begun has a record.');
    return this.whole;
  }

  dispose = async () => this.execution?.dispose();

  private async begin(): Promise<void> {
    this.runs += 1;
    this.execution = await this.sandbox.open(this.init, this.script.rollOver ?? false);
    await this.task(this.execution, [this.execution.starting(), ...this.server.dueNow()]);
  }

  private async task(execution: Execution, jobs: Job[]): Promise<void> {
    this.server.obey(await execution.activate(this.server.now, jobs));
    await this.server.answered();
    if (execution.tasks.length > mostTasks) throw new Error('The workflow does not come to rest: its tasks never end.');
    if (this.server.isOver()) await this.turnOver(execution);
    else this.isStopped = await this.hears(execution);
  }

  /** It has closed, or goes on in a new run. */
  private async turnOver(execution: Execution): Promise<void> {
    const run = await this.soFar(execution);
    const args = this.server.rollOver();
    if (!args) return void (this.whole = run);
    this.past = run;
    await execution.dispose();
    const { init } = this.script;
    const runId = `${init.runId}-${this.runs + 1}`;
    this.init = { ...this.init, args, runId, firstRunId: init.runId, at: this.server.now };
    await this.begin();
  }

  /** People read the board after every task, and answer. Whether it is to end here. */
  private async hears(execution: Execution): Promise<boolean> {
    const { people, until } = this.script;
    if (!people && !until) return false;
    const { server } = this;
    const report = asReport(await execution.query('report'));
    for (const { signal, args, after = 1000 } of people?.(report, server.now) ?? [])
      server.send(server.now + after, signal, args);
    return until?.(report) ?? false;
  }

  private async soFar(execution: Execution): Promise<Rehearsal> {
    const { ran, now, closed, timers, upserts, others, result } = this.server;
    const report = closed ? result : await execution.query('report');
    const metadata = await execution.query('__temporal_workflow_metadata');
    await execution.evict();
    return {
      report: asReport(report),
      ran,
      minutes: (now - this.script.init.at) / 60_000,
      closed,
      runs: this.runs,
      timers,
      upserts,
      signalled: others.signalled,
      started: others.started,
      tasks: [...this.past.tasks, ...execution.tasks.map(({ commands }) => commands)],
      board: String(Reflect.get(Object(metadata), 'currentDetails')),
      differing: [...this.past.differing, ...execution.differing],
    };
  }
}

/** Our own workflow answered it; anything else is a bug of ours. */
function asReport(value: unknown): Report {
  if (isReport(value)) return value;
  throw new Error(`the workflow did not answer with a report: ${JSON.stringify(value)}`);
}

const isReport = (value: unknown): value is Report =>
  typeof value === 'object' && value !== null && 'steps' in value && 'questions' in value;

export { Sandbox };
