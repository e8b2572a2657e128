/** What people say beside decisions. */

import type { Job } from '../../../worker/rehearsal/sandbox.ts';
import { type Report, severities } from '../../../workflows/contract/index.ts';
import { minutes, threeAtNight } from '../rehearsing.ts';
import type { Faults } from './faults.ts';
import type { Post, Postman } from './postman.ts';
import { persons } from './staff.ts';
import type { World } from './world.ts';

/** A cancellation as it was sent. */
export interface Cancelled {
  /** Milliseconds since 1970. */
  at: number;
  by: string;
  reason?: string;
  falseAlarm?: true;
}

const reason = 'because';
const titles = ['Immediate Response', 'Investigation', 'Resolution Steps', 'Recovery', 'Lunch'] as const;

/** Commands of one seed: at any time, allowed or not. */
export class Commands {
  readonly cancelled: Cancelled[] = [];
  private readonly faults: Faults;
  private readonly postman: Postman;
  private readonly world: World;

  constructor(faults: Faults, postman: Postman, world: World) {
    this.faults = faults;
    this.postman = postman;
    this.world = world;
  }

  say(report: Report, now: number): Post[] {
    const at = now + 1000;
    return [...this.cancel(now), ...this.undo(report, now), ...this.changes(report, at, now), ...this.signsOfLife(at, now)];
  }

  private cancel(now: number): Post[] {
    const { happens, stream } = this.faults;
    if (this.cancelled.length > 1 || !happens('cancel', 0.04)) return [];
    const { chance, pick } = stream('cancel');
    const said: Omit<Cancelled, 'at'> = { by: pick(['bob', 'ann', 'dan']) };
    if (chance(0.5)) said.falseAlarm = true;
    if (chance(0.7)) said.reason = 'a drill';
    this.cancelled.push({ ...said, at: now + 1000 });
    return [{ signal: 'cancel', args: [said] }];
  }

  /** Of an open incident everything but its notice is undone, the latest first; a take-back is a workflow of its own, and says so. */
  private undo({ steps }: Report, now: number): Post[] {
    if (this.world.isHeldAt(now) || !this.faults.happens('undone outside', 0.05)) return [];
    const { records } = this.world.objects;
    const keys = steps.flatMap(({ takeBack, undone }) => (takeBack && undone === undefined ? takeBack.key : []));
    const standing = [...new Set(keys)].filter(key => records.get(key)?.target.system === 'kubernetes').reverse();
    return standing.map(key => {
      this.world.undoFromOutside(key, now);
      return { signal: 'undone', args: [{ key, by: this.faults.stream('undone outside').pick(persons) }] };
    });
  }

  private changes({ phases }: Report, at: number, now: number): Post[] {
    const { happens, stream } = this.faults;
    const said: Post[] = [];
    const { pick } = stream('severity changes');
    if (happens('severity changes', 0.05))
      said.push(
        this.postman.post({ kind: 'severity', said: { severity: pick(severities), by: pick(persons), reason }, at }, now),
      );
    if (phases.length > 0 && happens('more time', 0.1)) {
      const by = stream('more time').pick(persons);
      const open = phases.filter(({ ended }) => ended === undefined).map(({ title }) => title);
      said.push(this.postman.post({ kind: 'extend', said: { ...this.moreTime(at, open), by, reason }, at }, now));
    }
    if (happens('command taken', 0.05))
      said.push(this.postman.post({ kind: 'takeOver', said: { by: stream('command taken').pick(persons) }, at }, now));
    return said;
  }

  private moreTime(at: number, open: string[] = []): { phase: string; minutes?: number; until?: string } {
    const { pick, chance, below } = this.faults.stream('more time');
    const phase = pick(open.length > 0 && chance(0.7) ? open : titles);
    if (chance(0.5)) return { phase, minutes: pick([5, 30, 1440]) };
    return { phase, until: new Date(at + minutes(below(60) - 20) + (chance(0.2) ? 86_400_000 : 0)).toISOString() };
  }

  private signsOfLife(at: number, now: number): Post[] {
    const { happens, stream } = this.faults;
    const said: Post[] = [];
    if (happens('note taken', 0.05))
      said.push(
        this.postman.post({ kind: 'note', said: { text: `seen at ${now}`, by: stream('note taken').pick(persons) }, at }, now),
      );
    if (happens('acknowledged', 0.05))
      said.push(this.postman.post({ kind: 'acknowledge', said: { by: stream('acknowledged').pick(persons) }, at }, now));
    if (happens('released early', 0.05))
      said.push(this.postman.post({ kind: 'release', said: { by: stream('released early').pick(persons) }, at }, now));
    return said;
  }

  /** Updates are sent beforehand, at any time. */
  updates(): { after: number; job: Job }[] {
    const { happens, stream } = this.faults;
    const { below, pick } = stream('sent as update');
    const jobs: { after: number; job: Job }[] = [];
    while (happens('sent as update', 0.85)) {
      const at = threeAtNight + 1000 * (1 + below(pick([600, 20_000])));
      const by = pick(persons);
      jobs.push(
        pick([
          () => this.postman.update('note', { text: `updated at ${at}`, by }, at),
          () => this.postman.update('severity', { severity: pick(severities), by, reason }, at),
          () => this.postman.update('takeOver', { by }, at),
          () => this.postman.update('acknowledge', { by }, at),
          () => this.postman.update('extend', { ...this.moreTime(at), by, reason }, at),
          () => this.postman.update('decide', { question: 'what-is-the-cause', choice: 'Authentication Issue', by }, at),
        ])(),
      );
    }
    return jobs;
  }
}
