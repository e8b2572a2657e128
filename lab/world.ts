/**
 * The practice world: which job runs where, and what becomes of it, follows from what each pod was configured with
 * when it turned Running, from the state of the outside systems, and from the clock. No series is scripted.
 */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ApiRecord } from './world/api.ts';
import type { CustomerWorld } from './world/customers.ts';
import type { EdgeRecord } from './world/edge.ts';
import type { SetRecord } from './world/replica-sets.ts';
import { type State, type StateChange, stateAt } from './world/systems.ts';

/** A pod that runs jobs, as it was when it turned Running. Times in milliseconds since 1970. */
export const PodRecord = z.object({
  pod: z.string(),
  uid: z.string(),
  workload: z.enum(['worker', 'batch']),
  solver: z.enum(['dynex', 'classical']),
  /** Whether a job that Dynex fails is computed classically instead (FEATURE_CLASSICAL_FALLBACK). */
  fallback: z.boolean(),
  /** Whether its key was made after the one that Dynex revokes: it is accepted all along. */
  newKey: z.boolean().optional(),
  /** What it reads while it runs: from when on how many of a hundred jobs go to Dynex, whatever it was configured with. */
  shares: z.array(z.object({ percent: z.number(), from: z.number() })).optional(),
  since: z.number(),
  until: z.number().optional(),
});
export type PodRecord = z.infer<typeof PodRecord>;

/** From a moment (milliseconds since 1970) until the next change. */
export interface IntakeChange {
  percent: number;
  from: number;
}

export interface World {
  readonly pods: readonly PodRecord[];
  readonly systems: readonly StateChange[];
  /** How many pods serve the API, oldest first; without a record it is up. */
  readonly api?: readonly ApiRecord[];
  /** How many of a hundred quantum jobs start, oldest first; all of them without a record. The API adds to it. */
  readonly intake?: IntakeChange[];
  /** How many pods each ReplicaSet wants and has ready, oldest first. */
  readonly sets?: readonly SetRecord[];
  /** What the Ingresses deny, oldest first. */
  readonly edge?: readonly EdgeRecord[];
  /** Customers, their traffic, and what is set for them; the API changes it. */
  readonly customers?: CustomerWorld;
  /** The network of IPFS; without it all content is taken to be there. */
  readonly ipfs?: { provides: (cid: string) => Promise<boolean> };
}

export type Result = 'succeeded' | 'failed' | 'mock';
export type SolverLabel = 'quantum_dynex' | 'classical_dimod';

/** How one job goes. */
export interface Course {
  /** The solver it ends on. */
  solver: SolverLabel;
  result: Result;
  /** Whether a classical solver did what was meant for Dynex, by configuration or because Dynex failed. */
  fallback: boolean;
  /** Milliseconds. */
  lasts: number;
}

export interface Job extends Course {
  pod: string;
  workload: PodRecord['workload'];
  /** The solver it was started on. */
  startedOn: SolverLabel;
  began: number;
  ends: number;
  /** When its pod went away before it ended; then it has no result. */
  cutOff?: number;
}

/** The cadence of the practice platform, in milliseconds. */
export const cadence = { every: 1_000, classical: 1_500, taken: 3_000 };

interface Solving {
  result: Result;
  lasts: number;
}
const usual: Solving = { result: 'succeeded', lasts: 2_500 };
/** The other states are those of other systems: with them Dynex solves as usual. */
const onDynex: Partial<Record<State, Solving>> = {
  slow: { result: 'succeeded', lasts: 10_000 },
  mock: { result: 'mock', lasts: 200 },
  down: { result: 'failed', lasts: 3_000 },
  refused: { result: 'failed', lasts: 1_500 },
  garbage: { result: 'failed', lasts: 2_500 },
  unauthorised: { result: 'failed', lasts: 300 },
};
const longest = Math.max(...Object.values(onDynex).map(({ lasts }) => lasts)) + cadence.classical;

/** A key of the practice Dynex that was made in its portal lately; while older ones are revoked, it is accepted. */
export const isNewKey = (key: string) => key.startsWith('dnx_new');

