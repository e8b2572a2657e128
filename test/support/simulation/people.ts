import type { Decision, Question, Report } from '../../../workflows/contract/index.ts';
import { openQuestions } from '../../../workflows/kit/record/state.ts';
import { Commands } from './commands.ts';
import type { Fault, Faults } from './faults.ts';
import { Heard } from './messages.ts';
import { type Post, Postman } from './postman.ts';
import { Random } from './random.ts';
import { persons, thoseFor } from './staff.ts';
import type { World } from './world.ts';

/** People of one seed: they answer what is asked, and sometimes twice, late, wrongly or in contradiction. */
export class People {
  readonly heard = new Heard();
  readonly postman: Postman;
  readonly commands: Commands;
  private readonly faults: Faults;
  private readonly random: Random;
  private readonly seen = new Set<string>();
  private readonly world: World;

  constructor(seed: number, faults: Faults, world: World) {
    this.faults = faults;
    this.world = world;
    this.random = new Random(seed * 17 + 3);
    this.postman = new Postman(faults, this.heard);
    this.commands = new Commands(faults, this.postman, world);
  }

  /** What they say when they read this report. */
  say = (report: Report, at: number): Post[] => {
    const open = openQuestions(report as never);
    return [...open.flatMap(question => this.answer(question, at)), ...this.meddle(report, at), ...this.commands.say(report, at)];
  };

  private answer(question: Question, at: number): Post[] {
    if (this.seen.has(question.id)) return [];
    this.seen.add(question.id);
    if (this.leavesOpen(question)) return [];
    const slow = this.faults.happens('slow people', 0.5) ? 1000 * (1 + this.faults.stream('slow people').below(20_000)) : 1000;
    // Whoever sees that it is held waits for the release.
    const after = question.kind === 'held' ? Math.max(slow, (this.world.hold?.to ?? 0) - at) : slow;
    const isReordered = this.faults.happens('reordered decisions', 0.5);
    const delay = () => (isReordered ? 1000 * this.faults.stream('reordered decisions').below(60) : 0);
    return this.decisions(question).map(said => this.postman.decide(said, at + after + delay(), at));
  }

  /** An incident that nobody closes goes on until it has recovered, which it cannot while its own fallback stands. */
  private leavesOpen = ({ id }: Question) =>
    id.startsWith('recovery-is-not') && !this.world.objects.isSettingHeld() && this.faults.happens('unanswered closing', 0.8);

  /** In the order in which they are sent: the last but contradictions is one that counts. */
  private decisions(question: Question): Decision[] {
    const { happens } = this.faults;
    const decisions = [this.decision(question)];
    const { id, plan } = question;
    if (happens('duplicate decision', 0.4)) decisions.push({ ...decisions[0], by: 'eve' } as Decision);
    if (happens('contradictory decisions', 0.4)) decisions.push(this.decision(question, 'contradictory decisions'));
    if (happens('wrong choice', 0.3)) decisions.unshift({ question: id, choice: 'yes please', by: 'bob' });
    if (plan && happens('stale approval', 0.5))
      decisions.unshift({ question: id, choice: 'approve', by: 'ann', digest: 'that of another plan' });
    const { pick } = this.faults.stream('unauthorised decision');
    if (happens('unauthorised decision', 0.5))
      decisions.unshift({ ...this.decision(question, 'unauthorised decision'), by: pick(persons) });
    return decisions;
  }

  private decision({ id, choices, suggest, owner, plan }: Question, fault?: Fault): Decision {
    const random = fault ? this.faults.stream(fault) : this.random;
    const usual = choices.find(clearsTheWay) ?? suggest ?? choices[0] ?? '';
    const skips = choices.includes('skip') && this.faults.happens('skips', 0.7);
    const choice = skips ? 'skip' : random.chance(0.7) ? usual : random.pick(choices);
    const by = random.pick(thoseFor(owner));
    const digest = plan && random.chance(0.5) ? { digest: plan.digest } : {};
    return { question: id, choice, by, reason: 'because', text: 'nqba-secrets', ...digest };
  }

  private meddle({ questions }: Report, at: number): Post[] {
    const said: Post[] = [];
    const soon = at + 1000;
    if (this.faults.happens('unknown question', 0.05))
      said.push(this.postman.decide({ question: 'who-are-you', choice: 'yes', by: 'eve' }, soon, at));
    if (this.faults.happens('malformed decision', 0.05)) said.push({ signal: 'decide', args: ['?', '?'] });
    const decided = questions.find(({ answer }) => answer);
    if (decided && this.faults.happens('late decision', 0.1)) {
      const choice = decided.choices.at(-1) ?? '';
      said.push(this.postman.decide({ question: decided.id, choice, by: 'ann', reason: 'late' }, soon, at));
    }
    return said;
  }
}

const clearsTheWay = (choice: string) => choice.endsWith(', then retry');
