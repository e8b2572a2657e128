import { ApplicationFailure } from '@temporalio/common';
import { stagesOf } from '../../../activities/platform.ts';
import type * as watching from '../../../activities/watching.ts';
import { isAction, isMessage } from '../../../workflows/catalog/activities.ts';
import type { StatusPageInput } from '../../../activities/comms/status-page.ts';
import { declared, ended, type Ending } from '../../../activities/messages/incident.ts';
import { claimOf, type TextName } from '../../../activities/messages/texts.ts';
import type { Call, Outcome, Receipt, RemedialAction, Stage, TakeBack } from '../../../workflows/contract/index.ts';
import type { Attempt, Reaction } from '../../../worker/rehearsal/virtual-server.ts';
import { aPlan, aReceipt, done, minutes, planned, threeAtNight } from '../rehearsing.ts';
import { type IsDown, outagesOf } from './dynex.ts';
import type { Fault, Faults } from './faults.ts';
import { Measuring } from './measuring.ts';
import { Objects } from './objects.ts';

/** The rule by which a watch has seen enough; a planted bug may stand in it. */
export type WatchRule = Pick<typeof watching, 'watchFrom' | 'afterLook' | 'settled'>;

/** One thing that really happened to the world. */
export interface Effect {
  type: string;
  key: string;
  title: string;
  at: number;
  approved?: string;
  input: unknown;
  /** Key of the record that the object carries because of it. */
  record?: string | undefined;
}

/** From when to when, in milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

/** The world of one simulated incident: it does what it is told once for each key, and answers as the faults want it. */
export class World {
  readonly effects: Effect[] = [];
  /** Digests of plans that the world gave to be approved, by step key without its letter. */
  readonly plans = new Map<string, string>();
  /** Keys for which the world definitely said that nothing was done. */
  private readonly refusedKeys = new Set<string>();
  /** Keys that were tried again although the world had definitely refused them: an outside system repeats its answer for ever. */
  readonly triedInVain: string[] = [];
  readonly objects = new Objects();
  readonly measuring: Measuring;
  readonly looks: { type: string; title: string; verdict: string; at: number }[] = [];
  /** Rollouts of the workloads, each with the surge of a pod for which the quota has room once. */
  readonly rollouts: (Span & { key: string })[] = [];
  /** Keys of actions that were answered as done, whether anything was left to do or not. */
  readonly done = new Set<string>();
  /** The attempt that last answered with this take-back, by its key: an action that finds its setting made takes over how to undo it. */
  readonly lastAnswered = new Map<string, number>();
  /** Attempts of activities, in order. */
  readonly attempts: Pick<Attempt, 'type' | 'title' | 'at' | 'attempt'>[] = [];
  /** While it only observes. */
  private readonly unarmed: Span[];
  /** While somebody holds everything. */
  readonly hold: Span | undefined;
  /** Every fourth platform has pods that read a share while they run. */
  readonly stages: Stage[] | undefined;
  private readonly down: (Span & { system: System }) | undefined;
  private readonly faults: Faults;
  readonly isDown: IsDown;
  /** Keys to which no reply comes, and until when (milliseconds since 1970). */
  private readonly lost = new Map<string, number>();

  constructor(faults: Faults, rule: WatchRule) {
    this.faults = faults;
    this.isDown = outagesOf(faults);
    this.measuring = new Measuring(faults, rule, this.objects, this.isDown);
    this.stages = stagesOf({ ramp: faults.seed % 4 === 0 ? 'runtime' : 'restart' });
    this.hold = spanOf(faults, 'hold and release', 60, 60);
    const observing = faults.happens('observing', 0.5) && { from: 0, to: Number.POSITIVE_INFINITY };
    this.unarmed = [observing, spanOf(faults, 'disarmed', 60, 60)].flatMap(span => span || []);
    const down = spanOf(faults, 'system down', 20, 10);
    this.down = down && { ...down, system: faults.stream('system down').pick(systems) };
  }