/** How a job goes that a pod starts now. */
export function course({ solver, fallback, newKey }: Pick<PodRecord, 'solver' | 'fallback' | 'newKey'>, state: State): Course {
  const dynex = state === 'unauthorised' && newKey ? 'healthy' : state;
  const classically = { solver: 'classical_dimod', result: 'succeeded', fallback: true } as const;
  if (solver === 'classical') return { ...classically, lasts: cadence.classical };
  const { result, lasts } = onDynex[dynex] ?? usual;
  if (result === 'failed' && fallback) return { ...classically, lasts: lasts + cadence.classical };
  return { solver: 'quantum_dynex', result, fallback: false, lasts };
}

/** The solver that a pod starts a job on: as it was configured, or as the share has it that it reads, spread evenly. */
export function solverAt({ solver, shares = [] }: Pick<PodRecord, 'solver' | 'shares'>, at: number): PodRecord['solver'] {
  const percent = shares.findLast(({ from }) => from <= at)?.percent;
  if (percent === undefined) return solver;
  return isItsTurn(percent, at) ? 'dynex' : 'classical';
}

/** Whether a job of this moment is one of so many of a hundred, spread evenly. */
function isItsTurn(percent: number, at: number): boolean {
  const turn = Math.floor(at / cadence.every);
  const jobs = (turns: number) => Math.floor((turns * percent) / 100);
  return jobs(turn + 1) > jobs(turn);
}

/** A job for Dynex that is not let in does not start. */
const isLetIn = (pod: PodRecord, at: number, intake: readonly IntakeChange[] = []) =>
  solverAt(pod, at) === 'classical' || isItsTurn(intake.findLast(({ from }) => from <= at)?.percent ?? 100, at);

/** Jobs started after `from`, up to and including `to`. */
export const jobsStarted = ({ pods, systems, intake }: World, from: number, to: number): Job[] =>
  pods.flatMap(pod =>
    starts(pod, from, to)
      .filter(began => isLetIn(pod, began, intake))
      .map(began => jobOf(pod, began, systems)),
  );

/** Jobs that came to a result after `from`, up to and including `to`. */
export const jobsFinished = (world: World, from: number, to: number): Job[] =>
  jobsStarted(world, from - longest, to).filter(job => job.cutOff === undefined && job.ends > from && job.ends <= to);

/** Jobs that run at this moment. */
export const jobsInFlight = (world: World, at: number): Job[] =>
  jobsStarted(world, at - longest, at).filter(job => (job.cutOff ?? job.ends) > at);

/** Jobs whose pod went away under them and that no other pod has taken up yet. */
export const jobsWaiting = (world: World, at: number): Job[] =>
  jobsStarted(world, at - longest - cadence.taken, at).filter(
    ({ cutOff }) => cutOff !== undefined && cutOff <= at && cutOff > at - cadence.taken,
  );

/** Pods that run jobs at this moment. */
export const podsRunning = ({ pods }: World, at: number): PodRecord[] =>
  pods.filter(({ since, until }) => since <= at && (until === undefined || until > at));

/** When a pod starts jobs: at a fixed pace, at a moment of its own that its name decides. */
function starts({ pod, since, until }: PodRecord, from: number, to: number): number[] {
  const first = since + (createHash('sha256').update(pod).digest().readUInt32BE() % cadence.every);
  const last = Math.min(to, until === undefined ? to : until - 1);
  const skipped = Math.max(0, Math.floor((from - first) / cadence.every) + 1);
  const count = Math.max(0, Math.floor((last - first) / cadence.every) + 1 - skipped);
  return Array.from({ length: count }, (_, index) => first + (skipped + index) * cadence.every);
}

function jobOf(record: PodRecord, began: number, systems: World['systems']): Job {
  const { pod, workload, until } = record;
  const solver = solverAt(record, began);
  const going = course({ ...record, solver }, stateAt(systems, 'dynex', began));
  const startedOn = solver === 'dynex' ? 'quantum_dynex' : 'classical_dimod';
  const job = { ...going, pod, workload, startedOn, began, ends: began + going.lasts } as const;
  return until !== undefined && until < job.ends ? { ...job, cutOff: until } : job;
}
