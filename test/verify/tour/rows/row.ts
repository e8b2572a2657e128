/** A written runbook on real servers: brought about, answered, and run to its end. */

import { settledStep, type Following } from '../../../../lab/guide/following.ts';
import type { Report } from '../../../../workflows/contract/index.ts';
import type { Tour } from '../../../support/touring.ts';

export interface Row {
  runbook: string;
  /** To its end; whatever else must be so is asserted there. */
  run: (tour: Tour) => Promise<Following>;
  /** Whether its symptom is gone, as another client measures it. */
  isOver: (tour: Tour) => Promise<boolean>;
}

export const asks = (title: string) => (report: Report) => report.questions.some(question => question.title === title);
export const isSettled = (title: string) => (report: Report) => settledStep(report, title) !== undefined;
export const isClosed = ({ state }: Report) => state === 'closed';
