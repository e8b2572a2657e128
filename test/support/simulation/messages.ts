/** Every message that is sent, and what must become of it: judged by what it says and by the report before it came. */

import {
  type Decision,
  needsReason,
  type PhaseReport,
  type Question,
  type Report,
  type Severity,
} from '../../../workflows/contract/index.ts';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import { holds } from './violation.ts';
import { isPersonOf, recorded } from './names.ts';
import { mayAnswer } from './staff.ts';

/** What people may send, and its argument. */
export interface Messages {
  decide: Decision;
  note: { text: string; by: string };
  severity: { severity: Severity; by: string; reason: string };
  takeOver: { by: string };
  extend: { phase: string; minutes?: number; until?: string; by: string; reason: string };
  acknowledge: { by: string };
  release: { by: string };
}
export type Kind = keyof Messages;
export type Message = { [K in Kind]: { kind: K; said: Messages[K] } }[Kind] & {
  /** Milliseconds since 1970. */
  at: number;
  /** Sent as an update of this id, which answers. */
  update?: string;
};

/** Judges each message when the first report after it comes. */
export class Heard {
  private readonly sent: Message[] = [];
  private before: Report | undefined;
  /** What each update must have been answered with. */
  private readonly verdicts = new Map<string, boolean>();

  send = (message: Message) => void this.sent.push(message);

  /** @param now milliseconds since 1970 */
  check(report: Report, now: number) {
    const came = this.sent.filter(({ at }) => at <= now).sort((one, other) => one.at - other.at);
    for (const message of came) {
      this.sent.splice(this.sent.indexOf(message), 1);
      if (this.before && came.every(other => other === message || other.at !== message.at))
        this.judge(message, this.before, report);
    }
    this.before = report;
  }

  /** What each update was answered with. */
  checkVerdicts(tasks: Rehearsal['tasks']) {
    for (const { updateResponse } of tasks.flat()) {
      const id = updateResponse?.protocolInstanceId ?? '';
      const answer = updateResponse?.completed && defaultPayloadConverter.fromPayload(updateResponse.completed);
      const verdict = this.verdicts.get(id);
      if (answer === undefined || verdict === undefined) continue;
      holds(
        'an update answers what became of it',
        Reflect.get(Object(answer), 'accepted') === verdict,
        () => `${id}: ${JSON.stringify(answer)}`,
      );
    }
  }

  private judge(message: Message, before: Report, after: Report) {
    const isAllowed = allowed(message, before);
    if (isAllowed === undefined) return;
    if (message.update !== undefined) this.verdicts.set(message.update, isAllowed);
    const { kind, said, at } = message;
    const words = `${kind} ${JSON.stringify(said)} at ${time(at)}`;
    const isRefused = after.refusals.some(one => one.at === time(at) && one.by === recorded(said.by) && !isOfAPlan(one));
    const because = after.refusals.find(one => one.at === time(at))?.because;
    holds(
      'what is allowed is accepted',
      !isAllowed || (!isRefused && hasCounted(message, after, before)),
      () => `${words}: ${because ?? 'it has no effect'}`,
    );
    holds(
      'what is not allowed is refused',
      isAllowed || (isRefused && hasChangedNothing(message, before, after)),
      () => `${words} was accepted`,
    );
  }
}

/** An approval that no longer fits is refused when the action answers. */
const isOfAPlan = ({ what }: Report['refusals'][number]) => what.startsWith('approve ') && !what.startsWith('approve for ');

const time = (at: number) => new Date(at).toISOString();
const isOpen = ({ answer, withdrawn }: Question) => !answer && !withdrawn;

/** Nothing where either may be: what comes when all is over harms nobody. */
function allowed({ kind, said, at }: Message, { state, severity, commander, phases, questions }: Report): boolean | undefined {
  if (kind === 'acknowledge' || kind === 'release') return state === 'closed' ? undefined : true;
  if (state === 'closed') return false;
  if (kind === 'severity') return said.severity !== severity;
  if (kind === 'takeOver') return commander === undefined || !isPersonOf(said.by, commander);
  if (kind === 'extend') return untilOf(said, latestOf(phases, said.phase), at) !== undefined;
  return (
    kind === 'note' ||
    fits(
      said,
      questions.find(({ id }) => id === said.question),
      commander,
    )
  );
}

