/** The workloads take the key from where they took it before: after a failure at once, else when a person orders it. */

import type { Call, Outcome, Plan, TakeBack } from '../../workflows/contract/action.ts';
import { type Because, type Errand, forbidding } from '../guard.ts';
import { holdConfigMap } from '../platform.ts';
import { type Around, byDryRun, inFlight, plannedAnew, unapproved } from '../setting/change.ts';
import { rolledOut } from '../setting/rollout.ts';
import { draftToGiveBack, driftsOf, type KeyDraft } from './draft.ts';
import { changesOf, moves, planOf } from './plan.ts';
import { lookAtKey, type KeyView } from './view.ts';
import { tried, write } from './write.ts';

interface Back {
  draft: KeyDraft;
  /** Why it was only planned. */
  planned?: { plan: Plan; because: Because };
  /** What of it is not complete. */
  remarks: string[];
}

/** Gives back what this key's step changed; nobody is asked. @throws SystemError, Moved */
export async function giveBack(of: string, errand: Errand, around: Around): Promise<Back> {
  const view = await lookAtKey(around.kubernetes, around.deps.platform);
  const draft = draftToGiveBack(view, around.deps.platform.quantum.key.env, of);
  return carryOut(draft, await planFor(draft, view, [], around), errand, around);
}

/** A person has ordered it: it asks only where somebody else has changed the reference since. */
export const takeBackKey = ({ key }: TakeBack, errand: Errand, around: Around): Promise<Outcome> =>
  plannedAnew(() => attempt(key, errand, around));

async function attempt(of: string, errand: Errand, around: Around): Promise<Outcome> {
  const { kubernetes, deps, call } = around;
  const { platform } = deps;
  const { env } = platform.quantum.key;
  const view = await lookAtKey(kubernetes, platform);
  const given = draftToGiveBack(view, env, of);
  if (given.workloads.length === 0) return nothingLeft;
  const trying = { kubernetes, platform, key: call.key, begun: false, together: true };
  const draft = await tried(given, view, trying);
  const drifts = driftsOf(view, env, of);
  const plan = await planFor(draft, view, drifts, around);
  const because =
    (await held(call, errand, around)) ?? (await unapproved(call, plan.digest, async () => drifts.join(' ') || undefined));
  if (because) return { planned: plan, because };
  const { planned, remarks } = await carryOut(draft, plan, errand, around);
  return planned ? { planned: planned.plan, because: planned.because } : done(draft, env, remarks);
}

const held = async ({ dryRun }: Call, errand: Errand, { kubernetes, deps }: Around) =>
  dryRun ? byDryRun : forbidding(kubernetes, holdConfigMap(deps.platform), errand);

const planFor = async (draft: KeyDraft, view: KeyView, drifts: string[], { deps }: Around): Promise<Plan> =>
  planOf(draft, view, {
    summary: 'The workloads take the former Dynex key again.',
    env: deps.platform.quantum.key.env,
    inFlight: await inFlight(deps),
    remarks: drifts,
  });

/** All at once: the former key has served all of them. */
async function carryOut(draft: KeyDraft, plan: Plan, errand: Errand, { kubernetes, deps, call, running }: Around): Promise<Back> {
  const forbidden = () => forbidding(kubernetes, holdConfigMap(deps.platform), errand);
  const writing = { kubernetes, platform: deps.platform, key: call.key, forbidden, heartbeat: running.heartbeat };
  for (const step of draft.workloads) {
    const because = await write(step, writing);
    if (because) return { draft, planned: { plan, because }, remarks: [] };
  }
  return { draft, remarks: await rolledOut(kubernetes, draft.workloads.filter(moves), deps, running) };
}

function done(draft: KeyDraft, env: string, remarks: string[]): Outcome {
  const names = draft.workloads.map(({ name, after }) => `${name} takes it from ${after}`).join(', ');
  const measured = !draft.workloads.some(moves) ? 'nothing to measure' : remarks.length > 0 ? 'part' : 'whole';
  const text = [`${names}.`, ...remarks].join(' ');
  return { done: { note: 'The former Dynex key is in use again.', changes: changesOf(draft, env), effect: { measured, text } } };
}

const nothingLeft: Outcome = {
  done: {
    note: 'Nothing was left to take back; a restart is an event, not a state.',
    changes: [],
    effect: { measured: 'nothing to measure', text: 'Nothing was changed.' },
  },
};
