/** The network of IPFS, which is one Kubo: it provides what it has, and the platform's records are pinned there as the platform pins them. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Stoppable } from '../in-order.ts';
import { LabError } from '../lab-error.ts';
import { cidOf, entriesOf, pinnedText } from '../stand-ins/platform/ltc.ts';
import type { CustomerWorld } from './customers.ts';

/** @param rpc its address @returns whether it has this content, at once */
export const networkOf = (rpc: string) => ({
  async provides(cid: string): Promise<boolean> {
    const asked = new URLSearchParams({ arg: cid }).toString();
    const answer = await fetch(`${rpc}/api/v0/block/stat?${asked}`, { method: 'POST' }).catch(() => undefined);
    return answer?.ok ?? false;
  },
});

/** Pins that no record refers to: those of tests and of trials, as every account has them. */
const leftovers = Array.from({ length: 20 }, (_, index) => `left over from a trial of the platform: ${index}`);
const atOnce = 100;

/**
 * Entries of the LTC that refer to their content are pinned, at first all of them, then what is new every second, until stopped. Leftovers
 * are pinned in a new Kubo alone, so that what people remove stays removed. A Kubo that does not answer is asked again.
 */
export async function keepPinned(rpc: string, customers: CustomerWorld, now: () => number): Promise<Stoppable> {
  const known = new Set<string>();
  const stopped = new AbortController();
  let begun = false;
  const pinNew = async () => {
    if (!begun && (await isNew(rpc))) await pinned(rpc, leftovers);
    begun = true;
    for (let texts = newTexts(customers, now(), known); texts.length > 0; texts = texts.slice(atOnce)) {
      const some = texts.slice(0, atOnce);
      await pinned(rpc, some);
      for (const text of some) known.add(cidOf(text));
    }
  };
  await pinNew().catch(() => undefined);
  const loop = (async () => {
    while (!stopped.signal.aborted) {
      await pause(1_000, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (!stopped.signal.aborted) await pinNew().catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopped.abort();
      await loop;
    },
  };
}

/** An entry that somebody has changed, or that the operators have pinned, is not what it refers to. */
function newTexts(customers: CustomerWorld, now: number, known: ReadonlySet<string>): string[] {
  const entries = entriesOf(customers.read().ltc, now);
  return entries.flatMap(entry => {
    const { ipfs_reference: cid } = entry;
    if (cid === null || known.has(cid)) return [];
    const text = pinnedText(entry);
    return cidOf(text) === cid ? [text] : [];
  });
}

/** A new one pins the empty folder, and nothing else. */
async function isNew(rpc: string): Promise<boolean> {
  const answer = await fetch(`${rpc}/api/v0/pin/ls?type=recursive&stream=true`, { method: 'POST' });
  return (await answer.text()).trim().split('\n').length <= 1;
}

/** Many in one call, each with the CID that the platform gives it. @throws where they are not pinned */
async function pinned(rpc: string, texts: readonly string[]): Promise<void> {
  const body = new FormData();
  for (const [index, text] of texts.entries()) body.append('file', new Blob([text]), `record-${index}`);
  const how = new URLSearchParams({ pin: 'true', 'cid-version': '1', 'raw-leaves': 'true' }).toString();
  const answer = await fetch(`${rpc}/api/v0/add?${how}`, { method: 'POST', body });
  const said = await answer.text();
  if (!answer.ok) throw new LabError(`Kubo did not pin the records of the platform (${answer.status}: ${said.slice(0, 200)}).`);
}
