/** The hub of one process of the API: its health, its counts, and records of jobs. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { cadence, course, type Job, jobsFinished, jobsInFlight, jobsStarted, type World } from '../world.ts';
import { backlogAt, waitingAt } from '../world/backlog.ts';
import { apiAt } from '../world/api.ts';
import { type State, stateAt } from '../world/systems.ts';

/** One of so many processes; the first is 0. */
export interface Process {
  index: number;
  of: number;
}

export const alone: Process = { index: 0, of: 1 };

/** Pods that serve the API; none where the world does not know their names. */
export const apiPods = ({ api = [] }: World, now: number): string[] => apiAt(api, now)?.pods ?? [];

const dynexFails = (world: World, now: number) =>
  course({ solver: 'dynex', fallback: false }, stateAt(world.systems, 'dynex', now)).result === 'failed';

/** While the API is `split`, its first process has an open breaker, whatever Dynex does. */
const isOpen = (world: World, state: State, { index }: Process, now: number) =>
  dynexFails(world, now) || (state === 'split' && index === 0);

/** The part of a count that one process has. */
const share = (count: number, { index, of }: Process) => Math.floor(count / of) + (index < count % of ? 1 : 0);

export function hubHealth(world: World, state: State, process: Process, born: number, now: number) {
  const failing = isOpen(world, state, process, now);
  return {
    status: failing ? 'degraded' : 'healthy',
    quantum_solvers: [solver('quantum_dynex', 'quantum', !failing)],
    classical_solvers: [solver('classical_dimod', 'classical', true)],
    circuit_breaker_status: failing ? 'OPEN' : 'CLOSED',
    active_jobs: share(jobsInFlight(world, now).length, process),
    queued_jobs: share(waitingAt(world, now), process),
    total_jobs_processed: share(jobsFinished(world, born, now).length, process),
  };
}

const solver = (name: string, type: string, available: boolean) => ({
  name,
  type,
  version: '1.0.0',
  available,
  supported_problems: ['qubo', 'ising'],
  health_status: available ? 'healthy' : 'unhealthy',
});

export function metrics(world: World, state: State, process: Process, born: number, now: number) {
  const finished = jobsFinished(world, born, now);
  const quantum = finished.filter(job => job.solver === 'quantum_dynex');
  const failing = isOpen(world, state, process, now);
  return {
    total_jobs: finished.length,
    quantum_jobs: quantum.length,
    classical_jobs: finished.length - quantum.length,
    total_qpu_time_ms: quantum.reduce((sum, { lasts }) => sum + lasts, 0),
    active_jobs: jobsInFlight(world, now).length,
    queued_jobs: waitingAt(world, now),
    circuit_breaker_status: failing ? 'OPEN' : 'CLOSED',
    available_solvers: failing ? ['classical_dimod'] : ['quantum_dynex', 'classical_dimod'],
  };
}

const statuses = ['queued', 'running', 'completed', 'failed', 'archived'] as const;
export const JobsQuery = z.object({
  status: z.enum(statuses).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});

const anHour = 3_600_000;

/** The jobs of the last hour, the newest first. Records are made of one page alone: there may be tens of thousands. */
export function jobRecords(world: World, { status, limit, offset }: z.infer<typeof JobsQuery>, now: number) {
  const jobs = jobsStarted(world, now - anHour, now).toSorted((a, b) => b.began - a.began);
  const started = jobs.filter(job => status === undefined || statusOf(job, now) === status);
  const waiting = status === undefined || status === 'queued' ? waitingRecords(world, now) : [];
  const rest = Math.max(0, offset - waiting.length);
  const page = waiting.slice(offset, offset + limit);
  const next = started.slice(rest, rest + limit - page.length);
  return [...page, ...next.map(job => ({ ...recordOf(job, now), created_at: new Date(cameIn(world, job)).toISOString() }))];
}

/** While others waited, it had waited as long as they. */
function cameIn(world: World, { began }: Job): number {
  const { depth, cameAt } = backlogAt(world, began);
  return depth > 0 ? Math.round(cameAt(0)) : began;
}

/** Jobs that no pod has taken yet, the newest first. */
function waitingRecords(world: World, now: number) {
  const { depth, cameAt } = backlogAt(world, now);
  return Array.from({ length: depth }, (_, place) => waitingRecord(Math.round(cameAt(place)))).toReversed();
}

function waitingRecord(came: number) {
  return {
    ...jobWords(`waiting ${came}`),
    status: 'queued' as const,
    solver: null,
    pod: null,
    created_at: new Date(came).toISOString(),
    started_at: null,
    finished_at: null,
    error: null,
  };
}

const operations = ['portfolio_optimization', 'energy_scheduling', 'routing'] as const;
export const priorities = ['low', 'normal', 'high', 'urgent'] as const;

/** What its customer asked for, by chance that is the same each time. */
function jobWords(name: string) {
  const id = createHash('sha256').update(name).digest();
  const oneOf = <T>(words: readonly T[], byte: number) => words[(id[byte] ?? 0) % words.length];
  return {
    job_id: id.toString('hex').slice(0, 32),
    operation: oneOf(operations, 1),
    priority: oneOf(priorities, 2),
    customer: `customer-${oneOf([1, 2, 3, 4, 5], 3)}`,
    timeout_seconds: 300,
    variables: oneOf([3, 20, 50, 200], 4),
  };
}

function recordOf(job: Job, now: number) {
  const status = statusOf(job, now);
  const isOver = status === 'completed' || status === 'failed';
  return {
    ...jobWords(`${job.pod} ${job.began}`),
    status,
    solver: job.solver,
    pod: job.pod,
    started_at: new Date(job.began).toISOString(),
    finished_at: isOver ? new Date(endOf(job)).toISOString() : null,
    error: status === 'failed' ? 'SolverError: solver returned no solution' : null,
  };
}

/** One whose pod went away waits until another pod has taken it up. */
const endOf = ({ cutOff, ends }: Job) => (cutOff === undefined ? ends : cutOff + cadence.taken);

function statusOf(job: Job, now: number): (typeof statuses)[number] {
  const { cutOff, result } = job;
  if (endOf(job) > now) return cutOff !== undefined && cutOff <= now ? 'queued' : 'running';
  return cutOff === undefined && result === 'failed' ? 'failed' : 'completed';
}