function fits(said: Decision, question: Question | undefined, commander: string | undefined): boolean {
  if (!question || !isOpen(question) || question.second) return false;
  const { plan, owner, also } = question;
  const roles = also ? [owner, also] : [owner];
  const isReasoned = !needsReason(said.choice) || (said.reason ?? '') !== '';
  const isOfThePlan = said.digest === undefined || said.digest === plan?.digest;
  return isOneOf(said, question) && isReasoned && isOfThePlan && roles.some(role => mayAnswer(said.by, role, commander));
}

function isOneOf({ choice, text }: Decision, { kind, choices, otherwise }: Question): boolean {
  if (kind !== 'text') return choices.includes(choice);
  return choice === otherwise || (text !== undefined && /^[a-z-]+$/.test(text));
}

const latestOf = (phases: PhaseReport[], title: string) => phases.findLast(phase => phase.title === title);
const aDay = 86_400_000;

/** Until when a phase is given time; nothing where it cannot be. */
function untilOf({ minutes, until }: Messages['extend'], phase: PhaseReport | undefined, at: number): string | undefined {
  if (!phase?.by || phase.ended) return undefined;
  const limit = Date.parse(phase.by);
  const wanted = until === undefined ? Math.max(limit, at) + (minutes ?? 0) * 60_000 : Date.parse(until);
  return wanted > at && wanted > limit && wanted - at <= aDay ? time(wanted) : undefined;
}

/** Whether the report shows what an accepted message says. */
function hasCounted({ kind, said, at }: Message, after: Report, before: Report): boolean {
  const by = recorded(said.by);
  const is = (one: { at: string; by: string }) => one.at === time(at) && one.by === by;
  if (kind === 'note') return (after.notes ?? []).some(one => is(one) && one.text === said.text);
  if (kind === 'severity') return (after.severityChanges ?? []).some(one => is(one) && one.to === said.severity);
  if (kind === 'extend') return isExtended(said, before, after, at);
  if (kind === 'release') return held(before).every(id => answerOf(after, id)?.choice === 'release');
  if (kind === 'decide') return isDecided(said, by, after);
  return after.times.acknowledged !== undefined && after.commander === (kind === 'takeOver' ? by : (before.commander ?? by));
}

function isDecided({ question, choice }: Decision, by: string, after: Report): boolean {
  const answer = answerOf(after, question);
  return answer?.choice === choice && answer.by === by;
}

const held = ({ questions }: Report) => questions.filter(one => one.kind === 'held' && isOpen(one)).map(({ id }) => id);
const answerOf = ({ questions }: Report, question: string) => questions.find(({ id }) => id === question)?.answer;

function isExtended(said: Messages['extend'], before: Report, after: Report, at: number): boolean {
  const until = untilOf(said, latestOf(before.phases, said.phase), at);
  const began = latestOf(before.phases, said.phase)?.began;
  return after.phases.some(
    ({ title, began: then, extended }) =>
      title === said.phase && then === began && extended?.at(-1)?.until === until && extended?.at(-1)?.at === time(at),
  );
}

/** Whether the report is, as far as a refused message goes, as before. */
function hasChangedNothing({ kind, said, at }: Message, before: Report, after: Report): boolean {
  if (kind === 'severity') return after.severity === before.severity;
  if (kind === 'takeOver') return after.commander === before.commander;
  if (kind === 'extend') return after.phases.every(({ extended }) => extended?.at(-1)?.at !== time(at));
  if (kind !== 'decide') return true;
  const [then, now] = [answerOf(before, said.question), answerOf(after, said.question)];
  return then === undefined ? now?.at !== time(at) || now.how === 'time' : now?.at === then.at && now.choice === then.choice;
}
