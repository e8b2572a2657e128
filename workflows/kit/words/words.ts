import { CancellationScope, CancelledFailure } from '@temporalio/workflow';
import { isMessage } from '../../catalog/activities.ts';
import type { Finding, StepReport, Verdict } from '../../contract/index.ts';
import { failureOf } from './acting.ts';
import { type Checks, runCheck, runWatch, type Steps, proxyFor } from './activities.ts';
import { hasResolved, isWithdrawing } from '../record/alerts.ts';
import { type Duration, span } from '../record/duration.ts';
import type { Incident } from '../incident/incident.ts';
import { keyPart } from '../record/keys.ts';
import { freezes, listedNow, roundOf, withListOf } from '../record/lists.ts';
import { withWorkloadOf } from './of-the-alert.ts';
import type { Outbox } from './outbox.ts';
import { sendMessage } from './notifications.ts';
import { type Ask, askWord, type TaskOptions, type TaskWord, taskWord } from './people.ts';
import { type PhaseOptions, type PhaseWord, phaseWord } from './phases.ts';
import { type Remedy, remedyWord } from './remedy.ts';
import { withdraw } from '../incident/questions.ts';
import { isCancelled, phasesAround } from '../incident/scope.ts';
import { act, type StepOptions, type StepWord } from './step.ts';
import { whileItMatters } from './watching.ts';

export interface WatchOptions {
  every: Duration;
  for: Duration;
  atLeast: number;
  /** Patience: look through faulty looks at most so long. */
  upTo?: Duration;
}
/** The words a runbook is written in. */
export interface Words {
  phase: PhaseWord;
  step: StepWord;
  check: (title: string) => Checks;
  watch: (title: string, options: WatchOptions) => Checks;
  task: TaskWord;
  ask: Ask;
  remedy: Remedy;
}

/** The words, bound to one incident. Everything they do stands in its record before and after. */
export class IncidentWords implements Words {
  private readonly incident: Incident;
  private readonly outbox: Outbox;
  /** Work that phases left unfinished when their time was up; the incident does not close before it is settled. */
  private readonly unfinished: Promise<unknown>[] = [];
  private isClosing = false;

  constructor(incident: Incident, outbox: Outbox) {
    this.incident = incident;
    this.outbox = outbox;
  }

  phase = <T>(title: string, ...rest: [() => Promise<T>] | [PhaseOptions, () => Promise<T>]): Promise<T> => {
    const [options, body] = rest.length === 1 ? [{}, rest[0]] : rest;
    return phaseWord(this.incident, behind => void this.unfinished.push(behind), title, options, body);
  };

  step = (title: string, { approver, second, until }: StepOptions = {}): Steps =>
    proxyFor<Steps>(async (type, given) => {
      const message = isMessage(type);
      const placed = this.placed(given);
      const { key, recorded } = this.begin(title, {
        action: { type, input: message ? listedNow(this.incident.state, placed) : placed },
      });
      // A message may wait longer than the round in which its list was frozen.
      const input = withListOf(placed, this.incident.step(key));
      if (!recorded && isWithdrawing(this.incident.state)) return this.withdraw(key, hasResolved);
      if (!recorded && this.isClosing) return this.withdraw(key, closes);
      const acting = { title, type, input, approver, second, key, blocking: !message, until };
      if (recorded?.ended && !this.outbox.owes(acting, recorded)) return recorded.state;
      if (!message) return (await act(this.incident, { ...acting, leave: behind => void this.unfinished.push(behind) })).state;
      sendMessage(this.incident, this.outbox, acting);
      return 'running';
    });

  check = (title: string): Checks =>
    proxyFor<Checks>((type, input) => this.look(title, () => runCheck(title, type, this.placed(input)), freezes(input)));

  watch = (title: string, options: WatchOptions): Checks => {
    const paced = (duration: Duration) => this.incident.paced(span(duration));
    const watching = {
      every: paced(options.every),
      for: paced(options.for),
      atLeast: options.atLeast,
      upTo: options.upTo && paced(options.upTo),
    };
    return proxyFor<Checks>((type, input) => {
      const run = () => runWatch(title, type, this.placed(input), watching);
      return this.look(title, options.upTo ? () => whileItMatters(this.incident, run) : run);
    });
  };

  task = (title: string, options: TaskOptions): Promise<void> =>
    taskWord(this.incident, named => this.begin(named), title, options);

  get ask(): Ask {
    return askWord(this.incident);
  }

  get remedy(): Remedy {
    return remedyWord(this.incident, this);
  }

  /** The incident closes: what phases left waiting is not done any more, and what would follow it does not begin. */
  endWhatIsLeft = async () => {
    this.isClosing = true;
    for (const { waits } of this.incident.state.steps) if (waits) withdraw(this.incident, waits.question, closes);
    await Promise.all(this.unfinished);
    this.isClosing = false;
  };

  /** Nothing of a phase is left behind. */
  untilNothingIsLeft = async () => {
    await Promise.all(this.unfinished);
  };

  /** Every message was tried, and nothing of a phase is left behind. */
  settle = async () => {
    if (this.incident.state.cancelled === undefined) await Promise.all(this.unfinished);
    await this.outbox.settle();
  };

  private placed = (input: unknown) => withWorkloadOf(this.incident.start.alert, input);

  /** Notes that a step begins, and gives its key, `incident/phases/title/occurrence`, and what is recorded of it. */
  private begin(
    title: string,
    of: Pick<StepReport, 'action' | 'freezes'> = {},
  ): { key: string; recorded: StepReport | undefined } {
    if (isCancelled(CancellationScope.current())) throw new CancelledFailure('the incident was cancelled: no new step begins');
    const phases = phasesAround();
    const path = [...phases, title].map(keyPart).join('/');
    const key = this.incident.comesAgain('step', path, occurrence => `${this.incident.id}/${path}/${occurrence}`) ?? path;
    const recorded = this.incident.step(key);
    if (!recorded) this.incident.record({ kind: 'step began', key, title, phase: phases.join(' › '), ...of });
    return { key, recorded };
  }

  private withdraw = (key: string, because: string) => {
    this.incident.record({ kind: 'step settled', key, state: 'withdrawn', because });
    return 'withdrawn';
  };

  /** A check that fails is `unknown`; it never asks and never waits for people. */
  private async look<F extends Finding>(title: string, run: () => Promise<F>, freezes?: string): Promise<F> {
    const { key, recorded } = this.begin(title, { freezes });
    if (recorded?.ended) return findingOf(recorded) as F;
    const finding = await this.incident
      .tracked(run)
      .catch(error =>
        this.incident.restarting
          ? notYet()
          : ({ verdict: 'unknown', evidence: `check failed: ${failureOf(error).message}` } as F),
      );
    this.incident.record({
      kind: 'step settled',
      key,
      state: finding.verdict,
      because: finding.evidence,
      evidence: finding.evidence,
      facts: finding.facts,
      frozen: finding.frozen && { ...finding.frozen, round: roundOf(this.incident.state) },
    });
    const noted = this.incident.step(key);
    return (noted ? findingOf(noted) : finding) as F;
  }
}

const closes = 'the incident closes';

/** The next run looks again. */
const notYet = () => new Promise<never>(() => undefined);

const findingOf = ({ state, evidence, facts }: StepReport): Finding => ({ verdict: state as Verdict, evidence, facts });
