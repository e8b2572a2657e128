/** A limit of each address is one of each client only where the access log shows clients: behind a proxy it is refused. */

import type { Deps } from '../deps.ts';
import type { Write } from '../engine/write.ts';
import { stopped } from '../failures.ts';
import { clientsNow } from './clients-unseen.ts';
import { goodCallsText } from './good-calls.ts';

export interface Bound {
  /** Why it is refused; absent where the addresses of the last minutes are those of clients. */
  refused?: string;
  /** How much of the good calls one address has; absent where the addresses are not those of clients. */
  largest?: string;
}

export async function boundByAddress(deps: Deps): Promise<Bound> {
  const { piece, unseen } = await clientsNow(deps, 3);
  if (unseen !== undefined) return { refused: `The limit is one of each address, and ${unseen} ${untilSeen}` };
  return { largest: goodCallsText('The largest address', piece) };
}

const untilSeen =
  'Nothing was changed: let the proxy pass on the addresses of clients, then retry; or limit by hand at the proxy. A limit of ours that stands is taken back by runbooks undo.';

/** @throws `Refused` where a limit would stand afterwards, or stand longer */
export function refuseUnseen(writes: Write[], { refused }: Bound): void {
  if (refused !== undefined && !writes.every(onlyLetsGo)) throw stopped('Refused', refused);
}

const onlyLetsGo = ({ edits, records }: Write) =>
  Object.values(records).every(record => record === null) && edits.every(({ after }) => after === null);
