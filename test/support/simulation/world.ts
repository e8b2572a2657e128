import { ApplicationFailure } from '@temporalio/common';
import { stagesOf } from '../../../activities/platform.ts';
import type * as watching from '../../../activities/watching.ts';
import { isAction, isMessage } from '../../../workflows/catalog/activities.ts';
import type { Call, Finding, Outcome, RemedialAction, Stage, TakeBack, Watching } from '../../../workflows/contract/index.ts';
import type { Attempt, Reaction } from '../../../worker/rehearsal/virtual-server.ts';
import { aPlan, aReceipt, done, finding, minutes, planned, threeAtNight } from '../rehearsing.ts';
import type { Fault, Faults } from './faults.ts';

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
  /** Watches that were called healthy, and for how long it had really been so without a gap (milliseconds). */
  readonly watches: { title: string; held: number; wanted: number }[] = [];
  readonly looks: { type: string; title: string; verdict: string; at: number }[] = [];
  /** Rollouts of the workloads, each with the surge of a pod for which the quota has room once. */
  readonly rollouts: (Span & { key: string })[] = [];
  /** Keys under which a replica was given back, for as long as it is gone: then there is room. */
  readonly given = new Set<string>();
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
  private readonly rule: WatchRule;
  /** Keys to which no reply comes, and until when (milliseconds since 1970). */
  private readonly lost = new Map<string, number>();
  private readonly relapses = new Map<string, number>();

  constructor(faults: Faults, rule: WatchRule) {
    this.faults = faults;
    this.rule = rule;
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
    const system = systemOf(attempt.type);
    if (this.down?.system === system && isWithin(this.down, attempt.at))
      return { error: new Error('connection refused'), takes: 2000 };
    if (system === 'platform') return this.act(attempt);
    if (system === 'people') return this.tell(attempt);
    return this.look(attempt);
  };

  private act(attempt: Attempt): Reaction {
    const { key, dryRun } = callOf(attempt);
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
    if (needsApproval(attempt) && !this.isApproved(key, approved)) return { result: this.plan(key, approved) };
    const outcome = this.apply(attempt);
    if (this.losesReply(attempt, key)) return { error: new Error('the reply was lost'), takes: 5000 };
    if (this.faults.happens('hangs', 0.1)) return { error: new Error('activity timed out'), takes: 60_000 };
    return { result: outcome, takes: rollingOut };
  }

  /** Until somebody gives a replica back. */
  private lacksRoom = ({ type }: Attempt) =>
    rollingTypes.includes(type) && this.given.size === 0 && this.faults.happens('no room', 0.3);

  /** Once, or to every attempt of a minute: then nobody knows what became of it. */
  private losesReply({ at }: Attempt, key: string): boolean {
    if (at < (this.lost.get(key) ?? 0)) return true;
    if (!this.faults.happens('reply lost', 0.2)) return false;
    if (this.faults.stream('reply lost').chance(0.4)) this.lost.set(key, at + minutes(1));
    return true;
  }

  /** What was begun while it was armed is finished. */
  private isArmed = (attempt: Attempt) =>
    this.effects.some(({ key }) => key === callOf(attempt).key) || !this.unarmed.some(span => isWithin(span, attempt.at));

  private isHeld = ({ at }: Attempt) => (this.hold !== undefined && isWithin(this.hold, at)) || this.faults.happens('held', 0.2);

  /** The quota has room for the surge of one rollout. */
  private isCrowded = ({ type, at }: Attempt, key: string) =>
    rollingTypes.includes(type) && this.rollouts.some(one => one.key !== key && isWithin(one, at));

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

  private plan(key: string, approved: string | undefined): Outcome {
    const digest = `plan-${this.plans.size}-${this.faults.stream('plan moves').below(1_000_000)}`;
    this.plans.set(withoutLetter(key), digest);
    return planned(approved ? 'moved' : 'approval', aPlan(digest));
  }

  /** Doing it twice under one key is doing it once. */
  private apply(attempt: Attempt): Outcome {
    const { key, approved } = callOf(attempt);
    const { type, title, args, at } = attempt;
    if (!this.effects.some(effect => effect.key === key)) {
      this.effects.push({ type, title, key, at, input: args[0], ...(approved && { approved }) });
      if (rollingTypes.includes(type)) this.rollouts.push({ key, from: at, to: at + rollingOut });
    }
    if (type === 'giveBackReplica') this.given.add(key);
    if (type === 'takeBack') this.given.delete((args[0] as { takeBack: TakeBack }).takeBack.key);
    const nothing = this.faults.happens('no effect', 0.15);
    const effect = nothing ? ({ measured: 'none', text: '0 of 5' } as const) : ({ measured: 'whole', text: '5 of 5' } as const);
    const takeBack = {
      action: 'setFallback',
      key,
      target: { system: 'kubernetes', kind: 'ConfigMap', namespace: 'n', name: 'c' },
      words: 'a change',
    } as const;
    return done(aReceipt({ effect, takeBack }));
  }

  private tell({ type, title, args, at }: Attempt): Reaction {
    const { key, dryRun } = callOf({ args });
    if (dryRun) return { result: planned('dry run') };
    if (this.faults.happens('fails', 0.3)) return { error: new Error('503') };
    if (!this.effects.some(effect => effect.key === key)) this.effects.push({ type, title, key, at, input: args[0] });
    if (this.faults.happens('reply lost', 0.2)) return { error: new Error('the reply was lost') };
    return {
      result: done(aReceipt({ changes: [], effect: { measured: 'nothing to measure', text: 'sent' }, takeBack: undefined })),
    };
  }

  private look(attempt: Attempt): Reaction {
    const { type, title, at } = attempt;
    if (this.faults.happens('fails', 0.1)) return { error: new Error('timeout') };
    const verdict = type === 'watch' ? this.watch(attempt) : this.verdictOf(type, title);
    this.looks.push({ type, title, verdict, at });
    const facts = {
      share: 1,
      jobs: 30,
      inside: 'faulty',
      outside: 'faulty',
      code: 503,
      change: null,
      incident: 'x',
    };
    return { result: finding(verdict, facts), takes: type === 'watch' ? 600_000 : 1000 };
  }

  /** Looks as the real watch looks, by its own rule; sometimes nobody can look for a while. */
  private watch({ title, args, at }: Attempt): Finding['verdict'] {
    const { watching } = args[0] as { watching: Watching };
    const verdict = this.verdictOf('watch', title);
    let watched = this.rule.watchFrom(at);
    let [now, held] = [at, 0];
    for (;;) {
      const gap = this.faults.happens('gap', 0.1);
      const passed = gap ? 20 * watching.every + 60_000 : watching.every;
      now += passed;
      if (watched.last && !gap) held += passed;
      watched = this.rule.afterLook(watched, { verdict }, now, watching.every);
      const settled = this.rule.settled(watched, watching, now);
      if (settled === 'healthy') this.watches.push({ title, held, wanted: watching.for });
      if (settled) return settled;
    }
  }

  private verdictOf(type: string, title: string): Finding['verdict'] {
    if (this.faults.happens('unsure finding', 0.15)) return 'unknown';
    const relapsed = this.relapses.get(title) ?? 0;
    if (relapsed < 2 && type === 'watch' && this.faults.happens('relapse', 0.4)) {
      this.relapses.set(title, relapsed + 1);
      return 'faulty';
    }
    return ['dynexStatus', 'probeDynex'].includes(type) ? 'faulty' : 'healthy';
  }
}

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
/** The way back is asked: in stages, the first. */
const needsApproval = (attempt: Attempt) => inputOf(attempt).enabled === false || inputOf(attempt).percent === 10;

/** The key without the letter of a later try. */
const withoutLetter = (key: string) => key.replace(/[b-z]+$/, '');