  react = (attempt: Attempt): Reaction => {
    this.faults.haveCeased = attempt.at > threeAtNight + minutes(2 * 60);
    this.attempts.push(attempt);
    if (attempt.type === 'saveReport') return { result: { digest: 'd' } };
    if (attempt.type === 'noteUnseen') return { result: { times: 1, second: false } };
    const system = systemOf(attempt.type);
    if (this.down?.system === system && isWithin(this.down, attempt.at))
      return { error: new Error('connection refused'), takes: 2000 };
    if (system === 'platform') return this.act(attempt);
    if (system === 'people') return this.tell(attempt);
    return this.look(attempt);
  };

  private act(attempt: Attempt): Reaction {
    const { key, dryRun } = callOf(attempt);
    if (this.isDone(attempt)) return { result: this.apply(attempt) };
    if (dryRun || !this.isArmed(attempt)) return { result: planned(dryRun ? 'dry run' : 'observe') };
    if (this.refusedKeys.has(key)) this.triedInVain.push(key);
    if (this.isHeld(attempt)) return { result: planned('held', aPlan('held')) };
    return this.refusal(attempt) ?? this.change(attempt);
  }

  private refusal(attempt: Attempt): Reaction | undefined {
    const { key } = callOf(attempt);
    if (this.faults.happens('nothing done', 0.15) || this.isCrowded(attempt, key)) return this.refuse(attempt, key);
    return this.lacksRoom(attempt) ? this.refuse(attempt, key, giveBack) : undefined;
  }

  private change(attempt: Attempt): Reaction {
    const { key, approved } = callOf(attempt);
    if (this.faults.happens('fails', 0.15)) return { error: new Error('the API server answered 503'), takes: 2000 };
    const asks = this.asks(attempt);
    if (asks && !this.isApproved(key, approved)) return { result: this.plan(key, approved, asks) };
    if (asks === 'approval' && this.isDown(attempt.at)) return { result: this.plan(key, approved, asks) };
    const outcome = this.apply(attempt);
    if (this.losesReply(attempt, key)) return { error: new Error('the reply was lost'), takes: 5000 };
    if (this.faults.happens('hangs', 0.1)) return { error: new Error('activity timed out'), takes: 60_000 };
    return { result: outcome, takes: rollingOut };
  }

  /** The way back is asked; in stages, the first. So is a fallback where Dynex answers. */
  private asks(attempt: Attempt): 'approval' | 'not confirmed' | undefined {
    const { enabled, percent } = inputOf(attempt);
    if (enabled === true) return this.isDown(attempt.at) ? undefined : 'not confirmed';
    return enabled === false || percent === 10 ? 'approval' : undefined;
  }

  /** There is nothing to restore, so nothing is planned and nothing is asked. */
  private isDone = (attempt: Attempt) => inputOf(attempt).enabled === false && !this.objects.isSettingHeld();

  /** Until somebody gives a replica back: for as long as it is gone there is room. */
  private lacksRoom = (attempt: Attempt) => rolls(attempt) && !this.hasGiven() && this.faults.happens('no room', 0.3);

  private hasGiven = () => [...this.objects.records.values()].some(({ action }) => action === 'giveBackReplica');

  /** Once, or to every attempt of a minute: then nobody knows what became of it. */
  private losesReply({ at }: Attempt, key: string): boolean {
    if (at < (this.lost.get(key) ?? 0)) return true;
    if (!this.faults.happens('reply lost', 0.2)) return false;
    if (this.faults.stream('reply lost').chance(0.4)) this.lost.set(key, at + minutes(1));
    return true;
  }

  /** What was begun while it was armed is finished, and what we have changed is restored. */
  private isArmed = (attempt: Attempt) =>
    restores(attempt) ||
    this.effects.some(({ key }) => key === callOf(attempt).key) ||
    !this.unarmed.some(span => isWithin(span, attempt.at));

