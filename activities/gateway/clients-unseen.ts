/** A limit or a block of one address binds one client only where the access log shows clients: behind a proxy it would lock everyone out. */

import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { joined, type Piece, piecesOf, shownPiece } from './access-lines.ts';
import { operatorApiOf } from '../operators.ts';
import { hasClientAddresses } from './client-addresses.ts';

const span = 10 * 60_000;

export interface Clients {
  /** Of the last minutes, spread over them. */
  piece: Piece;
  /** Why its addresses may not be those of clients; absent where they are. */
  unseen?: string;
}

/** @param pages that are read, evenly spread */
export async function clientsNow(deps: Deps, pages = 1): Promise<Clients> {
  try {
    const now = deps.now();
    const piece = joined(await piecesOf(operatorApiOf(deps).accessLog, { from: now - span, to: now }, pages));
    const { lines } = piece;
    if (hasClientAddresses(lines)) return { piece };
    const seen = lines.length === 0 ? 'it has no lines' : `an address stands for many clients in ${shownPiece(piece)}`;
    return { piece, unseen: `the access log does not show those of clients: ${seen}.` };
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return { piece: unread, unseen: `no one can say whether those are of clients: ${error.message}.` };
  }
}

const unread: Piece = { lines: [], covers: 0, isWhole: false };
