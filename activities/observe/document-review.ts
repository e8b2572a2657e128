/** Have the written runbooks been reviewed in time? */

import type { Finding } from '../../workflows/contract/finding.ts';
import type { Deps } from '../deps.ts';
import { isReviewPast, reviewDue } from '../platform/document.ts';

/** Unknown where no review is planned: `doctor` asks for it. */
export function checkReview({ platform: { document }, now }: Pick<Deps, 'platform' | 'now'>): Finding {
  const isPast = isReviewPast(document, now());
  const evidence = reviewDue(document, now()) ?? `The written runbooks are reviewed next on ${document?.nextReview}.`;
  if (isPast === undefined) return { verdict: 'unknown', evidence };
  return { verdict: isPast ? 'faulty' : 'healthy', evidence };
}