  private isHeld = ({ at }: Attempt) => this.isHeldAt(at) || this.faults.happens('held', 0.2);
  isHeldAt = (at: number) => this.hold !== undefined && isWithin(this.hold, at);

  /** The quota has room for the surge of one rollout. */
  private isCrowded = (attempt: Attempt, key: string) =>
    rolls(attempt) && this.rollouts.some(one => one.key !== key && isWithin(one, attempt.at));

  private refuse(attempt: Attempt, key: string, ...remedialActions: RemedialAction[]): Reaction {
    if (this.effects.some(effect => effect.key === key)) return { result: this.apply(attempt) };
    this.refusedKeys.add(key);
    const details = [{ nothingDone: true, remedialActions }];
    return { error: ApplicationFailure.create({ message: 'exceeded quota', nonRetryable: true, type: 'NotAdmitted', details }) };
  }

  private isApproved(key: string, approved: string | undefined) {
    if (approved === undefined || this.plans.get(withoutLetter(key)) !== approved) return false;
    return !this.faults.happens('plan moves', 0.3);
  }

  private plan(key: string, approved: string | undefined, asks: 'approval' | 'not confirmed'): Outcome {
    const digest = `plan-${this.plans.size}-${this.faults.stream('plan moves').below(1_000_000)}`;
    this.plans.set(withoutLetter(key), digest);
    return planned(approved ? 'moved' : asks, aPlan(digest));
  }

  /** Doing it twice under one key is doing it once. */
  private apply(attempt: Attempt): Outcome {
    const { type, args } = attempt;
    const { key } = callOf(attempt);
    const left = this.objects.do({ type, input: args[0], key });
    this.done.add(key);
    if (left.takeBack) this.lastAnswered.set(left.takeBack.key, this.attempts.length);
    if (left.changes.length === 0 && restores(attempt)) return done(aReceipt({ ...left, takeBack: undefined, effect: sent }));
    if (left.changes.length > 0) this.note(attempt, left.takeBack?.key);
    const nothing = this.faults.happens('no effect', 0.15);
    if (type === 'setFallback') this.objects.follows = !nothing;
    return done(aReceipt({ ...left, takeBack: left.takeBack, effect: nothing ? noEffect : wholeEffect }));
  }

  private note(attempt: Attempt, record: string | undefined) {
    const { key, approved } = callOf(attempt);
    const { type, title, args, at } = attempt;
    if (this.effects.some(effect => effect.key === key && !this.objects.isUndone(effect))) return;
    this.effects.push({ type, title, key, at, input: args[0], record, ...(approved && { approved }) });
    if (rolls(attempt)) this.rollouts.push({ key, from: at, to: at + rollingOut });
  }

  private tell(attempt: Attempt): Reaction {
    const { type, args, at } = attempt;
    const { key, dryRun } = callOf(attempt);
    if (dryRun) return { result: planned('dry run') };
    if (this.faults.happens('fails', 0.3)) return { error: new Error('503') };
    if (type === 'setStatusPage' && !this.isArmedFor(attempt)) return { result: planned('observe') };
    if (type === 'setStatusPage' && this.isHeldAt(at)) return { result: planned('held', aPlan('held')) };
    const doubt = ['setStatusPage', 'tellCustomers'].includes(type) && this.doubtOf(args[0], at);
    if (doubt) return { error: new Error(doubt) };
    if (!this.effects.some(effect => effect.key === key))
      this.effects.push({ type, title: attempt.title, key, at, input: args[0] });
    const left = this.say(attempt);
    if (this.faults.happens('reply lost', 0.2)) return { error: new Error('the reply was lost') };
    return { result: done(aReceipt({ changes: [], takeBack: undefined, ...left, effect: sent })) };
  }

