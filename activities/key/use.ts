/** A new key reaches the workloads one after the other, each measured before the next; where one fails, all go back. */

import type { Outcome, Plan } from '../../workflows/contract/action.ts';
import { stopped } from '../failures.ts';
import { type Errand, forbidding } from '../guard.ts';
import { holdConfigMap } from '../platform.ts';
import { begin, begun } from '../setting/begun.ts';
import { type Around, byDryRun, inFlight, plannedAnew, unapproved } from '../setting/change.ts';
import { draftToUse, type KeyDraft, keyDraftSchema, type KeyStep, stillFits } from './draft.ts';
import { giveBack } from './give-back.ts';
import { changesOf, planOf } from './plan.ts';
import { type Proof, prove, refusal } from './proof.ts';
import type { Reference } from './reference.ts';
import { keyCalled, type KeyRead } from './secret.ts';
import { type KeyedWorkload, type KeyView, lookAtKey } from './view.ts';
import { isWritten, tried, write } from './write.ts';

interface Use extends Around {
  wanted: Reference;
  errand: Errand;
}

/** @throws SystemError, or a failure that says what stands in the way. */
export const useSecret = (secret: string, errand: Errand, around: Around): Promise<Outcome> => {
  const wanted = { secret, key: around.deps.platform.quantum.key.key };
  return plannedAnew(() => attempt({ ...around, wanted, errand }));
};

const nameOf = ({ wanted }: Use) => `useSecret ${wanted.secret}`;

async function attempt(use: Use): Promise<Outcome> {
  const { kubernetes, deps, call, running } = use;
  running.heartbeat();
  const former = await begun(deps.systems.artifacts, call.key, nameOf(use), keyDraftSchema);
  if (former?.failed !== undefined) return goBack(former.failed, use);
  const view = await lookAtKey(kubernetes, deps.platform);
  return former !== undefined && stillFits(former, view) ? goOn(former, view, use) : startAnew(view, use);
}

/** The key itself is tried before anything is planned. */
async function startAnew(view: KeyView, use: Use): Promise<Outcome> {
  const { kubernetes, deps, call, wanted } = use;
  const key = await keyCalled(kubernetes, deps, wanted.secret);
  if ('type' in key) throw stopped(key.type, `${key.text} Nothing was changed.`);
  const refused = await refusal(key, deps);
  if (refused !== undefined)
    throw stopped('Refused', `${refused} Nothing was changed: put a key there that it accepts, then retry.`);
  const draft = await asServed(view, key, use);
  if (draft.workloads.length === 0) return nothingToDo(view.workloads, key, use);

  const plan = await planFor(draft, view, use);
  const because = (call.dryRun ? byDryRun : await allowing(use)()) ?? (await unapproved(call, plan.digest, asked));
  if (because) return { planned: plan, because };
  await begin(deps.systems.artifacts, call.key, nameOf(use), draft);
  return carryOut(draft, plan, key, use);
}

const asked = async () => 'A specialist approves which workloads restart with another key.';

/** What was begun keeps the plan that was allowed; what of it is still to roll out is admitted as things are now. */
async function goOn(draft: KeyDraft, view: KeyView, use: Use): Promise<Outcome> {
  const { kubernetes, deps, call, wanted } = use;
  const key = await keyCalled(kubernetes, deps, wanted.secret);
  if ('type' in key) return giveUp(draft, key.text, use);
  const now = new Map(view.workloads.map(({ deployment }) => [deployment.metadata.uid, deployment]));
  const isAhead = (step: KeyStep) => {
    const deployment = now.get(step.uid);
    return deployment !== undefined && !isWritten(step, deployment, deps.platform);
  };
  const ahead = { ...draft, workloads: draft.workloads.filter(isAhead) };
  await tried(ahead, view, { ...writing(use), begun: true, together: false });
  const plan = await planFor(draft, view, use);
  return call.dryRun ? { planned: plan, because: byDryRun } : carryOut(draft, plan, key, use);
}

