/**
 * Limits of calls at the edge: routes of low priority to half, or every class as reviewed. Customers feel the first: without
 * approval it ends half an hour after its incident first limited, and pages. Twice equals once: a limit is stated whole.
 */

import { targetName } from '../../workflows/contract/action.ts';
import type { Deps } from '../deps.ts';
import type { Action, ActionContext, Setting } from '../engine/action.ts';
import { restoring } from '../engine/restoring.ts';
import { runSetting } from '../engine/run-setting.ts';
import type { Snapshot, TargetSystem } from '../engine/target.ts';
import { heldBy, toLetGo, toSet, type Write } from '../engine/write.ts';
import { readTarget } from '../engine/writing.ts';
import { stopped } from '../failures.ts';
import { incidentOf } from '../guard.ts';
import { momentOf } from '../kubernetes/when.ts';
import { endOfLent, lentUntil } from '../lent-time.ts';
import { pageLoudly } from '../loud-page.ts';
import { gatewayOf, type Platform } from '../platform.ts';
import { type Bound, boundByAddress, refuseUnseen } from './bound-by-address.ts';
import { limitFormOf } from './forms.ts';
import { lend, type Lent, lentTo } from './lent.ts';
import { halfOf, limitByHand, pasteIfMissing } from './limit-by-hand.ts';
import type { Limited, LimitTo } from './limit-form.ts';
import { felt, ownText, summaryOf } from './limit-words.ts';
import { daysBefore, normalUse, normalUseText, refuseBelow, whyNotBelow } from './normal-use.ts';

export interface LimitInput {
  limit: LimitTo;
}

interface View {
  classes: Limited[];
  lent: Lent | undefined;
  /** Milliseconds since 1970: from when on it is limited. */
  began: number;
  /** Nothing where a limit holds for each caller. */
  bound: Bound;
}

export const setLimit: Action<LimitInput> = {
  name: 'setLimit',
  byHand: ({ limit }, deps) =>
    gatewayOf(deps.platform).form === 'api' && !deps.systems.operatorApi ? limitByHand(limit, deps) : undefined,
  async run(input, context) {
    if (!['essential only', 'reviewed'].includes(input.limit))
      throw stopped('BadInput', 'A limit is "essential only" or "reviewed": correct the step.');
    const began = context.deps.now();
    const outcome = await runSetting(limiting(began), input, noting(input, context, began)).catch(
      pasteIfMissing(because => limitByHand(input.limit, context.deps, because)),
    );
    const isFelt = 'done' in outcome && input.limit === 'essential only' && outcome.done.changes.length > 0;
    if (!isFelt || context.call.approved !== undefined) return outcome;
    return pageLoudly(outcome, { roles: ['primary'], because: 'routes of low priority are limited without approval' }, context);
  },
  undo: {
    targets: platform => limitedTargets(platform),
    run: (record, context) => givenBack.run(record, limitFormOf(context.deps.platform).around(context)),
  },
};

function limitedTargets(platform: Platform, input?: LimitInput) {
  return platform.gateway ? limitFormOf(platform).targets(platform, input?.limit) : [];
}

const givenBack = restoring({
  targets: platform => limitedTargets(platform),
  summary: 'Calls are limited as before.',
  done: 'The limits are what they were before.',
});

/** The half hour is noted right before the first write, wherever that goes. */
function noting({ limit }: LimitInput, given: ActionContext, began: number): ActionContext {
  const context = limitFormOf(given.deps.platform).around(given);
  if (limit === 'reviewed' || context.call.approved !== undefined) return context;
  const { artifacts } = context.deps.systems;
  const noted = (system: TargetSystem): TargetSystem => ({
    ...system,
    async write(write, now) {
      await lend(artifacts, incidentOf(context.call.key), began);
      await system.write(write, now);
    },
  });
  const { kubernetes, 'NQBA API': api } = context.systems;
  const systems = { ...(kubernetes && { kubernetes: noted(kubernetes) }), ...(api && { 'NQBA API': noted(api) }) };
  return { ...context, systems: { ...context.systems, ...systems } };
}

const limiting = (began: number): Setting<LimitInput, View> => ({
  name: 'setLimit',
  records: limitedTargets,
  look: ({ limit }, context) => viewOf(limit, context, began),
  draft({ classes, lent, bound }, { limit }, { call, deps }) {
    const writes = classes.flatMap(one =>
      limit === 'reviewed' ? asReviewed(one, call, deps) : limited(one, call, deps, lent, began),
    );
    refuseUnseen(writes, bound);
    if (limit === 'reviewed') refuseBelow(classes, limitFormOf(deps.platform).rate(gatewayOf(deps.platform)));
    return writes;
  },
  words: (view, { limit }, { call, deps }) => ({
    summary: summaryOf(view.classes, deps),
    consequences: [
      ...(limit === 'reviewed' ? [] : [felt(deps), ...ownText(view.classes), endText(view, call, deps)]),
      ...(view.bound.largest === undefined ? [] : [view.bound.largest]),
      ...normalUseText(view.classes),
    ],
    restsOn: view.classes.flatMap(({ restsOn = [] }) => restsOn),
    done: summaryOf(view.classes, deps),
    nothing: { note: `${summaryOf(view.classes, deps)} It was so already: nothing was changed.`, measured: false },
  }),
  asks: async (view, { limit }, context) => (limit === 'reviewed' ? reviewedAsks : whyAsk(view, context)),
  measure: ({ classes }, { limit }, context) => limitFormOf(context.deps.platform).measure(classes, limit, context),
});

