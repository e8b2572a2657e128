/**
 * How many of a hundred jobs that ask for a quantum solver start; the others are accepted and wait. Customers feel it: without
 * approval it ends after half an hour of its incident in all, and pages. Twice equals once: the percentage is stated whole.
 */

import type { Outcome } from '../../../workflows/contract/action.ts';
import { type NqbaApi } from '../../connectors/api.ts';
import { notConnected, SystemError } from '../../connectors/system-error.ts';
import type { Deps } from '../../deps.ts';
import type { Action, ActionContext, Setting, Unconfirmed } from '../../engine/action.ts';
import type { Holder } from '../../engine/holders.ts';
import { restoring } from '../../engine/restoring.ts';
import { runSetting } from '../../engine/run-setting.ts';
import type { Snapshot } from '../../engine/target.ts';
import { heldBy, type IsMine, toLetGo, toSet, type Write } from '../../engine/write.ts';
import { readTarget } from '../../engine/writing.ts';
import { stopped } from '../../failures.ts';
import { incidentOf } from '../../guard.ts';
import { momentOf } from '../../kubernetes/when.ts';
import { endOfLent, lentUntil } from '../../lent-time.ts';
import { pageLoudly } from '../../loud-page.ts';
import { type Lent, lend, lentTo } from './lent.ts';
import { intakeHeld } from './measure.ts';
import { symptomNow } from './symptom.ts';
import { intakeOf, intakeTarget, percentField } from './target.ts';

interface Intake {
  percent: number;
  /** Only to more than now: where more are let in already, nothing is done. */
  raise?: true;
}

interface View {
  now: Snapshot;
  lent: Lent | undefined;
  /** Milliseconds since 1970: from when on it is held. */
  began: number;
}

export const setIntake: Action<Intake> = {
  name: 'setIntake',
  byHand: ({ percent }, { systems }) => (systems.api ? undefined : byHand(percent)),
  async run(input, context) {
    const { percent } = input;
    if (!(Number.isInteger(percent) && percent >= 0 && percent <= 100))
      throw stopped('BadInput', 'An intake is a whole number from 0 to 100: correct the step.');
    try {
      const began = context.deps.now();
      const outcome = await runSetting(holding(began), input, withIntake(context, began));
      if (!('done' in outcome && isFelt(outcome, context))) return outcome;
      const because = `${100 - percent}% of the quantum jobs are held without approval`;
      return await pageLoudly(outcome, { roles: ['primary', 'quantum'], because }, context);
    } catch (error) {
      if (error instanceof SystemError && error.fault === 'not connected' && error.status !== undefined)
        return byHand(percent, error.message);
      throw error;
    }
  },
  undo: {
    targets: ({ quantum }) => (quantum ? [intakeTarget] : []),
    run: (record, context) => givenBack.run(record, withIntake(context)),
  },
};

const givenBack = restoring({
  targets: () => [intakeTarget],
  summary: 'Quantum jobs are let in as before.',
  done: 'The intake is what it was before: jobs that waited start in their order.',
});

function byHand(percent: number, because?: string): Outcome {
  const call = `curl -X PUT "$NQBA_API_URL/api/v1/qih/intake" -H 'content-type: application/json' -d '{"percent": ${percent}}'`;
  return { byHand: { system: 'job hub', paste: call, because: because ?? 'The NQBA API is not connected' } };
}

/** @param began from when on what is written counts as held by the incident; else it does not */
function withIntake(context: ActionContext, began?: number): ActionContext {
  const api = apiOf(context.deps);
  const { artifacts } = context.deps.systems;
  const beforeWrite = began === undefined ? undefined : (percent: number) => noteHeld(percent, began, context);
  return { ...context, systems: { ...context.systems, 'job hub': intakeOf({ api, artifacts, beforeWrite }) } };
}

function apiOf({ systems: { api } }: Deps): NqbaApi {
  if (api) return api;
  throw notConnected('The NQBA API', 'NQBA_API_URL');
}

async function noteHeld(percent: number, began: number, { deps, call }: ActionContext): Promise<void> {
  if (percent === 100) return;
  const { artifacts } = deps.systems;
  const incident = incidentOf(call.key);
  const lent = await lentTo(artifacts, incident);
  const from = lent?.from ?? (call.approved === undefined ? began : undefined);
  await lend(artifacts, incident, { from, lowest: Math.min(percent, lent?.lowest ?? 100) });
}

