import type { Decision, Question, Report, Role } from '../../../workflows/contract/index.ts';
import { openQuestions } from '../../../workflows/kit/record/state.ts';
import type { Fault, Faults } from './faults.ts';
import { Random } from './random.ts';
import type { Span } from './world.ts';

interface Said {
  signal: string;
  args: unknown[];
  /** Milliseconds. */
  after?: number;
}

/** A decision that was sent, in the order of sending. */
export type Sent = Decision & { at: number };

const persons = ['ann', 'bob', 'eve'];
const stranger = 'mallory';
/** Who is on call as what; the stranger may answer none of the questions. */
export const onCall: Record<string, Role[]> = {
  ...Object.fromEntries(persons.map(name => [name, ['management']])),
  [stranger]: ['finance'],
};

/** People of one seed: they answer what is asked, and sometimes twice, late, wrongly or in contradiction. */
export class People {
  readonly sent: Sent[] = [];
  private readonly faults: Faults;
  private readonly random: Random;
  private readonly seen = new Set<string>();
  /** Milliseconds since 1970, of each cancellation. */
  readonly cancelled: number[] = [];
  private readonly hold: Span | undefined;

  constructor(seed: number, faults: Faults, hold?: Span) {
    this.faults = faults;
    this.hold = hold;
    this.random = new Random(seed * 17 + 3);
  }

  /** What they say when they read this report. */
  say = (report: Report, at: number): Said[] => {
    const open = openQuestions(report as never);
    return [...open.flatMap(question => this.answer(question, at)), ...this.meddle(report, at)];
  };

  private answer(question: Question, at: number): Said[] {
    if (this.seen.has(question.id)) return [];
    this.seen.add(question.id);
    const slow = this.faults.happens('slow people', 0.5) ? 1000 * (1 + this.faults.stream('slow people').below(20_000)) : 1000;
    // Whoever sees that it is held waits for the release.
    const after = question.kind === 'held' ? Math.max(slow, (this.hold?.to ?? 0) - at) : slow;
    const decisions = [this.decision(question)];
    if (this.faults.happens('duplicate decision', 0.4)) decisions.push({ ...decisions[0], by: 'eve' } as Decision);
    if (this.faults.happens('contradictory decisions', 0.4)) decisions.push(this.decision(question, 'contradictory decisions'));
    if (this.faults.happens('wrong choice', 0.3)) decisions.unshift({ question: question.id, choice: 'yes please', by: 'bob' });
    if (question.plan && this.faults.happens('stale approval', 0.5))
      decisions.unshift({ question: question.id, choice: 'approve', by: 'eve', digest: 'that of another plan' });
    if (this.faults.happens('unauthorised decision', 0.5))
      decisions.unshift({ ...this.decision(question, 'unauthorised decision'), by: stranger });
    const isReordered = this.faults.happens('reordered decisions', 0.5);
    const delay = () => (isReordered ? 1000 * this.faults.stream('reordered decisions').below(60) : 0);
    return decisions.map(decision => this.send(decision, at, after + delay()));
  }

  private decision(question: Question, fault?: Fault): Decision {
    const random = fault ? this.faults.stream(fault) : this.random;
    const usual = question.choices.find(clearsTheWay) ?? question.suggest ?? question.choices[0] ?? '';
    const choice = random.chance(0.7) ? usual : random.pick(question.choices);
    return {
      question: question.id,
      choice: harmless(question, choice, usual),
      by: random.pick(persons),
      reason: 'because',
      text: 'nqba-secrets',
    };
  }

  private meddle(report: Report, at: number): Said[] {
    const said: Said[] = [];
    const { questions } = report;
    if (this.faults.happens('unknown question', 0.05))
      said.push(this.send({ question: 'who-are-you', choice: 'yes', by: 'eve' }, at));
    if (this.faults.happens('malformed decision', 0.05)) said.push({ signal: 'decide', args: ['?', '?'] });
    const decided = questions.find(({ answer }) => answer);
    if (decided && this.faults.happens('late decision', 0.1))
      said.push(this.send({ question: decided.id, choice: decided.choices.at(-1) ?? '', by: 'eve', reason: 'late' }, at));
    if (this.cancelled.length < 2 && this.faults.happens('cancel', 0.04)) {
      this.cancelled.push(at + 1000);
      const falseAlarm = this.faults.stream('cancel').chance(0.5) && { falseAlarm: true };
      said.push({ signal: 'cancel', args: [{ by: 'bob', reason: 'a drill', ...falseAlarm }] });
    }
    return [...said, ...this.command(report)];
  }

  /** What people say beside decisions. */
  private command({ phases }: Report): Said[] {
    const said: Said[] = [];
    const by = 'ann';
    const reason = 'because';
    if (this.faults.happens('severity changes', 0.05)) {
      const severity = this.faults.stream('severity changes').pick(['P0', 'P1', 'P2', 'P3']);
      said.push({ signal: 'severity', args: [{ severity, by, reason }] });
    }
    if (phases.length > 0 && this.faults.happens('more time', 0.1)) {
      const phase = this.faults.stream('more time').pick(phases).title;
      said.push({ signal: 'extend', args: [{ phase, minutes: 30, by, reason }] });
    }
    if (this.faults.happens('command taken', 0.05)) said.push({ signal: 'takeOver', args: [{ by: 'bob' }] });
    return said;
  }

  private send(decision: Decision, at: number, after = 1000): Said {
    this.sent.push({ ...decision, at: at + after });
    return { signal: 'decide', args: [decision], after };
  }
}

const clearsTheWay = (choice: string) => choice.endsWith(', then retry');

/** Closing without recovery ends the incident before anything is learnt; one seed in a few may do that. */
const harmless = ({ id }: Question, choice: string, usual: string) => (id.startsWith('recovery-is-not') ? usual : choice);
