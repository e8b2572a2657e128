/** Does the intake hold? Every pod says so, and while nothing is let in no job starts on Dynex. */

import type { Effect } from '../../../workflows/contract/action.ts';
import { SystemError } from '../../connectors/system-error.ts';
import type { Deps } from '../../deps.ts';
import { limits } from '../../limits.ts';
import { quantumOf } from '../../platform.ts';
import { promql } from '../../queries.ts';
import type { Running } from '../../running.ts';
import { intervalOfJobs, windowOver } from '../../scraping.ts';
import { eachPod } from '../hub.ts';

/** Jobs that have started on Dynex in the newest samples; a text where no one can say. */
type Started = number | string;

/** @throws SystemError */
export async function intakeHeld(percent: number, deps: Deps, running: Running): Promise<Effect> {
  const until = deps.now() + limits.jobs;
  for (;;) {
    running.heartbeat();
    const [pods, started] = await Promise.all([podsAt(percent, deps), percent === 0 ? startedOnDynex(deps) : undefined]);
    const isQuiet = started === undefined || started === 0 || typeof started === 'string';
    if ((pods.followed === pods.all && isQuiet) || deps.now() >= until) return effectOf(percent, pods, started);
    await deps.sleep(limits.look, running.signal);
  }
}

interface Pods {
  followed: number;
  all: number;
  says: string;
}

async function podsAt(percent: number, deps: Deps): Promise<Pods> {
  const answers = await eachPod(deps, api => api.intake());
  const others = answers.filter(({ answer }) => answer?.percent !== percent);
  const says = others.map(({ pod, answer, fault }) => `${pod}: ${fault ?? `${answer?.percent}%`}.`);
  return { followed: answers.length - others.length, all: answers.length, says: says.join(' ') };
}

async function startedOnDynex(deps: Deps): Promise<Started> {
  const { prometheus } = deps.systems;
  if (!prometheus) return 'Prometheus is not connected, so jobs that start were not counted.';
  try {
    const window = windowOver(limits.quiet, await intervalOfJobs(deps));
    const samples = await prometheus.query(promql(deps.platform.queries, 'jobs started', { window }));
    const { dynex } = quantumOf(deps.platform).solvers;
    const own = samples.filter(({ labels }) => labels.solver === dynex);
    return Math.round(own.reduce((sum, { value }) => sum + value, 0));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return `${error.message}, so jobs that start were not counted.`;
  }
}

function effectOf(percent: number, { followed, all, says }: Pods, started: Started | undefined): Effect {
  const jobs = typeof started === 'number' ? `${started} jobs started on Dynex in the newest samples.` : started;
  const text = [`${followed} of ${all} asked have an intake of ${percent}%.`, says, jobs].filter(Boolean).join(' ');
  if (followed === 0) return { measured: 'none', text };
  return { measured: followed === all && (started === undefined || started === 0) ? 'whole' : 'part', text };
}
