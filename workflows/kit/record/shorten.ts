/** Cuts texts of what is settled until a record fits into a payload: what is open is cut last. Pure. */

import type { Plan, Question, Report, StepReport } from '../../contract/index.ts';
import { cutDeep, longestRecord } from './bounds.ts';
import { bytesOf, cut } from './text.ts';

/** Limits of a record: characters of a text and entries of a plan, where it is settled and where it is open; entries of other lists. */
interface Measure {
  settled: [texts: number, items: number];
  open: [texts: number, items: number];
  lists: number;
}

const measures: Measure[] = [
  { settled: [300, 10], open: [1_000, 50], lists: 200 },
  { settled: [100, 2], open: [1_000, 50], lists: 100 },
  { settled: [40, 0], open: [400, 20], lists: 50 },
  { settled: [12, 0], open: [100, 4], lists: 20 },
];

/** The record itself where it fits; what a body needs to run again from its top is never cut. */
export function shortened<R extends Report>(record: R, most = longestRecord): R {
  if (fits(record, most)) return record;
  let next = record;
  for (const measure of measures) {
    next = { ...record, ...cutTo(record, measure), shortened: true };
    if (fits(next, most)) break;
  }
  return next;
}

/** For people only: the oldest steps go too, where nothing else helps. */
export function shortenedReport(report: Report, most = longestRecord): Report {
  let next = shortened(report, most);
  while (!fits(next, most) && next.steps.length + next.questions.length > 8)
    next = {
      ...next,
      steps: next.steps.slice(Math.ceil(next.steps.length / 2)),
      questions: next.questions.slice(Math.ceil(next.questions.length / 2)),
      phases: next.phases.slice(-200),
    };
  return next;
}

function fits(record: object, most: number): boolean {
  const text = JSON.stringify(record);
  return text.length * 3 <= most || bytesOf(text) <= most;
}

function cutTo(record: Report, { settled, open, lists }: Measure): Partial<Report> {
  const [texts] = settled;
  const newest = <T>(list: T[]): T[] => cutDeep(list.slice(-lists), texts, lists);
  const { steps, questions, alerts, refusals, withdrawn, undelivered, byHand, notes, severityChanges } = record;
  return {
    steps: steps.map(step => (step.ended === undefined ? step : cutStep(step, ...settled))),
    questions: questions.map(one => cutQuestion(one, ...(one.answer || one.withdrawn !== undefined ? settled : open))),
    alerts: newest(alerts),
    refusals: newest(refusals),
    withdrawn: newest(withdrawn),
    undelivered: newest(undelivered),
    byHand: newest(byHand),
    notes: notes && newest(notes),
    severityChanges: severityChanges && newest(severityChanges),
  };
}

function cutStep(step: StepReport, texts: number, items: number): StepReport {
  const { because, evidence, changes, effect, action } = step;
  return {
    ...step,
    because: cut(because, texts),
    evidence: cut(evidence, texts),
    changes: cutDeep(changes.slice(0, items), texts, items),
    effect: effect && { ...effect, text: cut(effect.text, texts) },
    action: action && cutDeep(action, texts, items),
  };
}

function cutQuestion(question: Question, texts: number, items: number): Question {
  const { because, evidence, plan, answer } = question;
  return {
    ...question,
    because: because && cut(because, texts),
    evidence: evidence && cut(evidence, texts),
    plan: plan && cutPlan(plan, texts, items),
    answer: answer?.reason ? { ...answer, reason: cut(answer.reason, texts) } : answer,
  };
}

const cutPlan = (plan: Plan, texts: number, items: number): Plan => ({ ...cutDeep(plan, texts, items), digest: plan.digest });
