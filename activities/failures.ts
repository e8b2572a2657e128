/** How a fault of an outside system crosses an activity: try again, try again at a time, or stop. One table. */

import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import type { FailureDetail, FailureType } from '../workflows/contract/action.ts';
import { type Refusal, SystemError } from './connectors/system-error.ts';

interface Policy {
  type: FailureType;
  again: boolean;
  /** The system definitely did nothing. */
  nothingDone: boolean;
  /** The next step for people. */
  next: string;
}

const stop = { again: false, nothingDone: true };
const again = { again: true, nothingDone: false };

const byStatus: Record<number, Policy> = {
  400: { ...stop, type: 'BadInput', next: 'Do it by hand and report this: the request itself was wrong.' },
  401: { ...stop, type: 'Unauthorised', next: 'Renew the credentials it was called with, then retry.' },
  403: { ...stop, type: 'Forbidden', next: 'Grant the permission it names, then retry.' },
  404: { ...stop, type: 'NotFound', next: 'Correct the name in the platform description (runbooks doctor), then retry.' },
  408: { ...again, type: 'Unreachable', next: 'Retry when it answers again.' },
  409: { ...again, nothingDone: true, type: 'Refused', next: 'Someone changed it at the same moment: retry to plan again.' },
  410: { ...stop, type: 'NotFound', next: 'Correct the name in the platform description (runbooks doctor), then retry.' },
  420: { ...again, nothingDone: true, type: 'Refused', next: 'It is over its limit of calls: retry later.' },
  422: { ...stop, type: 'BadInput', next: 'Do it by hand and report this: the request itself was wrong.' },
  429: { ...again, nothingDone: true, type: 'Refused', next: 'It is over its limit of calls: retry later.' },
};
const brokenDown: Policy = { ...again, type: 'Unreachable', next: 'Retry when it answers again.' };
const refused: Policy = { ...stop, type: 'Refused', next: 'Read what it says, fix it, then retry.' };
const moved: Policy = { ...stop, type: 'Refused', next: 'Set its address to where it redirects, then retry.' };
const silent: Policy = { ...again, type: 'Unreachable', next: 'Check its address and the network, then retry.' };
const byRefusal: Record<Refusal, Policy> = {
  immutable: {
    ...stop,
    type: 'Refused',
    next: 'It cannot be changed: make another under a new name and point its readers there by hand, or delete it and make it again.',
  },
  policy: { ...stop, type: 'Refused', next: 'Do what the policy asks, or ask who owns it, then retry.' },
};
const undescribed: Policy = { ...stop, type: 'BadInput', next: 'Describe it there, or correct the step, then retry.' };
const absent: Policy = { ...stop, type: 'Refused', next: 'Connect it, or do this step by hand.' };

/** The longest that we wait because a system asks for it, in milliseconds. */
export const longestDelay = 600_000;

export function policyFor({ fault, status, refusal }: Pick<SystemError, 'fault' | 'status' | 'refusal'>): Policy {
  if (refusal !== undefined) return byRefusal[refusal];
  if (fault === 'not connected') return absent;
  if (fault === 'not described') return undescribed;
  if (fault !== 'answered' || status === undefined) return silent;
  if (status >= 500) return brokenDown;
  if (status < 400) return moved;
  return byStatus[status] ?? refused;
}

/** The failure that Temporal sees. */
export function failure(error: SystemError, more: Omit<FailureDetail, 'nothingDone'> = {}): ApplicationFailure {
  const { type, again, nothingDone, next } = policyFor(error);
  return ApplicationFailure.create({
    type,
    nonRetryable: !again,
    message: `${error.message}. ${next}`,
    details: [{ nothingDone, ...more } satisfies FailureDetail],
    ...(again && error.retryAfter !== undefined && { nextRetryDelay: Math.min(error.retryAfter, longestDelay) }),
  });
}

/** Certainly nothing was done. */
export function wasRefused(error: unknown): boolean {
  if (error instanceof SystemError) return policyFor(error).nothingDone;
  return error instanceof ApplicationFailure && detailIn.safeParse(error.details?.[0]).success;
}

const detailIn = z.object({ nothingDone: z.literal(true) });

/** Trying again would not help, and nothing was done unless it says otherwise. The message says what to do next. */
export const stopped = (type: FailureType, message: string, detail: FailureDetail = { nothingDone: true }) =>
  ApplicationFailure.create({ type, nonRetryable: true, message, details: [detail] });

/** Nothing was done yet: it is tried again until what the message names has changed. */
export const notYet = (message: string) =>
  ApplicationFailure.create({ type: 'Refused', nonRetryable: false, message, details: [{ nothingDone: true }] });

/** An action whose faults cross as the table says. */
export const crossing =
  <I extends unknown[], O>(action: (...input: I) => Promise<O>) =>
  async (...input: I): Promise<O> => {
    try {
      return await action(...input);
    } catch (error) {
      throw error instanceof SystemError ? failure(error) : error;
    }
  };
