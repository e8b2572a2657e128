/** Good calls of the one source that has most of them, as plans tell them: whoever shares it is refused together. Pure. */

import type { AccessLine } from '../connectors/operator-api/access-log.ts';
import { type Piece, shownPiece } from './access-lines.ts';
import { sourceOf } from './client-addresses.ts';
import { grouped } from './counted.ts';

interface Largest {
  /** Of all good calls, 0 to 1. */
  share: number;
  calls: number;
  accounts: number;
}

/** @param whose such as `The largest address` @param among sources; all unless told */
export function goodCallsText(whose: string, piece: Piece, among?: string[]): string {
  const largest = largestOf(piece.lines, among);
  const where = `${shownPiece(piece)}, within the last ten minutes`;
  if (!largest) return `No call was good: from ${where}.`;
  const { share, calls, accounts } = largest;
  return `${whose} had ${(share * 100).toFixed(1)}% of the good calls, ${calls} of ${accounts} accounts: from ${where}.`;
}

/** Nothing where no call was good. */
function largestOf(lines: AccessLine[], among: string[] | undefined): Largest | undefined {
  const good = lines.filter(({ status }) => status < 400);
  if (good.length === 0) return undefined;
  const wanted = among && new Set(among);
  const [most = []] = [...grouped(good, ({ address }) => sourceOf(address))]
    .filter(([source]) => wanted?.has(source) ?? true)
    .map(([, of]) => of)
    .toSorted((a, b) => b.length - a.length);
  const accounts = new Set(most.flatMap(({ account }) => account ?? [])).size;
  return { share: most.length / good.length, calls: most.length, accounts };
}
