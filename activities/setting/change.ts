/** Plan or apply, one activity: what is planned is what is written, and what is written is measured. */

import type { Call, Effect, Outcome, TakeBack } from '../../workflows/contract/action.ts';
import type { Kubernetes } from '../connectors/kubernetes.ts';
import type { Template } from '../connectors/resources.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { stopped } from '../failures.ts';
import { type Because, type Errand, forbidding } from '../guard.ts';
import { holdConfigMap } from '../platform.ts';
import { jobsInFlight } from '../queries.ts';
import type { Running } from '../running.ts';
import { admit, type Newcomer } from './admission.ts';
import { apply, isWritten, Moved } from './apply.ts';
import { begin, begun } from './begun.ts';
import { changesNothing, type Draft, draftSchema, stillFits } from './draft.ts';
import { dryRun } from './dry-run.ts';
import { everyJob, type Share } from './effect.ts';
import { measure } from './measure.ts';
import { changesOf, planOf, restarting, unmoved } from './plan.ts';
import { rolledOut } from './rollout.ts';
import { look, type View } from './view.ts';

export interface SettingChange {
  /** Says which action and input this is; a key belongs to one. */
  input: string;
  summary: string;
  errand: Errand;
  /** Label of the solver that jobs should run on afterwards. */
  solver: string;
  /** The part of them that should; all of them unless it says so. */
  share?: (view: View) => Pick<Share, 'from' | 'to'>;
  /** Why a workload cannot move, by its name. */
  cannot: (view: View) => Map<string, string>;
  /** Throws when it cannot be done at all. */
  draft: (view: View) => Draft;
  /** What people should know before they approve. */
  remarks: (view: View) => string[];
  /** Why people must look first, if they must. */
  asks: (view: View) => Promise<string | undefined>;
  takeBack: (view: View) => TakeBack | undefined;
  /** What the receipt says. */
  done: string;
  /** What it says when nothing was left to do, and whether the state found is to be measured. */
  nothing: (view: View) => { note: string; measured: boolean };
}

export interface Around {
  kubernetes: Kubernetes;
  deps: Deps;
  running: Running;
  call: Call;
}

/** Plans again when somebody moves an object under our hands; so often at most. */
const rounds = 3;

/** @throws SystemError, or a failure that says what stands in the way. */
export const change = (setting: SettingChange, around: Around): Promise<Outcome> => plannedAnew(() => attempt(setting, around));

/** @throws what the attempt throws, but that somebody was faster: then it looks again. */
export async function plannedAnew(attempt: () => Promise<Outcome>): Promise<Outcome> {
  for (let round = 1; ; round += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (round === rounds || !hasMoved(error)) throw error;
    }
  }
}

const hasMoved = (error: unknown) => error instanceof Moved || (error instanceof SystemError && error.status === 409);

async function attempt(setting: SettingChange, around: Around): Promise<Outcome> {
  const { kubernetes, deps, running, call } = around;
  const { artifacts } = deps.systems;
  running.heartbeat();
  const view = await look(kubernetes, deps.platform);
  const former = await begun(artifacts, call.key, setting.input, draftSchema);
  const resumed = former !== undefined && stillFits(former, view) ? former : undefined;
  const draft = resumed ? await goingOn(resumed, view, around) : await asServed(setting.draft(view), view, around);
  if (changesNothing(draft)) return nothingToDo(setting, view, around);

  const plan = planOf(draft, view, call.key, {
    summary: setting.summary,
    inFlight: await inFlight(deps),
    remarks: setting.remarks(view),
    cannot: setting.cannot(view),
  });
  const forbidden = () => forbidding(kubernetes, holdConfigMap(deps.platform), setting.errand);
  const because =
    (call.dryRun ? byDryRun : await forbidden()) ??
    (resumed ? undefined : await unapproved(call, plan.digest, () => setting.asks(view)));
  if (because) return { planned: plan, because };

  await takenBackLater(draft, view, around);
  await begin(artifacts, call.key, setting.input, draft);
  const stopped = await apply(draft, { kubernetes, key: call.key, forbidden, heartbeat: running.heartbeat });
  if (stopped) return { planned: plan, because: stopped };
  return carriedOut(draft, setting, view, around);
}

export const byDryRun: Because = { reason: 'dry run', text: 'Only the plan was asked for.' };

/** With the API server's own answers, and admitted as things are now. */
async function asServed(draft: Draft, view: View, { kubernetes, deps, call, running }: Around): Promise<Draft> {
  if (changesNothing(draft)) return draft;
  const served = await dryRun(kubernetes, draft, call.key);
  running.heartbeat();
  await admit(newcomers(draft, view, served.templates), { kubernetes, platform: deps.platform, begun: false });
  return served.draft;
}