  /** Our notice may be ended while it only observes. */
  private isArmedFor = (attempt: Attempt) =>
    ((attempt.args[0] as StatusPageInput).status === 'operational' && this.objects.isNoticeOpen()) || this.isArmed(attempt);

  /** A public text is published only while what it claims is so. */
  private doubtOf(input: unknown, at: number): string | undefined {
    const claim = claimOf((input as { text: TextName }).text);
    if (claim === 'our fallback moved jobs' && !this.objects.isSettingHeld()) return 'no change of this incident stands';
    if (claim !== 'recovery without our fallback') return undefined;
    return this.objects.isSettingHeld() || !this.measuring.isRecovered(at) ? 'recovery is not measured' : undefined;
  }

  private say(attempt: Attempt): Partial<Receipt> {
    const { type, args, at } = attempt;
    const { key, about } = callOf(attempt);
    if (type === 'setStatusPage') {
      const input = args[0] as StatusPageInput;
      return this.objects.do({ type, key, input: { ...input, share: this.measuring.classical(at) } });
    }
    if (type === 'declareIncident' && about) this.objects.slack = declared((args[0] as { title: string }).title, about);
    if (type === 'resolveIncident' && about) this.objects.slack = ended(args[0] as Ending, about).slack;
    return {};
  }

  private look(attempt: Attempt): Reaction {
    const { type, title, at, args } = attempt;
    if (this.faults.happens('fails', 0.1)) return { error: new Error('timeout') };
    const asked = { type, title, input: args[0] };
    const { finding, until } =
      type === 'watch' ? this.measuring.watch(asked, at) : { finding: this.measuring.check(asked, at), until: at + 1000 };
    this.looks.push({ type, title, verdict: finding.verdict, at });
    return { result: finding, takes: until - at };
  }

  /** Someone undoes a change of the incident from outside, as `runbooks undo` does. */
  undoFromOutside(key: string, at: number) {
    this.objects.letGo(key);
    this.objects.undone.push({ key, at });
  }
}

const noEffect = { measured: 'none', text: '0 of 5' } as const;
const wholeEffect = { measured: 'whole', text: '5 of 5' } as const;
const sent = { measured: 'nothing to measure', text: 'sent' } as const;

/** Outside systems that can be down alone. */
const systems = ['platform', 'people', 'measurements'] as const;
type System = (typeof systems)[number];
const systemOf = (type: string): System => (isAction(type) ? 'platform' : isMessage(type) ? 'people' : 'measurements');

/** Actions after which pods start again. */
const rollingTypes = ['setFallback', 'useSecret', 'takeBack'];
const giveBack: RemedialAction = { title: 'Give back a replica', type: 'giveBackReplica', input: { for: ['worker'] } };

/** Milliseconds of a rollout. */
const rollingOut = 20_000;

const isWithin = ({ from, to }: Span, at: number) => from <= at && at < to;

/** Begins within so many minutes, and lasts at most so many. */
function spanOf(faults: Faults, fault: Fault, within: number, longest: number): Span | undefined {
  if (!faults.happens(fault, 0.8)) return undefined;
  const { below } = faults.stream(fault);
  const from = threeAtNight + minutes(below(within));
  return { from, to: from + minutes(1 + below(longest)) };
}

const callOf = ({ args }: Pick<Attempt, 'args'>) => args[1] as Call;
const inputOf = ({ args }: Pick<Attempt, 'args'>) => args[0] as { enabled?: boolean; percent?: number };
/** A mode that only observes keeps no one from restoring what we have changed. */
const restores = (attempt: Attempt) => attempt.type === 'takeBack' || inputOf(attempt).enabled === false;

const rolls = ({ type, args }: Attempt) =>
  rollingTypes.includes(type) && (args[0] as { takeBack?: TakeBack }).takeBack?.target.system !== 'status page';

/** The key without the letter of a later try. */
const withoutLetter = (key: string) => key.replace(/[b-z]+$/, '');
