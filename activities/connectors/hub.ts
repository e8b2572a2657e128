/** The Quantum Integration Hub, as operators see it. Its state is in the memory of each process: a Service answers for one at random. */

import { z } from 'zod';
import { type Answer, parsed, type Send } from './http.ts';
import { SystemError } from './system-error.ts';

export interface HubHealth {
  /** `CLOSED`, `OPEN`, `HALF_OPEN`: the hub's own word. */
  breaker: string;
  active: number;
  queued: number;
  solvers: HubSolver[];
}

export interface HubSolver {
  name: string;
  kind: 'quantum' | 'classical';
  available: boolean;
  /** The hub's own word. */
  health: string;
}

const jobStatuses = ['queued', 'running', 'completed', 'failed', 'archived'] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** The fields have the platform's names. Times are RFC 3339. */
export interface JobRecord {
  job_id: string;
  status: JobStatus;
  operation: string;
  priority: string;
  /** Where it runs, or the solver that it asks for. */
  solver?: string | undefined;
  /** The worker that runs it. */
  pod?: string | undefined;
  customer?: string | undefined;
  created_at: string;
  started_at?: string | undefined;
  finished_at?: string | undefined;
  timeout_seconds: number;
  error?: string | undefined;
  /** The size of its problem. */
  variables?: number | undefined;
}

export interface JobsPage {
  status?: JobStatus | undefined;
  /** At most 100. */
  limit?: number | undefined;
  offset?: number | undefined;
}

/** So many of a hundred jobs that ask for a quantum solver start; the others wait. */
export interface Intake {
  percent: number;
}

/** Priorities in the order in which their jobs start, and those whose jobs wait. */
export interface JobOrder {
  classes: string[];
  hold?: string[] | undefined;
}

/** Every call throws SystemError. Job records, intake and order are `not connected` where the platform does not offer them. */
export interface Hub {
  hub: () => Promise<HubHealth>;
  /** The newest first. */
  jobs: (asked?: JobsPage) => Promise<JobRecord[]>;
  intake: () => Promise<Intake>;
  setIntake: (intake: Intake) => Promise<Intake>;
  order: () => Promise<JobOrder>;
  setOrder: (order: JobOrder) => Promise<JobOrder>;
}

const solver = z.looseObject({ name: z.string(), available: z.boolean(), health_status: z.string().default('') });
const health = z.looseObject({
  circuit_breaker_status: z.string(),
  active_jobs: z.number(),
  queued_jobs: z.number(),
  quantum_solvers: z.array(solver).default([]),
  classical_solvers: z.array(solver).default([]),
});
const optionalText = z
  .string()
  .nullish()
  .transform(text => text ?? undefined);
const record = z.looseObject({
  job_id: z.string(),
  status: z.enum(jobStatuses),
  operation: z.string(),
  priority: z.string(),
  solver: optionalText,
  pod: optionalText,
  customer: optionalText,
  created_at: z.string(),
  started_at: optionalText,
  finished_at: optionalText,
  timeout_seconds: z.number(),
  error: optionalText,
  variables: z
    .number()
    .nullish()
    .transform(count => count ?? undefined),
});
const intake = z.looseObject({ percent: z.number() });
const order = z.looseObject({ classes: z.array(z.string()), hold: z.array(z.string()).optional() });

export function hubOf(system: string, send: Send, at: (path: string) => string): Hub {
  const read = async (path: string) => send(at(path), { headers: { accept: 'application/json' } });
  const put = async (path: string, body: Intake | JobOrder) =>
    send(at(path), {
      method: 'PUT',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    async hub() {
      const answer = parsed(system, health, await read('/api/v1/qih/health'));
      return {
        breaker: answer.circuit_breaker_status,
        active: answer.active_jobs,
        queued: answer.queued_jobs,
        solvers: [
          ...answer.quantum_solvers.map(one => solverOf('quantum', one)),
          ...answer.classical_solvers.map(one => solverOf('classical', one)),
        ],
      };
    },
    async jobs({ status, limit = 100, offset = 0 } = {}) {
      const query = new URLSearchParams({ limit: String(limit), offset: String(offset) });
      if (status !== undefined) query.set('status', status);
      const answer = offered(system, await read(`${jobsPath}?${query.toString()}`), [404, 405, 422], `GET ${jobsPath}`);
      return parsed(system, z.array(record), answer);
    },
    intake: async () => parsed(system, intake, offered(system, await read(intakePath), noSuch, `GET ${intakePath}`)),
    setIntake: async wanted =>
      parsed(system, intake, offered(system, await put(intakePath, wanted), noSuch, `PUT ${intakePath}`)),
    order: async () => parsed(system, order, offered(system, await read(orderPath), noSuch, `GET ${orderPath}`)),
    setOrder: async wanted => parsed(system, order, offered(system, await put(orderPath, wanted), noSuch, `PUT ${orderPath}`)),
  };
}

const jobsPath = '/api/v1/qih/jobs';
const intakePath = '/api/v1/qih/intake';
const orderPath = '/api/v1/qih/order';
const noSuch = [404, 405];

const solverOf = (kind: HubSolver['kind'], { name, available, health_status }: z.infer<typeof solver>): HubSolver => ({
  name,
  kind,
  available,
  health: health_status,
});

/** @throws SystemError that says what the platform would have to offer */
function offered(system: string, answer: Answer, missing: number[], call: string): Answer {
  if (!missing.includes(answer.status)) return answer;
  const text = `does not offer ${call} to operators (${answer.status}): the platform must, see docs/running-on-your-own.md`;
  throw new SystemError({ system, fault: 'not connected', status: answer.status, text });
}
