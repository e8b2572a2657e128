/**
 * Limits of calls at the edge: routes of low priority to half, or every class as reviewed. Customers feel the first: without
 * approval it ends half an hour after its incident first limited, and pages. Twice equals once: a limit is stated whole.
 */

import { type Effect, targetName } from '../../workflows/contract/action.ts';
import { ingresses } from '../connectors/network-resources.ts';
import type { Deps } from '../deps.ts';
import type { Action, ActionContext, Setting } from '../engine/action.ts';
import { restoring } from '../engine/restoring.ts';
import { runSetting } from '../engine/run-setting.ts';
import type { Snapshot } from '../engine/target.ts';
import { heldBy, toLetGo, toSet, type Write } from '../engine/write.ts';
import { readTarget } from '../engine/writing.ts';
import { stopped } from '../failures.ts';
import { incidentOf } from '../guard.ts';
import { momentOf } from '../kubernetes/when.ts';
import { endOfLent, lentUntil } from '../lent-time.ts';
import { pageLoudly } from '../loud-page.ts';
import { gatewayOf } from '../platform.ts';
import type { ReviewedLimit } from '../platform/gateway.ts';
import { clientsUnseen } from './clients-unseen.ts';
import { lend, type Lent, lentTo } from './lent.ts';
import { halfOf, limitByHand } from './limit-by-hand.ts';
import { type LimitedClass, limitedClasses, lowClass, lowPriority, rateField, refuseShared, valuesOf } from './limited-class.ts';

export interface LimitInput {
  limit: 'essential only' | 'reviewed';
}

interface Limited extends LimitedClass {
  now: Snapshot;
  wanted: ReviewedLimit;
}

interface View {
  classes: Limited[];
  lent: Lent | undefined;
  /** Milliseconds since 1970: from when on it is limited. */
  began: number;
  /** Why a limit of each address may not be one of each client; absent where the access log shows clients. */
  unseen: string | undefined;
}

export const setLimit: Action<LimitInput> = {
  name: 'setLimit',
  byHand: ({ limit }, { platform }) => limitByHand(limit, platform),
  async run(input, context) {
    if (!['essential only', 'reviewed'].includes(input.limit))
      throw stopped('BadInput', 'A limit is "essential only" or "reviewed": correct the step.');
    const began = context.deps.now();
    const outcome = await runSetting(limiting(began), input, noting(input, context, began));
    const isFelt = 'done' in outcome && input.limit === 'essential only' && outcome.done.changes.length > 0;
    if (!isFelt || context.call.approved !== undefined) return outcome;
    return pageLoudly(outcome, { roles: ['primary'], because: 'routes of low priority are limited without approval' }, context);
  },
  undo: restoring({
    targets: platform => (platform.gateway ? limitedClasses(platform).map(({ target }) => target) : []),
    summary: 'Calls are limited as before.',
    done: 'The limits are what they were before.',
  }),
};

/** The half hour is noted right before the first write. */
function noting({ limit }: LimitInput, context: ActionContext, began: number): ActionContext {
  const { kubernetes } = context.systems;
  if (!kubernetes || limit === 'reviewed' || context.call.approved !== undefined) return context;
  const { artifacts } = context.deps.systems;
  return {
    ...context,
    systems: {
      ...context.systems,
      kubernetes: {
        ...kubernetes,
        async write(write, now) {
          await lend(artifacts, incidentOf(context.call.key), began);
          await kubernetes.write(write, now);
        },
      },
    },
  };
}

const limiting = (began: number): Setting<LimitInput, View> => ({
  name: 'setLimit',
  records: (platform, { limit }) => chosen(limit, platform).map(({ target }) => target),
  look: ({ limit }, context) => viewOf(limit, context, began),
  draft: ({ classes, lent }, { limit }, { call, deps }) =>
    classes.flatMap(one => (limit === 'reviewed' ? asReviewed(one, call, deps) : limited(one, call, deps, lent, began))),
  words: (view, { limit }, { call, deps }) => ({
    summary: summaryOf(view),
    consequences: limit === 'reviewed' ? [] : [felt, endText(view, call, deps)],
    done: summaryOf(view),
    nothing: { note: `${summaryOf(view)} It was so already: nothing was changed.`, measured: false },
  }),
  asks: async (view, { limit }, context) => (limit === 'reviewed' ? reviewedAsks : whyAsk(view, context)),
  measure: (view, _, context) => measured(view, context),
});

const felt =
  'Calls of batch, exports, demos and analytics above it are refused for each address; essential routes are not touched.';
