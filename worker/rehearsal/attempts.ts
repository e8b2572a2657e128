/** Attempts of activities: what the world is asked and answers, when one is made again, and their values as a server carries them. */

import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common';
import type { coresdk, temporal } from '@temporalio/proto';
import { optionalTsToMs } from './sdk-internals.ts';

export type Schedule = coresdk.workflow_commands.IScheduleActivity;
type Payload = temporal.api.common.v1.IPayload;

/** One attempt of an activity, as the world sees it. */
export interface Attempt {
  type: string;
  /** The step's title: the activity's summary. */
  title: string;
  args: unknown[];
  attempt: number;
  /** Milliseconds since 1970. */
  at: number;
}

/** The result of an attempt: its result or its error, and how long it took (milliseconds). */
export type Reaction = { result: unknown; takes?: number } | { error: Error; takes?: number };
/** A world that is really asked answers later; the clock waits for it. */
export type World = (attempt: Attempt) => Reaction | Promise<Reaction>;
export type Ran = Attempt & { reaction: Reaction };

/** An activity without a limit of its own is given up here, so that a rehearsal ends. */
export const mostAttempts = 50;

export const isFinal = (error: Error) => error instanceof ApplicationFailure && error.nonRetryable === true;

export function backoff(retryPolicy: Schedule['retryPolicy'], attempt: number): number {
  const first = optionalTsToMs(retryPolicy?.initialInterval) ?? 1000;
  const longest = optionalTsToMs(retryPolicy?.maximumInterval) || 100 * first;
  return Math.min(longest, first * (retryPolicy?.backoffCoefficient || 2) ** (attempt - 1));
}

export const failureOf = ({ activityType, activityId }: Schedule) => ({
  message: 'Activity task failed',
  activityFailureInfo: { activityType: { name: activityType }, activityId },
});

export const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value) ?? {};
export const valueOf = (payload: Payload | null | undefined): unknown =>
  payload ? defaultPayloadConverter.fromPayload(payload) : undefined;
export const textOf = (payload: Payload | null | undefined) => {
  const value = valueOf(payload);
  return typeof value === 'string' ? value : '';
};
