import type { Report } from '../../workflows/contract/index.ts';
import type { Entry } from '../../workflows/kit/journal.ts';
import { type Command, type Execution, type Init, type Job, Sandbox } from './sandbox.ts';
import { type Ran, VirtualServer, type World } from './virtual-server.ts';

/** A message of a person or an alert: when, in milliseconds after the start, and what. */
export interface Message {
  after: number;
  signal: string;
  args: unknown[];
}

/** Who answers the questions that open: given the report, what they send, a second later unless they take longer (milliseconds). */
export type People = (report: Report, at: number) => (Omit<Message, 'after'> & { after?: number })[];

export interface Script {
  init: Init;
  world: World;
  people?: People;
  messages?: Message[];
  /** Anything else that the server may tell the workflow, in milliseconds after the start: raw payloads, updates, cancellation. */
  jobs?: { after: number; job: Job }[];
  /** Forgets and replays the execution after every so many tasks, as an evicted cache does. */
  evictEvery?: number;
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
  /** What the workflow asked for, one list a workflow task. */
  tasks: Command[][];
  /** What the Temporal UI shows of it at the end. */
  board: string;
  /** Everything that happened, as the workflow tells it. */
  journal: Entry[];
  /** Activations whose commands differed when the execution was replayed: none, or the runbook is not deterministic. */
  differing: number[];
}

const sevenDays = 7 * 24 * 3_600_000;

/** Workflow tasks of one run; a server would make it roll over long before. */
const mostTasks = 3_000;

/** Runs a workflow in virtual time: hours in milliseconds. Then replays each of its runs and compares every command. */
export async function rehearse(sandbox: Sandbox, script: Script): Promise<Rehearsal> {
  const { init, messages = [], jobs = [] } = script;
  const server = new VirtualServer(script.world, init.at);
  for (const { after, signal, args } of messages) server.send(init.at + after, signal, args);
  for (const { after, job } of jobs) server.deliver(init.at + after, job);
  const past: Pick<Rehearsal, 'tasks' | 'differing'> = { tasks: [], differing: [] };
  for (let runs = 1, next = init; ; runs += 1) {
    const run = await live(sandbox, script, server, next);
    past.tasks.push(...run.tasks);
    past.differing.push(...run.differing);
    const args = server.rollOver();
    if (!args) return { ...run, ...past, runs };
    next = { ...next, args, runId: `${init.runId}-${runs + 1}`, firstRunId: init.runId, at: server.now };
  }
}

/** One run, to its end or to where it rolls over. */
async function live(sandbox: Sandbox, script: Script, server: VirtualServer, init: Init): Promise<Omit<Rehearsal, 'runs'>> {
  const { evictEvery, rollOver = false, atMost = sevenDays } = script;
  const execution = await sandbox.open(init, rollOver);
  try {
    server.obey(await execution.activate(server.now, [execution.starting(), ...server.dueNow()]));
    while (!server.isOver()) {
      if (await hears(execution, server, script)) break;
      if (!server.advance(script.init.at + atMost)) break;
      server.obey(await execution.activate(server.now, server.dueNow()));
      if (execution.tasks.length > mostTasks) throw new Error('The workflow does not come to rest: its tasks never end.');
      if (evictEvery && execution.tasks.length % evictEvery === 0) await execution.evict();
    }
    return await outcome(execution, server, script.init);
  } finally {
    await execution.dispose();
  }
}

/** People read the board after every task, and answer. Whether it is to end here. */
async function hears(execution: Execution, server: VirtualServer, { people, until }: Script): Promise<boolean> {
  if (!people && !until) return false;
  const report = asReport(await execution.query('report'));
  for (const { signal, args, after = 1000 } of people?.(report, server.now) ?? []) server.send(server.now + after, signal, args);
  return until?.(report) ?? false;
}

async function outcome(execution: Execution, server: VirtualServer, init: Init): Promise<Omit<Rehearsal, 'runs'>> {
  const report = server.closed ? server.result : await execution.query('report');
  const { ran, now, closed, timers, upserts } = server;
  const journal = await execution.query('journal');
  const metadata = await execution.query('__temporal_workflow_metadata');
  await execution.evict();
  return {
    report: asReport(report),
    ran,
    minutes: (now - init.at) / 60_000,
    closed,
    timers,
    upserts,
    tasks: execution.tasks.map(({ commands }) => commands),
    board: String(Reflect.get(Object(metadata), 'currentDetails')),
    journal: asJournal(journal),
    differing: [...execution.differing],
  };
}

/** Our own workflow answered it; anything else is a bug of ours. */
function asReport(value: unknown): Report {
  if (isReport(value)) return value;
  throw new Error(`the workflow did not answer with a report: ${JSON.stringify(value)}`);
}

function asJournal(value: unknown): Entry[] {
  if (Array.isArray(value)) return value;
  throw new Error(`the workflow did not answer with a journal: ${JSON.stringify(value)}`);
}

const isReport = (value: unknown): value is Report =>
  typeof value === 'object' && value !== null && 'steps' in value && 'questions' in value;

export { Sandbox };
