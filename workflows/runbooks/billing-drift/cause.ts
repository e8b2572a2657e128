import type { ChargesFacts, PaymentsFacts, PricingFacts, UsageBilledFacts } from '../../../activities/index.ts';
import type { Finding } from '../../contract/index.ts';
import { type Diagnosis, noneSupported } from '../../kit/index.ts';

export interface BillingFindings {
  charges: Finding<ChargesFacts>;
  prices: Finding<PricingFacts>;
  usage: Finding<UsageBilledFacts>;
  payments: Finding<PaymentsFacts>;
}

export type BillingCause = 'Pricing Error' | 'Usage Mismatch' | 'Payment Processing Issue';

type Proposal = Diagnosis<BillingCause> | undefined;

/** Proposes a written cause from what was found: the first that fits. An unknown finding never supports one. */
export function billingCause(found: BillingFindings): Diagnosis<BillingCause> {
  const diagnosis = pricing(found) ?? usage(found) ?? payments(found) ?? noneSupported;
  const others = Object.values(found).filter(
    ({ verdict, evidence }) => verdict === 'faulty' && !diagnosis.why.includes(evidence),
  );
  return {
    ...diagnosis,
    why: [diagnosis.why, ...others.map(({ evidence }) => evidence)].join(' '),
    ruledOut: ruledOut(found, diagnosis),
  };
}

const isFaulty = ({ verdict }: Finding) => verdict === 'faulty';
const isHealthy = ({ verdict }: Finding) => verdict === 'healthy';

const pricing = ({ prices }: BillingFindings): Proposal =>
  isFaulty(prices) ? { proposed: 'Pricing Error', why: prices.evidence, ruledOut: [] } : undefined;

/** Usage that is not durable may be lost by a restart, and not billed wrongly. */
function usage({ usage, prices }: BillingFindings): Proposal {
  if (!isFaulty(usage) || !isHealthy(prices)) return undefined;
  const { durable } = usage.facts ?? {};
  const lost =
    durable !== undefined && durable < 1
      ? ' Part of the usage is held in the memory of a process: a rollout may have lost it.'
      : '';
  return { proposed: 'Usage Mismatch', why: `${usage.evidence}${lost}`, ruledOut: [] };
}

/** Only where what was charged is right. */
const payments = ({ payments, charges, prices, usage }: BillingFindings): Proposal =>
  isFaulty(payments) && [charges, prices, usage].every(isHealthy)
    ? { proposed: 'Payment Processing Issue', why: payments.evidence, ruledOut: [] }
    : undefined;

function ruledOut({ prices, usage, payments }: BillingFindings, { proposed }: Diagnosis<BillingCause>): string[] {
  const out: [BillingCause, boolean, string][] = [
    ['Pricing Error', isHealthy(prices), 'Ruled out prices: they are those of the reviewed list.'],
    ['Usage Mismatch', isHealthy(usage), 'Ruled out usage: what was billed is what was metered.'],
    ['Payment Processing Issue', isHealthy(payments), 'Ruled out payments: the provider processes them.'],
  ];
  return out.flatMap(([cause, isOut, text]) => (isOut && cause !== proposed ? [text] : []));
}
