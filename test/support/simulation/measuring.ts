/** What checks measure in a simulated world, beside what goes wrong with measuring itself. */

import type { Finding, TakeBack, Watching } from '../../../workflows/contract/index.ts';
import { finding } from '../rehearsing.ts';
import type { IsDown } from './dynex.ts';
import type { Faults } from './faults.ts';
import type { Objects } from './objects.ts';
import type { WatchRule } from './world.ts';

/** A check by its activity type, as it is asked. */
export interface Asked {
  title: string;
  type: string;
  input: unknown;
}

interface JobsInput {
  solver: 'dynex' | 'classical';
  startedShare?: number;
}

/** Jobs that the platform itself sends to classical solvers while Dynex fails. */
const byItself = 0.66;

export class Measuring {
  /** Watches that were called healthy, and for how long it had really been so without a gap (milliseconds). */
  readonly watches: { title: string; held: number; wanted: number }[] = [];
  private readonly relapses = new Map<string, number>();
  private readonly faults: Faults;
  private readonly rule: WatchRule;
  private readonly objects: Objects;
  private readonly isDown: IsDown;

  constructor(faults: Faults, rule: WatchRule, objects: Objects, isDown: IsDown) {
    this.faults = faults;
    this.rule = rule;
    this.objects = objects;
    this.isDown = isDown;
  }

  check({ type, input }: Asked, at: number): Finding {
    if (this.faults.happens('unsure finding', 0.15)) return finding('unknown', this.facts(input, at));
    return finding(this.verdict(type, input, at), this.facts(input, at));
  }

  /** Samples as the real watch does, by its own rule; sometimes no sample can be taken for a while. The finding, and when it came. */
  watch({ title, input }: Asked, at: number): { finding: Finding; until: number } {
    const { watching, check, input: asked } = input as { watching: Watching; check: string; input: unknown };
    const isUnsure = this.faults.happens('unsure finding', 0.15);
    const relapses = !isUnsure && this.relapsesNow(title);
    let watched = this.rule.watchFrom(at);
    let [now, held] = [at, 0];
    for (let before: Finding['verdict'] = 'unknown'; ; ) {
      const gap = this.faults.happens('gap', 0.1);
      const passed = gap ? 20 * watching.every + 60_000 : watching.every;
      now += passed;
      const verdict = isUnsure ? 'unknown' : relapses ? 'faulty' : this.verdict(check, asked, now);
      held = verdict === 'faulty' ? 0 : held + (!gap && verdict === 'healthy' && before === 'healthy' ? passed : 0);
      before = verdict;
      watched = this.rule.afterLook(watched, { verdict }, now, watching.every);
      const settled = this.rule.settled(watched, watching, now);
      if (settled === 'healthy') this.watches.push({ title, held, wanted: watching.for });
      if (settled) return { finding: finding(settled, this.facts(asked, now)), until: now };
    }
  }

  private relapsesNow(title: string): boolean {
    const relapsed = this.relapses.get(title) ?? 0;
    if (relapsed >= 2 || !this.faults.happens('relapse', 0.4)) return false;
    this.relapses.set(title, relapsed + 1);
    return true;
  }

  /** Do customers have what they should: jobs on Dynex, with success? */
  isRecovered = (at: number) => !this.isDown(at) && !this.objects.isRouted();

  private verdict(type: string, input: unknown, at: number): Finding['verdict'] {
    if (type === 'standing') return this.standing(input).length > 0 ? 'faulty' : 'healthy';
    if (type === 'recovered') {
      const { symptom = false } = input as { symptom?: boolean };
      return this.isDown(at) || (!symptom && this.objects.toDynex < 1) ? 'faulty' : 'healthy';
    }
    if (type === 'jobs') return this.jobs(input as JobsInput, at);
    return ['dynexStatus', 'probeDynex', 'canary'].includes(type) && this.isDown(at) ? 'faulty' : 'healthy';
  }

  private jobs({ solver, startedShare = 0 }: JobsInput, at: number): Finding['verdict'] {
    if (solver === 'classical') return 'healthy';
    return this.isDown(at) || this.objects.toDynex < startedShare ? 'faulty' : 'healthy';
  }

  /** Part of the jobs that run on classical solvers. */
  classical(at: number): number {
    if (this.objects.isRouted()) return 1 - this.objects.toDynex;
    return this.isDown(at) ? byItself : 0;
  }

  /** Keys of these changes that stand. */
  private standing(input: unknown): string[] {
    const { changes } = input as { changes: TakeBack[] };
    const standing = this.objects.standing().map(({ key }) => key);
    return [...changes, ...this.found(input)].map(({ key }) => key).filter(key => standing.includes(key));
  }

  /** Changes that no receipt has named. */
  private found(input: unknown): TakeBack[] {
    const { changes, tried = [] } = input as { changes: TakeBack[]; tried?: { key: string }[] };
    return this.objects.foundFor(
      tried,
      changes.map(({ key }) => key),
    );
  }

  private facts(input: unknown, at: number) {
    const seen = this.isDown(at) ? 'faulty' : 'healthy';
    const asksForChanges = typeof input === 'object' && input !== null && 'changes' in input;
    const standing = asksForChanges ? this.standing(input) : undefined;
    const found = asksForChanges ? this.found(input) : undefined;
    const share = this.classical(at);
    return { share, jobs: 30, inside: seen, outside: seen, code: 503, change: null, incident: 'x', standing, found };
  }
}