async function carryOut(draft: KeyDraft, plan: Plan, key: KeyRead, use: Use): Promise<Outcome> {
  const proofs: Proof[] = [];
  for (const step of draft.workloads) {
    const because = await write(step, { ...writing(use), forbidden: allowing(use) });
    if (because) return { planned: plan, because };
    const proof = await prove(step, key, use);
    if (proof.fault !== undefined) return giveUp(draft, proof.fault, use);
    proofs.push(proof);
  }
  return done(`The workloads take the Dynex key from Secret ${use.wanted.secret}.`, draft, proofs, use);
}

const allowing =
  ({ kubernetes, deps, errand }: Use) =>
  () =>
    forbidding(kubernetes, holdConfigMap(deps.platform), errand);

const planFor = async (draft: KeyDraft, view: KeyView, { deps, wanted }: Use): Promise<Plan> =>
  planOf(draft, view, {
    summary: `The Dynex key comes from Secret ${wanted.secret}.`,
    env: deps.platform.quantum.key.env,
    inFlight: await inFlight(deps),
    remarks: [inTurn(draft)],
  });

const writing = ({ kubernetes, deps, call, running: { heartbeat } }: Use) => ({
  kubernetes,
  platform: deps.platform,
  key: call.key,
  heartbeat,
});

const inTurn = ({ workloads }: KeyDraft) =>
  `One after the other: ${workloads.map(({ name }) => name).join(', ')}. Each is measured before the next; where one fails, all take the former key again.`;

async function asServed(view: KeyView, { digest }: KeyRead, use: Use): Promise<KeyDraft> {
  const { env } = use.deps.platform.quantum.key;
  if (view.workloads.length === 0)
    throw stopped('NotConsumed', `No workload takes ${env} from a Secret, so another one changes nothing. Nothing was changed.`);
  const draft = draftToUse(view, use.wanted, digest, env, use.call.key);
  return tried(draft, view, { ...writing(use), begun: false, together: false });
}

/** It is noted before anything goes back: whoever goes on after us goes back too. */
async function giveUp(draft: KeyDraft, failed: string, use: Use): Promise<Outcome> {
  await begin(use.deps.systems.artifacts, use.call.key, nameOf(use), { ...draft, failed });
  return goBack(failed, use);
}

/** @throws what failed, once everything takes the former key again */
async function goBack(failed: string, { wanted, errand, ...around }: Use): Promise<Outcome> {
  const { planned, remarks } = await giveBack(around.call.key, errand, around);
  if (planned) return { planned: planned.plan, because: planned.because };
  const after = remarks.length > 0 ? ` ${remarks.join(' ')}` : '';
  throw stopped(
    'Refused',
    `Secret ${wanted.secret} did not go well: ${failed} Every workload takes the former key again.${after} Mend what failed, then retry.`,
  );
}

async function nothingToDo(workloads: KeyedWorkload[], key: KeyRead, use: Use): Promise<Outcome> {
  const proofs: Proof[] = [];
  for (const { workload } of workloads) proofs.push(await prove(workload, key, use));
  const note = `The workloads took the Dynex key from Secret ${use.wanted.secret} already: nothing was changed.`;
  return done(note, { key: '', workloads: [] }, proofs, use);
}

function done(note: string, draft: KeyDraft, proofs: Proof[], { deps, call, wanted }: Use): Outcome {
  const [first] = draft.workloads;
  const faults = proofs.filter(({ fault }) => fault !== undefined);
  const measured = faults.length > 0 ? 'none' : proofs.every(({ whole }) => whole) ? 'whole' : 'part';
  const text = [...proofs.map(({ text }) => text), faults.length === 0 && `Dynex accepts the key in ${wanted.secret}.`];
  const takeBack = first && { kind: 'Deployment' as const, namespace: first.namespace, name: first.name, key: call.key };
  return {
    done: {
      note,
      changes: changesOf(draft, deps.platform.quantum.key.env),
      effect: { measured, text: text.filter(Boolean).join(' ') },
      ...(takeBack && { takeBack }),
    },
  };
}
