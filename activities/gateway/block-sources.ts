/**
 * Blocks the sources of a list that a check froze, on every Ingress of the platform or by its own API, always approved and for a day
 * at most. Twice equals once: an entry that is there is not added again.
 */

import type { FrozenList } from '../../workflows/contract/finding.ts';
import { type Effect, targetName } from '../../workflows/contract/action.ts';
import { bodyOf } from '../connectors/artifacts.ts';
import type { Action, ActionContext, Setting, Words } from '../engine/action.ts';
import { frozenItems } from '../engine/frozen-list.ts';
import type { Holder } from '../engine/holders.ts';
import { restoring } from '../engine/restoring.ts';
import { runSetting } from '../engine/run-setting.ts';
import type { Snapshot } from '../engine/target.ts';
import { holdersOfFields, type Making, toSet } from '../engine/write.ts';
import { stopped } from '../failures.ts';
import { incidentOf } from '../guard.ts';
import { approvedUntil } from '../lent-time.ts';
import { gatewayOf, type Platform } from '../platform.ts';
import { type Piece, shownPiece } from './access-lines.ts';
import { answeredFrom } from './answered.ts';
import { blockable, mostEntries } from './blockable.ts';
import { clientsNow } from './clients-unseen.ts';
import { grouped } from './counted.ts';
import type { Edge } from './edge.ts';
import { blockFormOf } from './forms.ts';
import { goodCallsText } from './good-calls.ts';
import { type SourceItem, sourceItem } from './items.ts';
import { blockByHand, pasteIfMissing } from './limit-by-hand.ts';

export interface BlockInput {
  list: FrozenList;
}

interface View {
  items: SourceItem[];
  sources: string[];
  edges: Edge[];
  /** The lines that good calls are counted in. */
  piece: Piece;
  /** Why an address may stand for many clients; absent where the access log shows clients. */
  unseen: string | undefined;
}

export const blockSources: Action<BlockInput> = {
  name: 'blockSources',
  byHand: ({ list }, { platform, systems }) =>
    gatewayOf(platform).form === 'api' && !systems.operatorApi ? blockByHand(list) : undefined,
  run: (input, context) =>
    runSetting(blocking(context.deps.now()), input, blockFormOf(context.deps.platform).around(context)).catch(
      pasteIfMissing(because => blockByHand(input.list, because)),
    ),
  undo: {
    targets: placesOf,
    run: (record, context) => givenBack.run(record, blockFormOf(context.deps.platform).around(context)),
  },
};

function placesOf(platform: Platform) {
  return platform.gateway ? blockFormOf(platform).targets(platform) : [];
}

const givenBack = restoring({
  targets: placesOf,
  summary: 'The sources that were blocked before are blocked, and no others.',
  done: 'Blocked are the sources that were blocked before.',
});

/** @param began milliseconds since 1970 */
const blocking = (began: number): Setting<BlockInput, View> => ({
  name: 'blockSources',
  records: placesOf,
  look: viewOf,
  draft({ edges, unseen }, _, { call: { key, until }, deps: { platform } }) {
    if (unseen !== undefined) throw refused(`A block binds an address, and ${unseen}`);
    const field = blockFormOf(platform).field(platform, incidentOf(key));
    const ends = approvedUntil(until, began);
    return edges.flatMap(({ now, wanted }) => toSet(now, { [field]: wanted }, makingOf(now, field, { key, until: ends })));
  },
  words: wordsOf,
  asks: async () => 'Security confirms every entry with its evidence, and that no good customer shares one.',
  measure: ({ sources }, _, context) => measured(sources, context),
});

/**
 * One record for a place, with the end of its first block: the last of several would give back the whole annotation, so the entries
 * of the others would outlive their day. @throws `Refused` where another incident blocks there
 */
function makingOf(now: Snapshot, field: string, { key, until }: { key: string; until: string }): Making {
  const held = holdersOfFields(now, [field]);
  const other = held.find(({ incident }) => incident !== incidentOf(key));
  if (other) throw stopped('Refused', blockedBy(other, now));
  const [mine] = held;
  return { action: 'blockSources', key: mine?.key ?? key, until: mine ? mine.until : until };
}

const blockedBy = ({ incident, until }: Holder, { target }: Snapshot) =>
  `Incident ${incident} blocks sources at ${targetName(target)}${until === undefined ? '' : ` until ${until}`}, and one incident at a time does: of two no one could say whose entry ends when. Nothing was changed: release its block (runbooks undo ${incident}) or wait for its end, then retry; or block by hand.`;

/** @throws `Refused` where the list has what is never blocked */
async function viewOf({ list }: BlockInput, context: ActionContext): Promise<View> {
  const { deps } = context;
  const gateway = gatewayOf(deps.platform);
  const items = await frozenItems(deps.systems.artifacts, list, sourceItem);
  if (items.length > mostEntries)
    throw refused(`The list “${list.name}” has ${items.length} entries, and no one reviews more than ${mostEntries}.`);
  const judged = blockable(items, gateway);
  if ('refused' in judged) throw refused(`The list “${list.name}” has what is never blocked: ${judged.refused}.`);
  const { sources } = judged;
  const form = blockFormOf(deps.platform);
  const targets = await form.standing(context);
  if (targets.length === 0) throw refused('platform.json describes no Ingress (gateway.ingress.objects).');
  const edges = await Promise.all(targets.map(target => form.edgeWith(sources, target, context)));
  const { piece, unseen } = await clientsNow(deps, 3);
  return { items, sources, edges, piece, unseen };
}

const refused = (why: string) =>
  stopped('Refused', `${why} Nothing was changed: let the check freeze the list again, or block by hand what is sure.`);

function wordsOf({ items, sources, edges, piece }: View, { list }: BlockInput): Words {
  const count = `${sources.length} ${sources.length === 1 ? 'source' : 'sources'} of the list “${list.name}”`;
  const rules = grouped(items, ({ rule }) => rule);
  const hits = [...rules].map(([rule, of]) => `${of.length} because ${rule}`).join(', ');
  const where = edges.map(({ now }) => targetName(now.target)).join(', ');
  return {
    summary: `${where}: calls of ${count} are refused for a day at most.`,
    consequences: [
      `Evidence: ${hits}. Each entry with its sample lies in the artifact store, ${bodyOf(list.digest)}.`,
      goodCallsText('The largest of them', piece, sources),
      'Whoever shares such an address is refused too, at every route, login included.',
    ],
    restsOn: [{ what: `list “${list.name}”, digest`, value: list.digest.slice(0, 16) }],
    done: `Calls of ${count} are refused.`,
    nothing: {
      note: `${items.length === 0 ? `The list “${list.name}” is empty` : `Calls of ${count} were refused already`}: nothing was changed.`,
      measured: false,
    },
  };
}

const unmeasured = 'Whether calls of these sources are refused was not measured: the access log cannot be read.';

/** By the access log: what the edge refuses never comes to the platform. */
async function measured(sources: string[], context: ActionContext): Promise<Effect> {
  const answered = await answeredFrom(sources, context);
  if (!answered) return { measured: 'part', text: unmeasured };
  const { fromSources, fromOthers, piece } = answered;
  const source = ` From ${shownPiece(piece)}.`;
  const { refuser } = blockFormOf(context.deps.platform);
  const passed = `${fromSources} calls of these sources were answered since: ${refuser} does not refuse them.${source}`;
  if (fromSources > 0) return { measured: 'none', text: passed };
  const text = `Of ${fromOthers} calls that were answered since, none came from these sources.${source}`;
  return { measured: fromOthers > 0 && piece.isWhole ? 'whole' : 'part', text };
}
