/**
 * Tries charges of a frozen list again that failed for a reason of the provider, never declined, stolen or disputed cards. Twice equals
 * once: each invoice is read at Stripe first, with our key in its metadata, and tried with a key of its own.
 */

import type { Action } from '../engine/action.ts';
import { runList } from '../engine/run-list.ts';
import { correcting, inDashboard } from './corrections/correcting.ts';
import { retries } from './corrections/retries.ts';
import type { RetryInput } from './inputs.ts';

const name = 'retryCharges';

export const retryCharges: Action<RetryInput> = {
  name,
  byHand: inDashboard(
    () => 'Charge the open invoices of the list in the dashboard of Stripe, and no declined, stolen or disputed card.',
  ),
  run: (input, context) => runList(correcting(name, retries, context), input, context),
  undo: 'a charge that succeeded is only refunded, in the dashboard of Stripe',
};
