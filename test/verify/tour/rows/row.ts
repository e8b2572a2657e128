/** A written runbook on real servers: brought about, answered, and run to its end. */

import { settledStep, type Following } from '../../../../lab/guide/following.ts';
import type { Report } from '../../../../workflows/contract/index.ts';
import type { Answers, Tour } from '../../../support/touring.ts';

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

/** One of the written causes, and what happens before people name it. */
export interface Round {
  cause: string;
  before?: () => Promise<unknown>;
}

const theCause = 'What is the cause?';
const isAskedAgain = (times: number) => (report: Report) =>
  report.questions.filter(({ title, withdrawn }) => title === theCause && withdrawn === undefined).length >= times;

/** People name one cause after the other: what is measured after each but the last is that it did not help. */
export async function searched(tour: Tour, incident: Following, rounds: readonly Round[], answers: Answers = {}): Promise<void> {
  for (const [index, { cause, before }] of rounds.entries()) {
    await tour.answering(incident, isAskedAgain(index + 1), answers);
    await before?.();
    const { id } = await incident.asked(theCause);
    await incident.decide(id, cause, 'ann');
  }
}
