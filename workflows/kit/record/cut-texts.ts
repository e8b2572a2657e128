/** Texts of systems and people are cut before they enter the state. Pure. */

import type { Answer, Plan, Question, StepReport } from '../../contract/index.ts';
import { cutDeep, longestEvidence, longestLine, longestPaste, longestText, mostItems } from './bounds.ts';
import type { Settlement } from './events.ts';
import { cut } from './text.ts';

/** A text of a change or a plan, in characters. */
const longestField = 300;

export function cutSettlement(settlement: Settlement): Settlement {
  const { state, because, evidence, changes, effect, facts } = settlement;
  return {
    ...settlement,
    because: cut(because, longestEvidence),
    evidence: evidence && cut(evidence, state === 'by hand' ? longestPaste : longestEvidence),
    changes: changes && cutDeep(changes, longestField, mostItems),
    effect: effect && { ...effect, text: cut(effect.text, longestEvidence) },
    facts: facts && cutDeep(facts, longestText, mostItems),
  };
}

export const cutAction = ({ type, input }: NonNullable<StepReport['action']>) => ({
  type,
  input: cutDeep(input, longestEvidence, mostItems),
});

export function cutQuestion(question: Question): Question {
  const { because, evidence, plan } = question;
  return {
    ...question,
    because: because && cut(because, longestEvidence),
    evidence: evidence && cut(evidence, longestEvidence),
    plan: plan && cutPlan(plan),
  };
}

/** People approve what they see: how much is not shown is said. */
function cutPlan(plan: Plan): Plan {
  const hidden = plan.changes.length - mostItems;
  const more = hidden > 0 ? [`${hidden} more changes of the same plan are not listed here`] : [];
  return cutDeep({ ...plan, consequences: [...more, ...plan.consequences] }, longestField, mostItems);
}

export const cutAnswer = (answer: Answer): Answer => ({
  ...answer,
  by: cut(answer.by, longestLine),
  text: answer.text && cut(answer.text, longestText),
  reason: answer.reason && cut(answer.reason, longestText),
});
