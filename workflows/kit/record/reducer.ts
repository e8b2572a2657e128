import type { Answer } from '../../contract/index.ts';
import type { Timed } from './events.ts';
import { heardFrom } from './acted.ts';
import { withAnnouncements, withLatestShown, withPastedSecret, withRemark, withReminder } from './announcements.ts';
import { withAlert, withEnd, withoutEndAsked, withoutUncounted, withRecoveryEnded, recovering, reopened } from './alerts.ts';
import { withClockOverdue } from './clocks.ts';
import { cutDeep, longestEvidence, longestLine, longestPaste, longestText, mostEntries, mostItems, newest } from './bounds.ts';
import { cutQuestion } from './cut-texts.ts';
import { changeQuestion, withDecision, withJudgement } from './decisions.ts';
import { escalated, wasOver, withConfirmed, withFirstPage, withRung, withSeen, withUnseen } from './escalation.ts';
import { withFollowUp, withTicket } from './follow-ups.ts';
import { withLeft, withMorning } from './night.ts';
import { withHandedOn } from './next.ts';
import { acknowledged, withRefusal, withSaid } from './commands.ts';
import { withFirstStatement, withFound, withPageAsMeasured, withUndone } from './standing.ts';
import { begunStep, withSettled } from './steps.ts';
import { isOpen, type State } from './state.ts';
import { cut } from './text.ts';
import { withQuestion, withStep } from './growing.ts';
import { withHours, withReach } from './unreached.ts';

type Of<K extends Timed['kind']> = Extract<Timed, { kind: K }>;
type Reducers = { [K in Timed['kind']]: (state: State, event: Of<K>) => State };

/** The next state of an incident. Pure: the same events give the same state, wherever and whenever they are folded. */
export function reduce(state: State, event: Timed): State {
  const apply = reducers[event.kind] as (state: State, event: Timed) => State;
  return withAnnouncements(withLatestShown(state, apply(state, event)), event.at);
}