/** Fewer jobs are let in than before, and no one has approved it. */
const isFelt = ({ done: { changes } }: Extract<Outcome, { done: object }>, { call }: ActionContext) =>
  call.approved === undefined && changes.some(({ before, after }) => Number(after) < Number(before));

const holding = (began: number): Setting<Intake, View> => ({
  name: 'setIntake',
  records: () => [intakeTarget],
  look: async (_, context) => ({
    began,
    now: await readTarget(context, intakeTarget),
    lent: await lentTo(context.deps.systems.artifacts, incidentOf(context.call.key)),
  }),
  draft(view, { percent, raise = false }, { call, deps }) {
    if (raise && Number(view.now.value(percentField)) >= percent) return [];
    return percent === 100 ? ended(view, call.key) : held(view, percent, call, deps);
  },
  words: (view, { percent }, { deps, call }) => ({
    summary: `${percent}% of the jobs that ask for a quantum solver start.`,
    consequences: percent < 100 ? [felt, endText(view, call, deps)] : ['Jobs that waited start in their order.'],
    done: `${percent}% of the jobs that ask for a quantum solver start${percent < 100 ? '; the others are accepted and wait' : ''}.`,
    nothing: unchanged(view, percent),
  }),
  asks: (view, { percent }, context) => whyAsk(view, percent, context),
  measure: (_view, { percent }, { deps, running }) => intakeHeld(percent, deps, running),
});

function unchanged({ now }: View, percent: number) {
  const current = now.value(percentField);
  if (current === String(percent)) return { note: `The intake was ${percent}% already: nothing was changed.`, measured: true };
  const others = now.holders.map(({ incident }) => incident).join(', ');
  return { note: `The intake stays ${current}%${others && `: held by ${others}`}. Nothing was changed.`, measured: false };
}

const felt =
  'Customers feel it: jobs that ask for a quantum solver are accepted and wait, jobs without a preference run classically.';

type Call = ActionContext['call'];

/** The record of the incident stays one, with its end, however often the percentage changes; an approval gives it a new end. */
function held({ now, lent, began }: View, percent: number, call: Call, { platform }: Deps): Write[] {
  const until = lentUntil(call, lent, platform, began);
  const recording = heldBy(now, incidentOf(call.key)) && call.approved === undefined ? 'of the incident' : 'own';
  return toSet(now, { [percentField]: String(percent) }, { action: 'setIntake', key: call.key, until, recording });
}

/** Everything that the incident holds is let go; without a record of ours someone else's setting is replaced. */
function ended({ now }: View, key: string): Write[] {
  const letGo = toLetGo(now, ofIncident(key), key);
  if (letGo.length > 0 || now.holders.length > 0) return letGo;
  return toSet(now, { [percentField]: '100' }, { action: 'setIntake', key, recording: 'none' });
}

const ofIncident =
  (key: string): IsMine =>
  ({ incident }: Holder) =>
    incident === incidentOf(key);

function endText({ now, lent, began }: View, call: Call, { platform }: Deps): string {
  const standing = heldBy(now, incidentOf(call.key))?.until;
  const end = call.approved === undefined && standing !== undefined ? standing : lentUntil(call, lent, platform, began);
  if (Date.parse(end) <= began) return 'It ends after a day at the latest.';
  return `Without an approval it ends at ${momentOf(end, began)}, with one after a day at the latest.`;
}

/** More jobs than before are let in without a question, where the incident holds the intake; fewer only while the symptom is measured. */
async function whyAsk(
  { now, lent, began }: View,
  percent: number,
  context: ActionContext,
): Promise<string | Unconfirmed | undefined> {
  const { deps, call, running } = context;
  const mine = heldBy(now, incidentOf(call.key));
  const current = Number(now.value(percentField));
  if (percent >= current) return mine || percent === current ? undefined : notOurs(current);
  if (mine && percent >= (lent?.lowest ?? 100)) return undefined;
  if (endOfLent(lent, deps.platform, began) <= began)
    return 'This incident has held quantum jobs for half an hour without approval: people decide whether it goes on.';
  const { verdict, evidence } = await symptomNow(deps, running);
  if (verdict === 'faulty') return undefined;
  return { unconfirmed: true, text: `Jobs are held by themselves only while most fail or a canary is wrong: ${evidence}` };
}

const notOurs = (current: number) => `The intake is ${current}%, and no change of this incident says why: people decide.`;
