import { Random } from './random.ts';

/** What goes wrong in a simulated incident. */
export const faultClasses = [
  'reply lost',
  'fails',
  'nothing done',
  'no room',
  'hangs',
  'no effect',
  'plan moves',
  'held',
  'hold and release',
  'system down',
  'unsure finding',
  'gap',
  'relapse',
  'crash',
  'roll-over',
  'duplicate decision',
  'contradictory decisions',
  'reordered decisions',
  'late decision',
  'stale approval',
  'unauthorised decision',
  'wrong choice',
  'unknown question',
  'malformed decision',
  'slow people',
  'severity changes',
  'more time',
  'command taken',
  'alert resolves',
  'alert flaps',
  'duplicate alert',
  'late alert',
  'second alert',
  'truncated group',
  'cancel',
  'observing',
  'disarmed',
  'unanswered closing',
  'note taken',
  'acknowledged',
  'released early',
  'typed name',
  'sent as update',
  'old alert',
  'stale alert',
  'same alert again',
  'alert of ours',
  'another cluster',
  'slow provider',
  'nothing to fix',
  'down again',
  'undone outside',
  'skips',
] as const;
export type Fault = (typeof faultClasses)[number];

/** The faults of one seed. Each class has a stream of its own, so that leaving one out changes nothing else. */
export class Faults {
  readonly seed: number;
  readonly fired = new Set<Fault>();
  /** After some hours all goes well: what does not end then never ends. */
  haveCeased = false;
  private readonly streams: Map<Fault, Random>;
  private readonly without: Fault | undefined;
  private readonly likely: Map<Fault, boolean>;

  constructor(seed: number, without?: Fault) {
    this.seed = seed;
    this.without = without;
    this.streams = new Map(faultClasses.map((fault, index) => [fault, new Random(seed * 1009 + index * 7919 + 1)]));
    const mood = new Random(seed * 31 + 7);
    this.likely = new Map(faultClasses.map(fault => [fault, mood.chance(0.35)]));
  }

  /** Whether a fault happens here, with this probability where the seed is in the mood for it. */
  happens = (fault: Fault, probability: number): boolean => {
    const drawn = this.stream(fault).chance(probability) && this.likely.get(fault) === true;
    if (!drawn || this.haveCeased || fault === this.without) return false;
    this.fired.add(fault);
    return true;
  };

  stream = (fault: Fault): Random => {
    const stream = this.streams.get(fault);
    if (!stream) throw new Error(`there is no fault called ${fault}`);
    return stream;
  };
}