const reviewedAsks = 'People confirm the limits that were found and the reviewed ones.';

async function viewOf(limit: LimitTo, context: ActionContext, began: number): Promise<View> {
  const { deps, call } = context;
  const [chosen, days] = await Promise.all([limitFormOf(deps.platform).chosen(limit, context), daysBefore(deps)]);
  const read = chosen.map(async (one): Promise<Limited> => {
    const wanted = limit === 'reviewed' ? one.reviewed : halfOf(one.reviewed);
    const now = ofLimits(await readTarget(context, one.target));
    return { ...one, now, wanted, normal: normalUse(days, one.of, deps.platform) };
  });
  const classes = await Promise.all(read);
  const lent = await lentTo(deps.systems.artifacts, incidentOf(call.key));
  const bound = limitFormOf(deps.platform).caller === 'address' ? await boundByAddress(deps) : {};
  return { classes, lent, began, bound };
}

/** Without the records of blocks on the same object: those end, and are let go, by themselves. */
const ofLimits = (now: Snapshot): Snapshot => ({ ...now, holders: now.holders.filter(({ action }) => action === 'setLimit') });

type Call = ActionContext['call'];

/** Someone's stricter limit stays. The record of the incident stays one, with its end; an approval gives it a new end. */
function limited(
  { now, wanted, own, made }: Limited,
  call: Call,
  { platform }: Deps,
  lent: Lent | undefined,
  began: number,
): Write[] {
  const [gateway, form] = [gatewayOf(platform), limitFormOf(platform)];
  const incident = incidentOf(call.key);
  const mine = heldBy(now, incident);
  if (!mine && Number(now.value(form.rate(gateway)) ?? Number.POSITIVE_INFINITY) < wanted.perMinute) return [];
  const until = lentUntil(call, lent, platform, began);
  const recording = mine && call.approved === undefined ? 'of the incident' : 'own';
  const values = { ...own, ...form.values(wanted, now, { gateway, why: `nqba-runbooks: incident ${incident}` }) };
  return toSet(now, values, { action: 'setLimit', key: call.key, until, recording }).map(write => ({ ...write, made }));
}

/** A limit that this incident lowered becomes the reviewed one with its record let go; one of another incident stays until that lets go. */
function asReviewed({ now, wanted, own }: Limited, { key, until }: Call, { platform }: Deps): Write[] {
  if (own) return toLetGo(now, ({ incident }) => incident === incidentOf(key), key);
  const form = limitFormOf(platform);
  const values = form.values(wanted, now, { gateway: gatewayOf(platform), why: 'nqba-runbooks: as reviewed' });
  const letGo = toLetGo(
    now,
    ({ incident }) => incident === incidentOf(key),
    key,
    field => values[field] ?? null,
  );
  if (letGo.length > 0 || now.holders.length > 0) return letGo;
  return toSet(now, values, { action: 'setLimit', key, until });
}

function endText({ classes, lent, began }: View, call: Call, { platform }: Deps): string {
  const standing = classes.map(({ now }) => heldBy(now, incidentOf(call.key))?.until).find(until => until !== undefined);
  const end = call.approved === undefined && standing !== undefined ? standing : lentUntil(call, lent, platform, began);
  if (Date.parse(end) <= began) return 'It ends after a day at the latest.';
  return `Without an approval it ends at ${momentOf(end, began)}, with one after a day at the latest.`;
}

/** No limit, the reviewed one, and the one that is wanted now. */
const usual = ({ reviewed, wanted }: Limited) => [null, String(reviewed.perMinute), String(wanted.perMinute)];

/** By itself only from no limit, or from the reviewed one. */
function whyAsk({ classes, lent, began }: View, { call, deps: { platform } }: ActionContext): string | undefined {
  if (classes.every(({ now }) => heldBy(now, incidentOf(call.key)))) return undefined;
  const made = classes.find(({ own, now }) => own && now.holders.length === 0);
  if (made) return `${targetName(made.target)} is not there yet: people decide whether these routes get an Ingress of their own.`;
  if (endOfLent(lent, platform, began) <= began)
    return 'This incident has limited calls for half an hour without approval: people decide whether it goes on.';
  const field = limitFormOf(platform).rate(gatewayOf(platform));
  const strange = classes.find(one => !usual(one).includes(one.now.value(field)));
  if (strange)
    return `${targetName(strange.target)} limits ${strange.now.value(field)} a minute, which no one has reviewed: people decide.`;
  return whyNotBelow(classes);
}
