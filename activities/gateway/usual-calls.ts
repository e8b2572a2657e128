/** The same hour of the seven days before, as far as the access log has it. */

import type { AccessLog } from '../connectors/operator-api/access-log.ts';
import type { Deps } from '../deps.ts';
import { joined, type Piece, piecesOf, type Span } from './access-lines.ts';
import { type By, median, rates } from './counted.ts';

const anHour = 3_600_000;
const aDay = 86_400_000;
const days = 7;
/** Fewer days tell nothing about what is usual. */
const fewest = 3;
const pagesNow = 3;
const pagesADay = 2;
/** Of the hour, so many count: the whole of it hides what began ten minutes ago. */
const latest = 1 / 6;
const enough = 100;

/** The last hour, times the platform's pace. */
export const lastHour = ({ platform, now }: Pick<Deps, 'platform' | 'now'>): Span => ({
  from: now() - anHour * platform.times.pace,
  to: now(),
});

/** The end of the last hour, or all of it where few calls come in. @throws SystemError */
export async function callsNow(deps: Deps, log: AccessLog): Promise<Piece> {
  const hour = lastHour(deps);
  const end = joined(await piecesOf(log, { ...hour, from: hour.to - (hour.to - hour.from) * latest }, pagesNow));
  return end.lines.length >= enough ? end : joined(await piecesOf(log, hour, pagesNow));
}

/** One for each day that the log has; a day without a line is not in it. @throws SystemError */
export async function callsOfDays(deps: Deps, log: AccessLog): Promise<Piece[]> {
  const { from, to } = lastHour(deps);
  const spans = Array.from({ length: days }, (_, index) => (index + 1) * aDay).map(ago => ({ from: from - ago, to: to - ago }));
  const found = await Promise.all(spans.map(async span => joined(await piecesOf(log, span, pagesADay))));
  return found.filter(({ lines }) => lines.length > 0);
}

export const isCovered = (pieces: Piece[]) => pieces.length >= fewest;

/** Calls a minute in the middle of the days, by name; who does not call on a day counts with zero. */
export function usualRates(pieces: Piece[], by: By): Map<string, number> {
  const each = pieces.map(piece => rates(piece, by));
  const names = new Set(each.flatMap(rate => [...rate.keys()]));
  return new Map([...names].map(name => [name, median(each.map(rate => rate.get(name) ?? 0)) ?? 0]));
}
