/** The inputs of the activities of billing. */

import type { Listed } from '../engine/run-list.ts';

/** `since`: RFC 3339, how long ago, such as `24 hours`, or `24 hours before` a time. */
interface Since {
  since: string;
}

export interface AuditInput extends Since {
  /** Compares plans and hours with so many days before. */
  days?: number;
  /** The next charging too, as it would be at the prices in force. */
  dryRun?: true | undefined;
  /** The name under which charges that took too much are frozen. */
  freeze?: string;
}

export interface CorrectedInput extends Since {
  /** The name under which customers and amounts are frozen, none of them too. */
  freeze?: string;
}

export interface PricingInput {
  /** From when on a changed price counts; 7 days unless told. */
  since?: string;
  /** There alone; at the platform too unless told. */
  of?: 'Stripe';
}

export interface UsageInput extends Since {
  /** From durable records alone: what is less than 99% durable is frozen under no name. */
  rebuild?: true;
  /** Quotas above the tier of their customer too: each is to be paid for. */
  raised?: true;
  /** The name under which the differences are frozen. */
  freeze?: string;
}

export interface DraftsInput {
  /** The name under which they are frozen. */
  freeze?: string;
}

export interface PaymentsInput {
  /** An hour unless told. */
  since?: string;
  /** The name under which charges that failed for reasons of the provider are frozen. */
  freeze?: string;
}

/** How many of a hundred customers are charged: none, the first twentieth, or all. */
export interface ChargingInput {
  customers: '0%' | '5%' | '100%';
}

/** `reviewed`: the newest reviewed list that is in force. */
export interface ApplyPricingInput {
  version: string;
}

/** `list` of wrong charges (`refund`, `credit-note`), or of usage differences (`usage`). */
export interface CorrectInput extends Listed {
  as: 'refund' | 'credit-note' | 'usage';
}

export type RetryInput = Listed;

export interface RunsInput {
  /** The name under which Jobs that run are frozen. */
  freeze?: string;
}
