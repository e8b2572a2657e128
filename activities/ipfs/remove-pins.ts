/**
 * `ipfs pin rm` for a frozen list that people reviewed, one after the other: never under audit retention, a tenth of all pins at most,
 * and each only once the second provider has it. Twice equals once: an absent pin is done.
 */

import type { Effect } from '../../workflows/contract/action.ts';
import type { Deps } from '../deps.ts';
import type { Action, ActionContext } from '../engine/action.ts';
import { type List, type Listed, runList } from '../engine/run-list.ts';
import { stopped } from '../failures.ts';
import { hashNamed } from './cids.ts';
import { isRetained, mostPins, mostShare, type PinItem, pinItem, youngestRecordOf } from './old-pins.ts';
import { type References, referencesSince, toldOf, unreadableIn } from './old-pins.ts';
import { backupOf, pinnedAtBackup, primaryOf, sizeText } from './providers.ts';

export const removePins: Action<Listed> = {
  name: 'removePins',
  run: (input, context) => runList(removing(), input, context),
  undo: 'what was unpinned is pinned again from the second provider, which keeps it',
};

/** The records are read whole once in a run; before each item only those that are new since. */
function removing(): List<Listed, PinItem> {
  let references: References = { youngest: new Map(), unreadable: [] };
  let asOf = 0;
  return {
    name: 'removePins',
    item: pinItem,
    nameOf: ({ cid }) => `Pin ${cid}`,
    atMost: mostPins,
    async words(items, { list }, { deps }) {
      asOf = deps.now();
      references = await referencesSince(deps);
      backupOf(deps);
      refuseRetained(items, references, deps);
      await refuseTooMany(items, deps);
      const { bytes, ages } = toldOf(items);
      const sample = items.slice(0, 20).map(({ cid }) => cid);
      return {
        field: 'pins',
        summary: `The ${items.length} pins of “${list.name}” are removed at the first provider, one after the other.`,
        consequences: [
          `${items.length} pins, ${bytes}, ${ages}.`,
          'Each is pinned at the second provider before; from there it can be pinned again.',
          `A sample: ${sample.join(', ')}.`,
        ],
      };
    },
    asks: async () => 'An infrastructure lead has seen which pins are removed.',
    async one(item, _key, context) {
      const { deps, running } = context;
      const fresh = await referencesSince(deps, new Date(asOf - skew).toISOString());
      for (const [hash, at] of fresh.youngest) references.youngest.set(hash, at);
      references.unreadable.push(...fresh.unreadable);
      refuseRetained([item], references, deps);
      if (!(await primaryOf(deps).isPinned(item.cid))) return 'gone';
      await pinnedAtBackup(item.cid, deps, running);
      await primaryOf(deps).unpin(item.cid);
      return 'unpinned';
    },
    measure: gone,
  };
}

/** Milliseconds by which another clock may be behind ours. */
const skew = 300_000;

/** @throws `Refused` */
function refuseRetained(items: PinItem[], references: References, deps: Deps): void {
  const unreadable = unreadableIn(references, deps);
  if (unreadable) throw stopped('Refused', `${unreadable}. ${untouched('correct those references')}`);
  const strange = items.find(({ cid }) => hashNamed(cid) === undefined);
  if (strange) throw stopped('Refused', `“${strange.cid}” of the list is no CID. ${untouched('repeat the check that froze it')}`);
  const retained = items.filter(({ cid }) => isRetained(youngestRecordOf(references, cid), deps));
  if (retained.length === 0) return;
  const names = retained.slice(0, 3).map(({ cid }) => cid);
  throw stopped(
    'Refused',
    `${retained.length} of the pins are under audit retention (${names.join(', ')}): they are never removed. ${untouched('repeat the check that froze the list')}`,
  );
}

const untouched = (what: string) => `Nothing was changed: ${what}, then retry.`;

/** Those of the list that are gone count as pins that were there. @throws `Refused` */
async function refuseTooMany(items: PinItem[], deps: Deps): Promise<void> {
  const pins = new Set(await primaryOf(deps).pins());
  const all = pins.size + items.filter(({ cid }) => !pins.has(cid)).length;
  if (items.length <= all * mostShare) return;
  throw stopped(
    'Refused',
    `The list has ${items.length} of ${all} pins, and a tenth of them is the most for one step. Nothing was changed: freeze a shorter list, then retry.`,
  );
}

/** None of them is pinned any more, and how much is stored now. */
async function gone(items: PinItem[], _input: Listed, { deps, running }: ActionContext): Promise<Effect> {
  running.heartbeat();
  const kubo = primaryOf(deps);
  const pins = new Set(await kubo.pins());
  const left = items.filter(({ cid }) => pins.has(cid));
  const { used, most } = await kubo.storage();
  const stored = `${sizeText(used)}${most ? ` of ${sizeText(most)}` : ''} are used; its garbage collection frees the rest.`;
  if (left.length === 0) return { measured: 'whole', text: `All ${items.length} pins are gone at the first provider. ${stored}` };
  return { measured: left.length < items.length ? 'part' : 'none', text: `${left.length} are pinned still. ${stored}` };
}
