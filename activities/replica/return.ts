/** A replica that was given back returns. */

import type { Outcome, Plan, TakeBack } from '../../workflows/contract/action.ts';
import type { Workload } from '../../workflows/contract/vocabulary.ts';
import { quotas } from '../connectors/resources.ts';
import { stopped } from '../failures.ts';
import { type Errand, forbidding } from '../guard.ts';
import { holdConfigMap, type PlacedWorkload, quantumWorkloads, workloadOf } from '../platform.ts';
import { type Around, byDryRun, plannedAnew, unapproved } from '../setting/change.ts';
import { ownersOf } from '../setting/plan.ts';
import { rolledOut } from '../setting/rollout.ts';
import { shortage } from '../setting/surge.ts';
import { lookAt, podOf, type Scaled } from './room.ts';
import { carryOut, changesOf, digestOfWrites, driftsOf, toGive, type Write } from './writes.ts';

interface Returning extends Around {
  workload: PlacedWorkload;
  errand: Errand;
  /** Key of the step that took it. */
  of: string;
}

/** Nothing where no record of that step says that a replica was taken. A person has ordered it: a hold stops it, a mode does not. */
export async function returnReplica(
  { namespace, name, key }: TakeBack,
  errand: Errand,
  around: Around,
): Promise<Outcome | undefined> {
  const workload = quantumWorkloads(around.deps.platform).find(place => place.namespace === namespace && place.name === name);
  if (!workload) return undefined;
  const taken = await lookAt(around.kubernetes, workload);
  if (toGive(taken, key).length === 0) return undefined;
  return plannedAnew(() => attempt({ ...around, workload, errand, of: key }));
}

async function attempt(returning: Returning): Promise<Outcome> {
  const { kubernetes, deps, call, workload, of } = returning;
  const taken = await lookAt(kubernetes, workload);
  const writes = toGive(taken, of);
  await admitted(taken, writes, returning);
  const drifts = driftsOf(taken, of);
  const plan = planOf(taken, writes, drifts);
  const forbidden = allowing(returning);
  const because =
    (call.dryRun ? byDryRun : await forbidden()) ??
    (await unapproved(call, plan.digest, async () => drifts.join(' ') || undefined));
  if (because) return { planned: plan, because };
  const stopped = await write(writes, returning);
  return stopped
    ? { planned: plan, because: stopped }
    : done(writes, await rolledOut(kubernetes, [workload], deps, returning.running));
}

const allowing =
  ({ kubernetes, deps, errand }: Returning) =>
  () =>
    forbidding(kubernetes, holdConfigMap(deps.platform), errand);

const write = (writes: Write[], returning: Returning) =>
  carryOut(writes, {
    kubernetes: returning.kubernetes,
    forbidden: allowing(returning),
    heartbeat: returning.running.heartbeat,
  });

/** Puts back what of a plan that no longer fits was written. @throws SystemError, Moved */
export async function restore(role: Workload, of: string, around: Around & { errand: Errand }): Promise<void> {
  const workload = workloadOf(around.deps.platform, role);
  await write(toGive(await lookAt(around.kubernetes, workload), of), { ...around, workload, of });
}

/** @throws `NotAdmitted`: a Deployment is scaled up without a word, and only its pods are refused. */
async function admitted(taken: Scaled, writes: Write[], { kubernetes, workload }: Returning): Promise<void> {
  const more = writes.reduce((sum, { kind, before, after }) => (kind === 'Deployment' ? sum + after - before : sum), 0);
  const [short] = shortage(await kubernetes.list(quotas, workload.namespace), [{ seen: taken, pod: podOf(taken), more }]);
  if (short === undefined) return;
  throw stopped(
    'NotAdmitted',
    `${workload.name} cannot have its replica back. ${short}. Nothing was changed: make room, then retry.`,
  );
}

const planOf = (taken: Scaled, writes: Write[], drifts: string[]): Plan => ({
  summary: `${taken.workload.name} has its replica back.`,
  changes: changesOf(writes),
  consequences: [...drifts, ...ownersOf([taken])],
  digest: digestOfWrites(writes),
});

function done(writes: Write[], remarks: string[]): Outcome {
  const changes = changesOf(writes);
  const measured = changes.length === 0 ? 'nothing to measure' : remarks.length > 0 ? 'part' : 'whole';
  const told = changes.map(({ target, field, after }) => `${target} ${field} is ${after}.`);
  const text = [...(changes.length === 0 ? ['Nothing was left to put back.'] : told), ...remarks].join(' ');
  return { done: { note: 'The replica that was given back has returned.', changes, effect: { measured, text } } };
}
