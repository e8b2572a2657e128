/** The answers by which Stripe refuses: https://docs.stripe.com/api/errors, their codes https://docs.stripe.com/error-codes. */

export type Status = 400 | 401 | 402 | 404 | 429 | 500;

export interface Refused {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
  code?: string | undefined;
  param?: string | undefined;
  decline_code?: string | undefined;
  charge?: string | undefined;
  payment_intent?: object | undefined;
}

/** Thrown anywhere in a call; the app answers with it. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: Status;
  readonly body: { error: Refused & { doc_url?: string } };

  constructor(status: Status, error: Refused) {
    super(error.message);
    this.status = status;
    this.body = { error: { ...error, ...(error.code && { doc_url: `https://docs.stripe.com/error-codes/${error.code}` }) } };
  }
}

export const invalid = (message: string, code?: string, param?: string, status: 400 | 404 = 400) =>
  new Refusal(status, { type: 'invalid_request_error', message, code, param });

/** https://docs.stripe.com/error-codes#resource-missing */
export const missing = (kind: string, id: string, param = 'id') =>
  invalid(`No such ${kind}: '${id}'`, 'resource_missing', param, param === 'id' ? 404 : 400);

/** https://docs.stripe.com/keys: a key that is not there, and one that is not valid (any more). */
export const unauthorised = (key: string | undefined) =>
  new Refusal(401, {
    type: 'invalid_request_error',
    message: key
      ? `Invalid API Key provided: ${key.slice(0, 7)}${'*'.repeat(8)}${key.slice(-4)}`
      : "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
  });

/** https://docs.stripe.com/rate-limits */
export const tooMany = () =>
  new Refusal(429, {
    type: 'invalid_request_error',
    code: 'rate_limit',
    message: 'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
  });

export const brokenInside = () =>
  new Refusal(500, {
    type: 'api_error',
    message: 'Sorry! There was an error while talking to one of our backends. Support has been notified.',
  });

export const money = (amount: number, currency: string) => `${(amount / 100).toFixed(2)} ${currency}`;
