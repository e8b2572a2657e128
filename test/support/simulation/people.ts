import type { Decision, Question, Report } from '../../../workflows/contract/index.ts';
import { openQuestions } from '../../../workflows/kit/state.ts';
import type { Faults } from './faults.ts';
import { Random } from './random.ts';

interface Said {
  signal: string;
  args: unknown[];
  /** Milliseconds. */
  after?: number;
}

/** A decision that was sent, in the order of sending. */
export type Sent = Decision & { at: number };

const persons = ['ann', 'bob', 'eve'];

/** People of one seed: they answer what is asked, and sometimes twice, late, wrongly or in contradiction. */
export class People {
  readonly sent: Sent[] = [];
  private readonly faults: Faults;
  private readonly random: Random;
  private readonly seen = new Set<string>();
  private cancelledOnce = false;

  constructor(seed: number, faults: Faults) {
    this.faults = faults;
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
    const after = this.faults.happens('slow people', 0.5) ? 1000 * (1 + this.faults.stream('slow people').below(20_000)) : 1000;
    const decisions = [this.decision(question)];
    if (this.faults.happens('duplicate decision', 0.4)) decisions.push({ ...decisions[0], by: 'eve' } as Decision);
    if (this.faults.happens('contradictory decisions', 0.4)) decisions.push(this.decision(question, 'contradictory decisions'));
    if (this.faults.happens('wrong choice', 0.3)) decisions.unshift({ question: question.id, choice: 'yes please', by: 'bob' });
    return decisions.map(decision => this.send(decision, at, after));
  }

  private decision(question: Question, fault?: 'contradictory decisions'): Decision {
    const random = fault ? this.faults.stream(fault) : this.random;
    const usual = question.suggest ?? question.choices[0] ?? '';
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
    if (!this.cancelledOnce && this.faults.happens('cancel', 0.04)) {
      this.cancelledOnce = true;
      said.push({ signal: 'cancel', args: [{ by: 'bob', reason: 'a drill' }] });
    }
    return said;
  }

  private send(decision: Decision, at: number, after = 1000): Said {
    this.sent.push({ ...decision, at: at + after });
    return { signal: 'decide', args: [decision], after };
  }
}

/** Closing without recovery ends the incident before anything is learnt; one seed in a few may do that. */
const harmless = ({ id }: Question, choice: string, usual: string) => (id.startsWith('recovery-is-not') ? usual : choice);