/** What was begun keeps the plan that was allowed; what of it is still to roll out is admitted as things are now. */
async function goingOn(draft: Draft, view: View, { kubernetes, deps, call }: Around): Promise<Draft> {
  const rest = { ...draft, workloads: draft.workloads.filter(workload => isAhead(workload, view, call.key)) };
  if (rest.workloads.length === 0) return draft;
  const { templates } = await dryRun(kubernetes, rest, call.key);
  await admit(newcomers(rest, view, templates), { kubernetes, platform: deps.platform, begun: true });
  return draft;
}

const isAhead = (workload: Draft['workloads'][number], { workloads }: View, key: string) =>
  workloads.some(({ deployment }) => deployment.metadata.uid === workload.uid && !isWritten(workload, deployment, key));

const newcomers = (draft: Draft, view: View, templates: Map<string, Template>): Newcomer[] =>
  restarting(draft, view).flatMap(seen => {
    const template = templates.get(seen.deployment.metadata.uid);
    return template ? [{ seen, template }] : [];
  });

export async function unapproved(
  { approved }: Call,
  digest: string,
  asks: () => Promise<string | undefined>,
): Promise<Because | undefined> {
  if (approved === digest) return undefined;
  if (approved !== undefined) return { reason: 'moved', text: 'The world has moved since the plan was approved.' };
  const text = await asks();
  return text === undefined ? undefined : { reason: 'approval', text };
}

/** Jobs by pod; nothing when Prometheus is not there to ask. */
export async function inFlight({ systems: { prometheus } }: Deps): Promise<Map<string, number> | undefined> {
  try {
    const samples = await prometheus?.query(jobsInFlight);
    return samples && new Map(samples.map(({ labels, value }) => [labels.pod ?? '', value]));
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

/** What ends by itself is sure to end before it begins: nobody needs to be there then. */
async function takenBackLater({ configMap }: Draft, { place }: View, { deps, call: { key, until } }: Around): Promise<void> {
  if (until === undefined || !Object.values(configMap.annotations).some(record => record !== null)) return;
  if (!deps.takeBackLater) throw stopped('Refused', notLater);
  await deps.takeBackLater({ takeBack: { kind: 'ConfigMap', ...place, key }, at: until });
}

const notLater =
  'Nothing here can take it back by itself, so nothing was changed: run it on a worker of runbooks, or without `until`.';

async function carriedOut(draft: Draft, setting: SettingChange, view: View, around: Around): Promise<Outcome> {
  const { kubernetes, deps, running, call } = around;
  const restarted = draft.workloads.filter(({ restart }) => restart);
  const remarks = await rolledOut(kubernetes, restarted, deps, running);
  const moves = restarted.length > 0 || draft.configMap.fields.length > 0;
  const effect = moves ? await effectOn(setting, view, around, remarks) : nothingMoved;
  const takeBack = setting.takeBack(await look(kubernetes, deps.platform));
  const changes = changesOf(draft, call.key);
  const note = call.until === undefined ? setting.done : `${setting.done} At ${call.until} it is taken back by itself.`;
  return { done: { note, changes, effect, ...(takeBack && { takeBack }) } };
}

async function nothingToDo(setting: SettingChange, view: View, around: Around): Promise<Outcome> {
  const { note, measured } = setting.nothing(view);
  const effect = measured ? await effectOn(setting, view, around, []) : nothingMoved;
  const takeBack = setting.takeBack(view);
  return { done: { note, changes: [], effect, ...(takeBack && { takeBack }) } };
}

const nothingMoved: Effect = { measured: 'nothing to measure', text: 'Nothing that jobs depend on was changed.' };

/** A share is that of those who follow it; who does not is named. */
function effectOn(setting: SettingChange, view: View, around: Around, remarks: string[]): Promise<Effect> {
  const { kubernetes, deps, running, call } = around;
  const cannot = setting.cannot(view);
  const about = { solver: setting.solver, excuses: cannot, key: call.key };
  if (!setting.share)
    return measure(kubernetes, { ...about, share: everyJob, workloads: view.workloads, remarks }, deps, running);
  const workloads = view.workloads.filter(({ follows }) => follows);
  const told = [...remarks, ...unmoved(cannot)];
  return measure(kubernetes, { ...about, share: setting.share(view), workloads, remarks: told }, deps, running);
}
