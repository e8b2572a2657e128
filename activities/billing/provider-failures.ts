/** Which failed charges may be tried again: those that the bank of the customer never judged, or could not. Pure. */

import type { Charge } from '../connectors/stripe/objects.ts';

/**
 * https://docs.stripe.com/declines/codes. `approve_with_id` is not among them: the bank has answered, and what it wants only the
 * customer has.
 */
const ofProvider = [
  'processing_error',
  'issuer_not_available',
  'try_again_later',
  'reenter_transaction',
  'rate_limit',
  'api_error',
];

/** Cards on which nothing is tried again, whichever invoice they failed on. */
const ofStolenCards = ['stolen_card', 'lost_card', 'pickup_card', 'fraudulent', 'merchant_blacklist', 'restricted_card'];

export const isReasonOfProvider = (reason: string): boolean => ofProvider.includes(reason);

/** In Stripe's words. */
export const reasonOf = ({ reason, failureCode }: Charge): string => reason ?? failureCode ?? 'unknown';

export const isFailed = ({ status }: Charge): boolean => status === 'failed';

export const isOfProvider = (charge: Charge): boolean =>
  !charge.blocked && !charge.disputed && isReasonOfProvider(reasonOf(charge));

export const isOfStolenCard = (charge: Charge): boolean => isFailed(charge) && ofStolenCards.includes(reasonOf(charge));
