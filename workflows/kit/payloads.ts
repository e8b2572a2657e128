import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';
import type { Malformed } from './guard.ts';

/**
 * Never throws on the way in: what cannot be read arrives as `{ malformed }`, for a handler to refuse.
 * The SDK decodes a signal before any handler sees it; one that threw would fail every later workflow task.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: value => defaultPayloadConverter.toPayload(value),
  fromPayload<T>(payload: Payload): T {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload);
    } catch (error) {
      return { malformed: error instanceof Error ? error.message : 'unreadable payload' } satisfies Malformed as T;
    }
  },
};
