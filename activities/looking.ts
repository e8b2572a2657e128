/** Looking at a thing for as long as it must hold: one heartbeating activity, however long it looks. */

import type { Finding, Watching } from '../workflows/contract/index.ts';
import type { Deps } from './deps.ts';
import { crossing, stopped } from './failures.ts';
import { limits } from './limits.ts';
import { type Running, runningOf } from './running.ts';
import { afterLook, settled, type Watched, watchedSchema, watchFrom } from './watching.ts';

export interface WatchInput {
  /** Activity type of a check: `probeDynex`. */
  check: string;
  input: object;
  watching: Watching;
}

/** A check by its activity type. */
export type FindCheck = (type: string) => ((input: never) => Promise<Finding>) | undefined;

export const lookingActivities = (deps: Deps, find: FindCheck) => ({
  /** Goes on where a former attempt stopped. Reads only. @throws `BadInput` for a check that does not exist */
  watch: crossing(async ({ check, input, watching }: WatchInput): Promise<Finding> => {
    const look = find(check);
    if (!look) throw stopped('BadInput', `There is no check ${check}: correct the runbook.`);
    const running = runningOf(deps);
    let watched = resumed(running, deps.now());
    for (;;) {
      running.heartbeat(watched);
      const finding: Finding = await Reflect.apply(look, undefined, [input]);
      watched = afterLook(watched, finding, deps.now(), watching.every);
      const verdict = settled(watched, watching, deps.now());
      if (verdict) return { ...finding, verdict, evidence: summed(watched, finding, deps.now()) };
      await pause(watching.every, watched, deps, running);
    }
  }),
});

const resumed = ({ heartbeatDetails }: Running, now: number): Watched =>
  watchedSchema.safeParse(heartbeatDetails).data ?? watchFrom(now);

/** Shows signs of life meanwhile. */
async function pause(ms: number, watched: Watched, { sleep }: Deps, { heartbeat, signal }: Running): Promise<void> {
  for (let left = ms; left > 0; left -= limits.heartbeat) {
    heartbeat(watched);
    await sleep(Math.min(left, limits.heartbeat), signal);
  }
}

function summed({ began, held, samples, last }: Watched, { evidence }: Finding, now: number): string {
  const healthy = `healthy for ${duration(held)} over ${samples} ${samples === 1 ? 'sample' : 'samples'}`;
  const text = `Watched for ${duration(now - began)}: ${healthy}, last sample ${last?.verdict ?? 'unknown'}. ${evidence}`;
  return text.length > 600 ? `${text.slice(0, 599)}…` : text;
}

const duration = (ms: number) => (ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`);
