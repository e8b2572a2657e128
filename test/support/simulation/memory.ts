import type { Report } from '../../../workflows/contract/index.ts';
import type { Shown } from './deliveries.ts';
import { heard, type Occurrence } from './told.ts';
import { holds } from './violation.ts';

/** I3: what was decided stays decided, and no alert is taken for another. */
export class Memory {
  private readonly answers = new Map<string, string>();
  private readonly shown: Shown[];

  constructor(shown: Shown[]) {
    this.shown = shown;
  }

  /** @param now milliseconds since 1970 */
  check({ questions, alerts }: Report, now: number) {
    for (const [id, choice] of this.answers)
      holds('I3', questions.find(asked => asked.id === id)?.answer?.choice === choice, () => `the answer to ${id} was lost`);
    for (const { id, answer } of questions) if (answer) this.answers.set(id, answer.choice);
    for (const { fingerprint, status, name } of alerts)
      holds(
        'I3',
        this.saidBy(fingerprint, now).includes(status),
        () => `${name} ${fingerprint} counts as ${status}, which nobody said`,
      );
  }

  /** What was said of the latest occurrence of an alert. What comes at this very moment may or may not have been heard. */
  private saidBy(fingerprint: string, now: number): string[] {
    const ofIt = this.shown.filter(one => one.fingerprint === fingerprint);
    const statusBy = (isHeard: (at: number) => boolean) =>
      statusOf(ofIt.filter(({ at }) => isHeard(at)).reduce<Occurrence | undefined>(heard, undefined));
    return [statusBy(at => at <= now), statusBy(at => at < now)];
  }
}

const statusOf = (latest: Occurrence | undefined) => (latest?.ended === undefined ? 'firing' : 'resolved');
