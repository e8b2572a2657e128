/** A limit of an address binds one client only where the access log shows clients: behind a proxy it would lock everyone out. */

import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { joined, operatorApiOf, piecesOf, shownPiece } from './access-lines.ts';
import { hasClientAddresses } from './client-addresses.ts';

const span = 10 * 60_000;

/** The reason to ask people; undefined where the addresses of the last minutes are those of clients. */
export async function clientsUnseen(deps: Deps): Promise<string | undefined> {
  try {
    const now = deps.now();
    const piece = joined(await piecesOf(operatorApiOf(deps).accessLog, { from: now - span, to: now }, 1));
    if (hasClientAddresses(piece.lines)) return undefined;
    const seen = piece.lines.length === 0 ? 'it has no lines' : `an address stands for many clients in ${shownPiece(piece)}`;
    return `The limit is one of each address, and the access log does not show those of clients: ${seen}. People decide.`;
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return `The limit is one of each address, and no one can say whether those are of clients: ${error.message}. People decide.`;
  }
}
