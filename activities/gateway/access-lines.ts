/** The access log of a span, in bounded pieces: the whole of it where it is short, else samples spread over it. */

import type { AccessLine, AccessLog } from '../connectors/operator-api/access-log.ts';
import { linesPerPage } from '../connectors/operator-api/access-log.ts';

/** Milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

/** One page: the lines from its beginning on, and how long they last. */
export interface Piece {
  lines: AccessLine[];
  /** Milliseconds that the lines cover. */
  covers: number;
  /** Nothing between its beginning and the next piece was left out. */
  isWhole: boolean;
}

/** So many pages, evenly spread: no more is read. @throws SystemError */
export async function piecesOf(log: AccessLog, { from, to }: Span, pages: number): Promise<Piece[]> {
  const length = (to - from) / pages;
  const starts = Array.from({ length: pages }, (_, index) => from + index * length);
  return Promise.all(starts.map(start => pieceOf(log, { from: start, to: start + length })));
}

async function pieceOf(log: AccessLog, { from, to }: Span): Promise<Piece> {
  const [since, until] = [new Date(from).toISOString(), new Date(to).toISOString()];
  const { lines, next } = await log.page({ since, until, limit: linesPerPage });
  if (next === undefined) return { lines, covers: to - from, isWhole: true };
  const times = lines.map(({ at }) => Date.parse(at));
  return { lines, covers: Math.max(1, times.reduce(later, from) - from), isWhole: false };
}

const later = (one: number, other: number) => Math.max(one, other);

/** All pieces as one. */
export function joined(pieces: Piece[]): Piece {
  const lines = pieces.flatMap(piece => piece.lines);
  const covers = pieces.reduce((sum, piece) => sum + piece.covers, 0);
  return { lines, covers, isWhole: pieces.every(({ isWhole }) => isWhole) };
}

/** `1,200 lines, which cover 60 min`. */
export const shownPiece = ({ lines, covers, isWhole }: Piece) =>
  `${lines.length} lines of the access log, ${isWhole ? 'all' : 'a sample'} of ${minutes(covers)}`;

const minutes = (ms: number) => `${Number((ms / 60_000).toPrecision(2))} min`;
