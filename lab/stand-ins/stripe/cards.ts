/** Test cards, each a customer's payment method under its own name: https://docs.stripe.com/testing#declined-payments, and #refunds. */

export interface Decline {
  code: string;
  decline?: string;
  message: string;
}

export const cards: Record<string, Decline | 'disputed' | 'refund fails' | 'good'> = {
  pm_card_visa: 'good',
  pm_card_mastercard: 'good',
  pm_card_createDispute: 'disputed',
  pm_card_refundFail: 'refund fails',
  pm_card_visa_chargeDeclined: { code: 'card_declined', decline: 'generic_decline', message: 'Your card was declined.' },
  pm_card_visa_chargeDeclinedInsufficientFunds: {
    code: 'card_declined',
    decline: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
  },
  pm_card_visa_chargeDeclinedLostCard: { code: 'card_declined', decline: 'lost_card', message: 'Your card was declined.' },
  pm_card_visa_chargeDeclinedStolenCard: { code: 'card_declined', decline: 'stolen_card', message: 'Your card was declined.' },
  pm_card_chargeDeclinedExpiredCard: { code: 'expired_card', message: 'Your card has expired.' },
  pm_card_chargeDeclinedProcessingError: {
    code: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
  },
};

export const processing: Decline = {
  code: 'processing_error',
  message: 'An error occurred while processing your card. Try again in a little bit.',
};
