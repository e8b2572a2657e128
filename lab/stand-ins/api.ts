/**
 * The NQBA API as far as a canary needs it: health, and jobs that run where the platform's pods would run them.
 *
 * Follows the platform's Quantum Integration Hub (`/api/v1/qih`) and, in what it refuses, FastAPI: https://fastapi.tiangolo.com/tutorial/handling-errors/
 * with the bodies of https://docs.pydantic.dev/latest/errors/validation_errors/. Jobs live in the memory of the process, as there.
 */

import { createHash } from 'node:crypto';
import type { Context, Hono } from 'hono';
import {
  type Course,
  course,
  jobsFinished,
  jobsInFlight,
  jobsWaiting,
  type PodRecord,
  podsRunning,
  solverAt,
  type World,
} from '../world.ts';
import { apiServes } from '../world/api.ts';
import { stateAt } from '../world/systems.ts';
import { energyOf } from './energy.ts';
import { type JobRequest, readJob } from './job-request.ts';
import { failing, standIn, type StandIn, type Surroundings } from './stand-in.ts';

interface Submitted {
  id: string;
  request: JobRequest;
  began: number;
  /** How it goes; absent while no pod of its workload runs. */
  course?: Course;
}

export function nqbaApi(around: Surroundings, world: () => World): Hono {
  const app = standIn();
  const jobs = new Map<string, Submitted>();
  const born = around.now();
  app.use(
    failing(around, {
      down: c => c.text('upstream connect error or disconnect/reset before headers', 503),
      unauthorised,
    }),
  );
  // What stands before the pods answers so when none of them is ready.
  app.use(async (c, next) => (apiServes(world().api, around.now()) ? next() : c.text('no healthy upstream', 503)));
  app.get('/health', c => c.json({ status: 'healthy', ecosystem: 'nqba' }));
  app.get('/api/v1/qih/health', c => c.json(hubHealth(world(), born, around.now())));
  app.get('/api/v1/qih/metrics/global', c => c.json(metrics(world(), born, around.now())));
  app.post('/api/v1/qih/jobs', async c => submit(c, jobs, world(), around.now()));
  app.get('/api/v1/qih/jobs/:id', c => {
    const job = jobs.get(c.req.param('id'));
    return job ? c.json(progress(job, world(), around.now())) : c.json({ detail: 'Job not found' }, 404);
  });
  for (const path of [
    '/health',
    '/api/v1/qih/health',
    '/api/v1/qih/metrics/global',
    '/api/v1/qih/jobs',
    '/api/v1/qih/jobs/:id',
  ]) {
    app.all(path, c => c.json({ detail: 'Method Not Allowed' }, 405));
  }
  app.notFound(c => c.json({ detail: 'Not Found' }, 404));
  return app;
}

function unauthorised(c: Context): Response {
  c.header('WWW-Authenticate', 'Bearer');
  return c.json({ detail: 'Could not validate credentials' }, 401);
}

async function submit(c: Context, jobs: Map<string, Submitted>, world: World, now: number): Promise<Response> {
  const request = await readJob(c);
  if (request instanceof Response) return request;
  const id = jobId(request);
  if (!jobs.has(id)) jobs.set(id, startedIfPossible({ id, request, began: now }, world, now));
  return c.json({ job_id: id, status: 'submitted', message: 'Job submitted successfully' });
}

/** Equal inputs of one operation are one job, whoever asks for it again. */
const jobId = ({ operation, inputs }: JobRequest) =>
  createHash('sha256')
    .update(JSON.stringify([operation, inputs]))
    .digest('hex')
    .slice(0, 32);

/** On the solver that the job asks for, with the key of a pod of its workload; else as that pod runs jobs. */
function startedIfPossible(job: Submitted, world: World, now: number): Submitted {
  const dynex = stateAt(world.systems, 'dynex', now);
  const { solver_preference: preference, metadata } = job.request;
  const pods = podsRunning(world, now).filter(({ workload }) => workload === (metadata.workload ?? 'worker'));
  const pod = pods[createHash('sha256').update(job.id).digest().readUInt32BE() % pods.length];
  const runs = onAsked(preference, pod) ?? (pod && { ...pod, solver: solverAt(pod, now) });
  return runs ? { ...job, began: now, course: course(runs, dynex) } : job;
}

function onAsked(preference: JobRequest['solver_preference'], pod?: PodRecord) {
  if (preference === 'quantum_dynex') return { ...pod, solver: 'dynex', fallback: false } as const;
  return preference === 'classical_dimod' ? ({ solver: 'classical', fallback: false } as const) : undefined;
}

function progress(submitted: Submitted, world: World, now: number) {
  if (!submitted.course) Object.assign(submitted, startedIfPossible(submitted, world, now));
  const { id, request, began, course: going } = submitted;
  const answer = { job_id: id, progress: 0, estimated_completion: null, result: null, error: null };
  if (!going) return { ...answer, status: 'queued' };
  const limit = request.timeout_seconds * 1_000;
  if (now < began + Math.min(going.lasts, limit)) return { ...answer, status: 'running', progress: (now - began) / going.lasts };
  if (going.lasts > limit)
    return { ...answer, status: 'failed', error: `Job timed out after ${request.timeout_seconds} seconds` };
  if (going.result === 'failed') return { ...answer, status: 'failed', error: `${going.solver}: solver returned no solution` };
  const result = { solver: going.solver, status: going.result, energy: energyOf(request.inputs, going.result, id) };
  return { ...answer, status: 'completed', progress: 1, result };
}

const dynexFails = (world: World, now: number) =>
  course({ solver: 'dynex', fallback: false }, stateAt(world.systems, 'dynex', now)).result === 'failed';

function hubHealth(world: World, born: number, now: number) {
  const failing = dynexFails(world, now);
  return {
    status: failing ? 'degraded' : 'healthy',
    quantum_solvers: [solver('quantum_dynex', 'quantum', !failing)],
    classical_solvers: [solver('classical_dimod', 'classical', true)],
    circuit_breaker_status: failing ? 'OPEN' : 'CLOSED',
    active_jobs: jobsInFlight(world, now).length,
    queued_jobs: jobsWaiting(world, now).length,
    total_jobs_processed: jobsFinished(world, born, now).length,
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

function metrics(world: World, born: number, now: number) {
  const finished = jobsFinished(world, born, now);
  const quantum = finished.filter(job => job.solver === 'quantum_dynex');
  return {
    total_jobs: finished.length,
    quantum_jobs: quantum.length,
    classical_jobs: finished.length - quantum.length,
    total_qpu_time_ms: quantum.reduce((sum, { lasts }) => sum + lasts, 0),
    active_jobs: jobsInFlight(world, now).length,
    queued_jobs: jobsWaiting(world, now).length,
    circuit_breaker_status: dynexFails(world, now) ? 'OPEN' : 'CLOSED',
    available_solvers: dynexFails(world, now) ? ['classical_dimod'] : ['quantum_dynex', 'classical_dimod'],
  };
}

export const apiStandIn: StandIn = { serve: nqbaApi, environment: url => ({ NQBA_API_URL: url }) };
