/** One practice platform on which written runbooks run from their alert, or their start, to their end, and what they wrote there. */

import assert from 'node:assert/strict';
import { answerUntil, proposed } from '../../lab/guide/answering.ts';
import { Following } from '../../lab/guide/following.ts';
import { groundOf } from '../../lab/guide/platform-outage.ts';
import { isRecovered } from '../../lab/guide/scenes.ts';
import type { Ground } from '../../lab/scenarios/ground.ts';
import type { Report } from '../../workflows/contract/index.ts';
import { Platform } from './practice.ts';

/** Choices by the title of their question; what is proposed, or the first choice, where it has none. */
export type Answers = Readonly<Record<string, string>>;

export class Tour {
  readonly platform: Platform;
  readonly ground: Ground;

  private constructor(platform: Platform) {
    this.platform = platform;
    this.ground = groundOf(platform.practice);
  }

  /** @param armed slugs of the runbooks that may act @param peers with the servers that this machine has installed */
  static async start(armed: readonly string[], { peers = false } = {}): Promise<Tour> {
    const tour = new Tour(await Platform.start({ pace: 1 / 60, peers }));
    for (const runbook of armed) await tour.said('arm', runbook, '--mode', 'supervised', '--reason', 'a test');
    return tour;
  }

  stop = () => this.platform.stop();

  /** What a command prints, which must succeed. */
  async said(...command: string[]): Promise<string> {
    const { stdout, stderr, code } = await this.platform.cli(...command);
    assert.equal(code, 0, `${command.join(' ')}: ${stderr}`);
    return stdout;
  }

  async alerted(alert: string): Promise<Following> {
    return this.#following(await this.said('practice', 'alert', alert), /^opened (\S+):/);
  }

  async opened(runbook: string): Promise<Following> {
    return this.#following(await this.said('open', runbook, '--because', 'a test'), /^(\S+): opened/);
  }

  async started(operation: string, ...flags: string[]): Promise<Following> {
    return this.#following(await this.said('start', operation, ...flags), /^(\S+): started/);
  }

  #following(printed: string, name: RegExp): Following {
    return new Following(this.platform.temporal, name.exec(printed)?.[1] ?? assert.fail(printed));
  }

  /** ann answers every question until then. */
  answering(incident: Following, isReached: (report: Report) => boolean, answers: Answers = {}): Promise<void> {
    const asker = { say: () => undefined, yes: true, following: incident, workflowId: '', temporalUi: '' };
    return answerUntil(asker, isReached, { choose: question => answers[question.title] ?? proposed(question) });
  }

  /** Until it has closed; its alert ends once recovery is measured. */
  async closed(incident: Following, { alert, answers }: { alert?: string; answers?: Answers } = {}): Promise<Report> {
    await this.answering(incident, isRecovered, answers);
    if (alert !== undefined) await this.said('practice', 'alert', alert, '--resolved');
    await this.answering(incident, ({ state }) => state === 'closed', answers);
    return incident.report();
  }

  /** `resource/name` of each write of the worker, by the API server's audit log. */
  async written(since: Date): Promise<string[]> {
    return (await this.platform.writes(since)).map(({ resource, name }) => `${resource}/${name}`);
  }
}