const reviewedAsks = 'People confirm the limits that were found and the reviewed ones.';

const chosen = (limit: LimitInput['limit'], platform: Deps['platform']) =>
  limit === 'reviewed' ? limitedClasses(platform) : [lowPriority(platform)];

async function viewOf(limit: LimitInput['limit'], context: ActionContext, began: number): Promise<View> {
  const { deps, kubernetes, call } = context;
  const classes = chosen(limit, deps.platform).map(async (one): Promise<Limited> => {
    const { namespace = '', name } = one.target;
    const object = await kubernetes.read(ingresses, { namespace, name });
    if (one.of === lowClass) refuseShared(object, gatewayOf(deps.platform));
    const wanted = limit === 'reviewed' ? one.reviewed : halfOf(one.reviewed);
    return { ...one, now: await readTarget(context, one.target), wanted };
  });
  const lent = await lentTo(deps.systems.artifacts, incidentOf(call.key));
  return { classes: await Promise.all(classes), lent, began, unseen: await clientsUnseen(deps) };
}

type Call = ActionContext['call'];

/** Someone's stricter limit stays. The record of the incident stays one, with its end; an approval gives it a new end. */
function limited({ now, wanted }: Limited, call: Call, { platform }: Deps, lent: Lent | undefined, began: number): Write[] {
  const gateway = gatewayOf(platform);
  const mine = heldBy(now, incidentOf(call.key));
  if (!mine && Number(now.value(rateField(gateway)) ?? Number.POSITIVE_INFINITY) < wanted.perMinute) return [];
  const until = lentUntil(call, lent, platform, began);
  const recording = mine && call.approved === undefined ? 'of the incident' : 'own';
  return toSet(now, valuesOf(gateway, wanted), { action: 'setLimit', key: call.key, until, recording });
}

/** A limit that this incident lowered becomes the reviewed one with its record let go; one of another incident stays until that lets go. */
function asReviewed({ now, wanted }: Limited, { key, until }: Call, { platform }: Deps): Write[] {
  const values = valuesOf(gatewayOf(platform), wanted);
  const letGo = toLetGo(
    now,
    ({ incident }) => incident === incidentOf(key),
    key,
    field => values[field] ?? null,
  );
  if (letGo.length > 0 || now.holders.length > 0) return letGo;
  return toSet(now, values, { action: 'setLimit', key, until });
}

const summaryOf = ({ classes }: View) =>
  classes
    .map(({ target, wanted }) => `${targetName(target)} limits each address to ${wanted.perMinute} calls a minute.`)
    .join(' ');

function endText({ classes, lent, began }: View, call: Call, { platform }: Deps): string {
  const standing = classes.map(({ now }) => heldBy(now, incidentOf(call.key))?.until).find(until => until !== undefined);
  const end = call.approved === undefined && standing !== undefined ? standing : lentUntil(call, lent, platform, began);
  if (Date.parse(end) <= began) return 'It ends after a day at the latest.';
  return `Without an approval it ends at ${momentOf(end, began)}, with one after a day at the latest.`;
}

/** No limit, the reviewed one, and the one that is wanted now. */
const usual = ({ reviewed, wanted }: Limited) => [null, String(reviewed.perMinute), String(wanted.perMinute)];

/** By itself only from no limit, or from the reviewed one, and where an address is a client. */
function whyAsk({ classes, lent, began, unseen }: View, { call, deps: { platform } }: ActionContext): string | undefined {
  if (classes.every(({ now }) => heldBy(now, incidentOf(call.key)))) return undefined;
  if (endOfLent(lent, platform, began) <= began)
    return 'This incident has limited calls for half an hour without approval: people decide whether it goes on.';
  const field = rateField(gatewayOf(platform));
  const strange = classes.find(one => !usual(one).includes(one.now.value(field)));
  if (strange)
    return `${targetName(strange.target)} limits ${strange.now.value(field)} a minute, which no one has reviewed: people decide.`;
  return unseen;
}

/** Read once more. Whether calls are refused shows from outside only. @throws SystemError */
async function measured({ classes }: View, context: ActionContext): Promise<Effect> {
  const field = rateField(gatewayOf(context.deps.platform));
  const each = await Promise.all(
    classes.map(
      async ({ target }) => `${targetName(target)} says ${(await readTarget(context, target)).value(field) ?? 'no limit'}.`,
    ),
  );
  return { measured: 'part', text: `${each.join(' ')} Whether its controller refuses calls above that was not measured.` };
}
