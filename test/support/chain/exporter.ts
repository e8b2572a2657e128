/** Exporters of the practice platform for a real Prometheus: counters of the jobs that its pods ran, and a blackbox probe of Dynex. */

import { join } from 'node:path';
import { Hono } from 'hono';
import { z } from 'zod';
import { listen } from '../../../lab/stand-ins/listen.ts';
import { type Job, jobsFinished, PodRecord } from '../../../lab/world.ts';
import { readState } from '../../../lab/world/file.ts';
import { StateChange } from '../../../lab/world/systems.ts';
import type { Environment } from '../../../lab/practice/environment.ts';

/** @param dir folder in which the stand-ins keep the world. @param counter what the jobs are counted as */
export async function startExporter(dir: string, environment: Environment, counter = 'nqba_quantum_jobs_total') {
  const began = Date.now();
  const app = new Hono();
  app.get('/metrics', c => {
    const pods = readState(join(dir, 'world.json'), z.array(PodRecord), []);
    const systems = readState(join(dir, 'systems.json'), z.array(StateChange), []);
    return c.text(countersOf(counter, jobsFinished({ pods, systems }, began, Date.now())));
  });
  app.get('/probe', async c => c.text(`probe_success ${(await succeeds(`${environment.DYNEX_API_URL}/api/health`)) ? 1 : 0}\n`));
  const served = await listen('The exporter', app, 0);
  return { host: new URL(served.url).host, stop: served.close };
}

function countersOf(counter: string, jobs: Job[]): string {
  const series = Map.groupBy(
    jobs,
    ({ solver, result, fallback }) => `${counter}{solver="${solver}",result="${result}",fallback="${fallback}"}`,
  );
  return [...series].map(([name, { length }]) => `${name} ${length}\n`).join('');
}

/** Milliseconds that a probe waits. */
const patience = 800;

const succeeds = (url: string) =>
  fetch(url, { signal: AbortSignal.timeout(patience) }).then(
    ({ ok }) => ok,
    () => false,
  );
