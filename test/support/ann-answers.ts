/** Whoever answers the questions of an incident on a practice platform. */

import { answerUntil, proposed } from '../../lab/guide/answering.ts';
import type { Following } from '../../lab/guide/following.ts';
import type { Report } from '../../workflows/contract/index.ts';

/** Choices by the title of their question, '' where ann leaves it open; what is proposed, or the first choice, where it has none. */
export type Answers = Readonly<Record<string, string>>;

/** ann answers every question until then; recovery that is not measured yet is measured again without her. */
export function annAnswers(incident: Following, isReached: (report: Report) => boolean, answers: Answers = {}): Promise<void> {
  const asker = { say: () => undefined, yes: true, following: incident, workflowId: '', temporalUi: '' };
  return answerUntil(asker, isReached, {
    choose: question => answers[question.title] ?? proposed(question),
    // A measurement may take four hours of the incident, four minutes of practice, and another one follows.
    within: 480_000,
    isLeft: ({ title }) => title === 'Recovery is not measured' || answers[title] === '',
  });
}
