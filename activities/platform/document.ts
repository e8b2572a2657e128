/** The written document that a platform's runbooks come from: its version, who owns it, and when it is reviewed next. */

import { z } from 'zod';

export const document = z
  .strictObject({
    version: z.string().min(1).max(40),
    owner: z.string().min(1).max(253).describe('A role'),
    updated: z.iso.date().optional(),
    nextReview: z.iso.date().optional().describe('From the day after it, people are asked to review the document'),
  })
  .optional()
  .describe('The written runbooks');

export type Document = NonNullable<z.infer<typeof document>>;

/** Nothing where none is planned. @param now milliseconds since 1970 */
export function isReviewPast(described: Document | undefined, now: number): boolean | undefined {
  const { nextReview } = described ?? {};
  return nextReview === undefined ? undefined : nextReview < new Date(now).toISOString().slice(0, 10);
}

/** The question to people about the document; nothing while its review lies ahead. @param now milliseconds since 1970 */
export function reviewDue(described: Document | undefined, now: number): string | undefined {
  if (!described) return 'The platform description does not say who owns the written runbooks: add "document" to it.';
  const { nextReview, owner } = described;
  if (nextReview === undefined) return 'No next review of the written runbooks is planned: set document.nextReview.';
  if (!isReviewPast(described, now)) return undefined;
  return `The review of the written runbooks was due on ${nextReview}: ${owner} reviews them, then set document.nextReview.`;
}