const reducers: Reducers = {
  alert: (state, event) => withAlert(state, event),
  'end held': state => ({ ...state, end: state.end && { ...state.end, held: true } }),
  'end doubted': (state, { until }) => ({ ...state, end: { holdsUntil: until, held: false, counts: false } }),
  'end seems true': (state, { until }) => ({
    ...state,
    end: { holdsUntil: until, held: false, counts: false, healthy: true },
  }),
  'alert ended': state => withEnd(state),
  'uncounted ended': withoutUncounted,
  'phase began': (state, { title, at, by, warn }) => ({
    ...state,
    phases: [...state.phases, { title, began: at, by, warn }],
  }),
  'phase takes long': (state, { title, at }) => withRemark(changePhase(state, title, { warned: at }), `${title} takes long`),
  'phase ended': (state, { title, at }) => changePhase(state, title, { ended: at }),
  'phase overdue': (state, { title, at }) => withOverdue(changePhase(state, title, { overdue: at }), title, at),
  'clock overdue': (state, { clock, at }) => withClockOverdue(state, clock, at),
  rung: (state, { rung, at }) => withRung(state, rung, at),
  'left for the morning': (state, { roles, until }) => withLeft(state, roles, until),
  morning: withMorning,
  'step began': (state, event) => ({ ...state, steps: withStep(state.steps, begunStep(event)) }),
  'step settled': (state, event) => withSettled(state, event),
  'by hand': (state, { step, system, paste }) => ({
    ...state,
    byHand: newest(
      state.byHand.filter(one => one.step !== step || one.system !== system),
      { step, system, paste: cut(paste, longestPaste) },
      mostEntries,
    ),
  }),
  'not delivered': (state, { system, because, page, at }) => {
    const next = {
      ...state,
      undelivered: newest(without(state, system), { system, because: cut(because, longestText) }, mostEntries),
    };
    return page ? withFirstPage(next, at) : next;
  },
  delivered: (state, { system, page, at }) => {
    const next = { ...state, undelivered: without(state, system) };
    return page && !state.paging.unseen ? withFirstPage({ ...next, times: { paged: at, ...state.times } }, at) : next;
  },
  paged: withReach,
  'hours begin': (state, { at }) => withHours(state, at),
  moot: (state, { system }) => ({ ...state, undelivered: without(state, system) }),
  asked: (state, { question }) => ({ ...state, questions: withQuestion(state.questions, cutQuestion(question)) }),
  withdrawn: (state, { question, because }) => ({
    ...changeQuestion(state, question, { withdrawn: because }),
    withdrawn: newest(state.withdrawn, cut(`${titleOf(state, question)}: ${because}`, longestText)),
  }),
  'judged again': withJudgement,
  reminded: (state, { question, at }) => withReminder(state, question, at),
  expired: (state, { question, at }) => withExpired(state, question, at),
  decide: (state, { decision, how, at }) => withDecision(state, decision, how, at),
  refused: (state, { what, by, because, at }) => withRefusal(state, { what, by, because, at }),
  'secret pasted': withPastedSecret,
  acknowledge: (state, { by, at }) => acknowledged(state, by, at),
  release: (state, { by, at }) => withRelease(state, by, at),
  cancel: (state, { by, reason, falseAlarm, at }) =>
    state.cancelled
      ? state
      : {
          ...heardFrom(state, by, at),
          cancelled: { by, reason: reason ? cut(reason, longestText) : undefined, falseAlarm },
        },
  extend: withSaid,
  severity: withSaid,
  'take over': withSaid,
  note: withSaid,
  mode: (state, { mode }) => (state.mode ? state : { ...state, mode }),
  resolved: (state, { at }) => asResolved(state, at),
  'recovery began': state => ({ ...withoutEndAsked(state, 'Recovery has begun'), replay: recovering(state.replay) }),
  'recovery ended': (state, event) => withRecoveryEnded(state, event),
  'remedy ended': state => ({ ...state, replay: { ...state.replay, remediesEnded: state.replay.remediesEnded + 1 } }),
  'body threw': state => ({ ...state, replay: { ...state.replay, threw: true } }),
  'body runs on': state => ({ ...state, replay: { ...state.replay, threw: false } }),
  'body ended': state => ({ ...withoutEndAsked(state, 'the runbook has ended'), replay: { ...state.replay, bodyEnded: true } }),
  recovery: (state, { verdict, evidence, again, standing, at }) => {
    const next = { ...state, recovery: { verdict, evidence: cut(evidence, longestEvidence), standing }, nextCheck: again };
    return withPageAsMeasured(verdict === 'healthy' ? asResolved(next, at) : next);
  },
  'change found': (state, { takeBack, at }) => withFound(state, takeBack, at),
  undone: (state, { key, by, at }) => withUndone(state, key, by, at),
  'left standing': (state, { changes, when }) => ({
    ...state,
    standing: changes.length > 0 ? cutDeep(changes, longestLine, mostItems) : undefined,
    standingNoted: when,
  }),
  'page is wrong': state => withFirstStatement(state),
  'given up': (state, { because }) => ({ ...state, givenUp: cut(because, longestText) }),
  'quiet from now': (state, { until }) => ({ ...state, quietUntil: until, quiet: false }),
  'fires again': (state, { tail }) =>
    withFirstStatement({
      ...state,
      state: 'acknowledged',
      firedAgain: state.firedAgain + 1,
      quietUntil: undefined,
      recovery: undefined,
      pageWithdrawn: undefined,
      replay: reopened(state.replay, tail),
    }),
  paused: state => ({ ...state, pauses: state.pauses + 1 }),
  quiet: state => ({ ...state, quiet: true }),
  unseen: state => withUnseen(state),
  seen: state => withSeen(state),
  confirmed: state => withConfirmed(state),
  over: state => ({ ...state, over: true }),
  'handed on': withHandedOn,
  'follow-up': (state, { kind: _, at: _at, ...followUp }) => withFollowUp(state, followUp),
  ticket: (state, { number, ticket }) => withTicket(state, number, ticket),
  closed: (state, { outcome, at }) => ({ ...state, state: 'closed', outcome, times: { ...state.times, closed: at } }),
};

const withOverdue = (state: State, title: string, at: string) =>
  wasOver(state, state.phases.findLast(phase => phase.title === title)?.by ?? at)
    ? state
    : escalated(state, `${title} is overdue`, at);

function withExpired(state: State, id: string, at: string): State {
  const question = state.questions.find(asked => asked.id === id);
  if (!question || !isOpen(question) || question.otherwise === undefined) return state;
  const next = changeQuestion(state, id, { answer: { choice: question.otherwise, by: 'no one', how: 'time', at } });
  return question.blocking ? escalated(next, `no one answered “${question.title}”`, at) : next;
}

/** A release answers every held action, so that it is planned again. */
function withRelease(state: State, by: string, at: string): State {
  const answer: Answer = { choice: 'release', by, how: 'claimed', at };
  return {
    ...heardFrom(state, by, at),
    questions: state.questions.map(asked => (asked.kind === 'held' && isOpen(asked) ? { ...asked, answer } : asked)),
  };
}

/** Changes the latest occurrence of a phase. */
function changePhase(state: State, title: string, change: { ended: string } | { overdue: string } | { warned: string }): State {
  const latest = state.phases.findLastIndex(phase => phase.title === title);
  return { ...state, phases: state.phases.map((phase, index) => (index === latest ? { ...phase, ...change } : phase)) };
}

/** From now on a new alert reopens it. */
const asResolved = (state: State, at: string): State => ({
  ...state,
  state: 'resolved',
  times: { ...state.times, resolved: at },
  quietSince: state.firings,
});

const titleOf = (state: State, id: string) => state.questions.find(asked => asked.id === id)?.title ?? id;
const without = (state: State, system: string) => state.undelivered.filter(entry => entry.system !== system);
