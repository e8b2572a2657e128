/** The way back of a notice on the public page: the component's status is what it was before, and our incident there ends without a claim. */

import { type TakeBack, type Target, targetName } from '../../workflows/contract/action.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { ActionContext, Setting, Undo } from '../engine/action.ts';
import type { Holder } from '../engine/holders.ts';
import { driftText, editedRecords, isOf, nothingLeft, readableFor } from '../engine/restoring.ts';
import { runSetting } from '../engine/run-setting.ts';
import type { Snapshot } from '../engine/target.ts';
import { type Drift, driftsOf, type IsMine, toLetGo, type Write } from '../engine/write.ts';
import { incidentOf } from '../guard.ts';
import { sameButNumbers, withdrawn } from '../messages/texts.ts';
import type { Platform } from '../platform.ts';
import { type Page, pageFor, pageTarget, type PageView } from './page-target.ts';

export const withdrawal: Undo = {
  targets: ({ statusPage }: Platform) => Object.values(statusPage.components).flatMap(one => (one ? [pageTarget(one.name)] : [])),
  async run(record, context) {
    const { platform, systems } = context.deps;
    const { statuspage, artifacts } = systems;
    if (!statuspage) throw notConnected('The status page', 'STATUSPAGE_API_KEY');
    const { subject } = withdrawn(record.target.name);
    const incident = incidentOf(record.key);
    const page = pageFor({ statuspage, artifacts, platform, incident, subject });
    return runSetting(withdrawing(page), record, { ...context, systems: { ...context.systems, 'status page': page } });
  },
};

const withdrawing = (page: Page): Setting<TakeBack, PageView> => ({
  name: 'takeBack',
  look: async ({ target, key }) => {
    const view = await page.view(target);
    readableFor(view.now, key);
    return view;
  },
  draft: (view, record, context) => ended(view, record, context),
  words: (view, { key, target }, _, writes) => ({
    summary: `The notice about ${target.name} on the status page is withdrawn.`,
    consequences: [
      ...changedSince(view, key),
      ...stayers(view.now, isOf(key)),
      ...(writes.some(({ edits }) => edits.length > 0) ? ['Customers read it, and subscribers get a mail (resolved).'] : []),
    ],
    done: `The notice about ${target.name} is withdrawn.`,
    nothing: { note: nothingLeft, measured: false },
  }),
  asks: async (view, { key }) => changedSince(view, key).join(' ') || undefined,
  measure: async (_view, { target }) => measured(page, target),
});

/** The status waits for the last incident that holds it; our own notice ends in any case. */
function ended({ incident, now }: PageView, { key, target }: TakeBack, { call }: ActionContext): Write[] {
  const [letGo] = toLetGo(now, isOf(key), call.key);
  if (!letGo) return [];
  const says = { field: 'text', before: now.value('text'), after: withdrawn(target.name).body };
  const edits = [...letGo.edits.filter(({ field }) => field === 'status'), ...(incident ? [says] : [])];
  return [{ ...letGo, edits }];
}

/** Other incidents that hold the status of the component. */
export const othersWith = ({ holders }: Snapshot, isMine: IsMine): Holder[] =>
  holders.filter(holder => !isMine(holder) && 'status' in holder.before);

/** The status of another incident of ours, and a newer share in our own text, are no one else's. */
function changedSince({ now }: PageView, key: string): string[] {
  const isShared = othersWith(now, isOf(key)).length > 0;
  const drifts = driftsOf(now, isOf(key)).filter(drift => !(isShared && drift.field === 'status') && !isNewerShare(drift));
  return [...drifts.map(driftText), ...editedRecords([now], isOf(key))];
}

const isNewerShare = ({ field, set, now }: Drift) => field === 'text' && set !== null && now !== null && sameButNumbers(set, now);

export function stayers(now: Snapshot, isMine: IsMine): string[] {
  const incidents = othersWith(now, isMine).map(({ incident }) => incident);
  return incidents.length === 0 ? [] : [`The status stays: held by ${incidents.join(', ')} too.`];
}

async function measured(page: Page, target: Target) {
  const { component, incident } = await page.view(target);
  const notice = incident ? 'our notice still stands' : 'our notice has ended';
  return {
    measured: incident ? ('part' as const) : ('whole' as const),
    text: `${targetName(target)} is ${component.status}, and ${notice}.`,
  };
}
