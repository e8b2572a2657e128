/**
 * The NQBA API as far as a canary needs it: health, and jobs that run where the platform's pods would run them.
 *
 * Follows the platform's Quantum Integration Hub (`/api/v1/qih`) and, in what it refuses, FastAPI: https://fastapi.tiangolo.com/tutorial/handling-errors/
 * with the bodies of https://docs.pydantic.dev/latest/errors/validation_errors/. Jobs live in the memory of the process, as there.
 */

import { createHash } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { type Course, course, type PodRecord, podsRunning, solverAt, type World } from '../world.ts';
import { apiServes } from '../world/api.ts';
import { stateAt } from '../world/systems.ts';
import { energyOf } from './energy.ts';
import { alone, apiPods, hubHealth, jobRecords, JobsQuery, metrics, type Process } from './hub.ts';
import { type JobRequest, readJob, readQuery } from './job-request.ts';
import { ConnectionRefused, failing, standIn, type StandIn, type Surroundings } from './stand-in.ts';
import { keys as syntheticKeys } from './platform/synthetic.ts';
import { tokens } from './platform/served.ts';
import { platformRoutes } from './platform/index.ts';
import { synthetic } from '../world/customers.ts';
import { followed, type Switchable, switchRoutes, Switches, untouched } from './switches.ts';

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
  const served = { around, world, jobs, born, switches: around.shelf.read(Switches, structuredClone(untouched)) };
  if (served.switches.intake.percent < 100) followed(served);
  const platform = platformRoutes(around, world);
  let turn = 0;
  const service = () => processOf(apiPods(world(), around.now()), turn++);
  const pod = (c: Context) => podCalled(c.req.param('name') ?? '', apiPods(world(), around.now()));
  for (const [base, process] of [['', service] as const, ['/pods/:name', pod] as const]) {
    processRoutes(app, base, served, process);
    platform(app, base, process);
  }
  app.notFound(c => c.json({ detail: 'Not Found' }, 404));
  return app;
}

interface ServedHub extends Switchable {
  jobs: Map<string, Submitted>;
  born: number;
}

/** A Service sends each call to another process. */
const processOf = (pods: string[], turn: number): Process =>
  pods.length === 0 ? alone : { index: turn % pods.length, of: pods.length };

/** Where the world knows no pods by name, each name is one that serves. */
function podCalled(name: string, pods: string[]): Process {
  if (pods.length > 0 && !pods.includes(name)) throw new ConnectionRefused();
  return processOf(pods, Math.max(0, pods.indexOf(name)));
}

/** The same paths through the Service and at a pod. */
function processRoutes(app: Hono, base: string, served: ServedHub, process: (c: Context) => Process) {
  const { around, world, jobs, born } = served;
  const hub = `${base}/api/v1/qih`;
  app.get(`${base}/health`, c => c.json({ status: 'healthy', ecosystem: 'nqba' }));
  app.get(`${hub}/health`, c => c.json(hubHealth(world(), around.state(), process(c), born, around.now())));
  app.get(`${hub}/metrics/global`, c => c.json(metrics(world(), around.state(), process(c), born, around.now())));
  app.get(`${hub}/jobs`, c => listed(c, around, world()));
  app.post(`${hub}/jobs`, async c => submit(c, jobs, world(), around.now()));
  app.get(`${hub}/jobs/:id`, c => {
    const job = jobs.get(c.req.param('id') ?? '');
    return job ? c.json(progress(job, world(), around.now())) : c.json({ detail: 'Job not found' }, 404);
  });
  switchRoutes(app, hub, served);
  for (const path of [`${base}/health`, `${hub}/health`, `${hub}/metrics/global`, `${hub}/jobs`, `${hub}/jobs/:id`])
    app.all(path, c => c.json({ detail: 'Method Not Allowed' }, 405));
}

const missing = (name: string) => ({ type: 'missing', loc: ['query', name], msg: 'Field required', input: null });

/** The gate of the platform hides the parameters of the list from FastAPI, which then asks for the gate's own. */
function listed(c: Context, { state, now }: Surroundings, world: World): Response {
  if (state() === 'unsupported') return c.json({ detail: [missing('args'), missing('kwargs')] }, 422);
  const query = readQuery(c, JobsQuery);
  return query instanceof Response ? query : c.json(jobRecords(world, query, now()));
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

export const apiStandIn: StandIn = {
  serve: nqbaApi,
  states: ['split', 'unsupported', 'busy', 'proxied'],
  environment: url => ({
    NQBA_API_URL: url,
    NQBA_API_POD_URL: `${url}/pods/{name}`,
    NQBA_API_TOKEN: tokens.operator,
    NQBA_SYNTHETIC_FREE: syntheticKeys.free,
    NQBA_SYNTHETIC_BUSINESS: syntheticKeys.business,
    NQBA_SYNTHETIC_PREMIUM: syntheticKeys.premium,
    NQBA_SYNTHETIC_LUXURY: syntheticKeys.luxury,
    NQBA_SYNTHETIC_EMAIL: synthetic.email,
    NQBA_SYNTHETIC_PASSWORD: synthetic.password,
  }),
};
