/** One practice platform on which written runbooks run from their alert, or their start, to their end, and what they wrote there. */

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Following } from '../../lab/guide/following.ts';
import { groundOf } from '../../lab/guide/platform-outage.ts';
import type { Sent } from '../../lab/guide/proof.ts';
import { isRecovered } from '../../lab/guide/scenes.ts';
import type { Ground } from '../../lab/scenarios/ground.ts';
import { runbooks } from '../../workflows/catalog/index.ts';
import { annAnswers, type Answers } from './ann-answers.ts';
import { type Answered, answeredBy, observer } from './answered-by.ts';
import { byDay } from './by-day.ts';
import { cloudDatabase } from './cloud-database.ts';
import { setCustomers } from './operating.ts';
import { type LetterBox, letterBox } from './letter-box.ts';
import { meteredCluster } from './metered-cluster.ts';
import type { Canaries } from './canaries.ts';
import { Platform } from './practice.ts';
import { credentials, secretsFound } from './secrets-of-the-tour.ts';
import { countsOf, leftIn, type Line } from './tour-line.ts';

/** Servers that the practice platform does not start. */
interface Beside {
  mail: LetterBox;
  database: { close: () => Promise<void> };
  /** What its pods use. */
  metrics: { close: () => Promise<void> };
}

/** Stripe's messages say what money did. */
const told = (messages: Sent[]) => messages.map(({ system }) => system).filter(system => system !== 'stripe');

/** A pod of a Deployment has another name each time: it counts as its workload. */
const workloadIn = (name: string) => name.replace(/-[a-z0-9]{8,10}-[a-z0-9]{5}$/, '');

export class Tour {
  readonly platform: Platform;
  readonly ground: Ground;

  readonly #answers: string;
  readonly #beside: Beside;

  private constructor(platform: Platform, answers: string, beside: Beside) {
    this.platform = platform;
    this.#answers = answers;
    this.#beside = beside;
    this.ground = groundOf(platform.practice);
  }

  /** Every runbook of the catalog may act there. */
  static async start(): Promise<Tour> {
    const answers = join(await mkdtemp(join(tmpdir(), 'nqba-tour-')), 'answers.jsonl');
    const [mail, database] = await Promise.all([letterBox(), cloudDatabase()]);
    const observed = { ANSWERS: answers, NODE_OPTIONS: `--import ${observer}` };
    const workerEnvironment = { ...observed, ...mail.variables, ...database.variables, ...credentials };
    const timeZone = byDay(new Date());
    const platform = await Platform.start({ pace: 1 / 60, timeZone, peers: true, workerEnvironment });
    const metrics = await meteredCluster(platform.practice);
    const tour = new Tour(platform, answers, { mail, database, metrics });
    await tour.platform.hold(Object.fromEntries(runbooks.map(({ slug }) => [`mode.${slug}`, 'supervised'])));
    return tour;
  }

  async stop() {
    await this.platform.stop();
    await Promise.all(Object.values(this.#beside).map(server => server.close()));
    await rm(dirname(this.#answers), { recursive: true, force: true });
  }

  /** Nothing is broken any more, also after a runbook that failed half-way. */
  async calm(): Promise<void> {
    for (const system of ['dynex', 'api', 'pinning']) await this.platform.set(system, 'healthy');
    await setCustomers(this.platform, { trouble: 'quiet', billing: {} });
  }

  /** What a command prints, which must succeed. */
  async said(...command: string[]): Promise<string> {
    const { stdout, stderr, code } = await this.platform.cli(...command);
    assert.equal(code, 0, `${command.join(' ')}: ${stderr}`);
    return stdout;
  }

  async alerted(alert: string): Promise<Following> {
    return this.#following(await this.said('practice', 'alert', alert), /^opened (\S+):/);
  }

  async opened(runbook: string, because = 'a test'): Promise<Following> {
    return this.#following(await this.said('open', runbook, '--because', because), /^(\S+): opened/);
  }

  async started(operation: string, ...flags: string[]): Promise<Following> {
    return this.#following(await this.said('start', operation, ...flags), /^(\S+): started/);
  }

  #following(printed: string, name: RegExp): Following {
    return new Following(this.platform.temporal, name.exec(printed)?.[1] ?? assert.fail(printed));
  }

  answering = annAnswers;

  /** Until it has closed; its alert ends once recovery is measured. */
  async closed(incident: Following, { alert, answers }: { alert?: string; answers?: Answers } = {}): Promise<Following> {
    await this.answering(incident, isRecovered, answers);
    if (alert !== undefined) await this.said('practice', 'alert', alert, '--resolved');
    await this.answering(incident, ({ state }) => state === 'closed', answers);
    return incident;
  }

  /** Credentials, and words that were told, where no credential may be. */
  found = (told: Canaries): Promise<string[]> => secretsFound(this.platform, this.#beside.mail.variables, told);

  /** Who answered its steps. */
  async answered(operation: Following): Promise<Answered> {
    const { workflowId } = await operation.incident();
    return answeredBy(this.platform, workflowId, await operation.report(), this.#answers);
  }

  /** Mailboxes that got a mail with such a subject since then, by the mail server. */
  mailed(subject: RegExp, since: Date): string[] {
    return this.#beside.mail.readers(subject, since);
  }

  /** What has happened since then, by the audit log of the API server and the stand-ins' records; its report names what is left. */
  async line(operation: Following, since: Date): Promise<Line> {
    const report = await operation.report();
    const writes = await this.platform.writes(since, ['nqba-runbooks']);
    return {
      runbook: report.runbook,
      writes: countsOf(writes.map(({ resource, name }) => `${resource}/${workloadIn(name)}`)),
      messages: countsOf([...this.#beside.mail.since(since), ...told(this.platform.messages(since))]),
      questions: report.questions.length,
      left: leftIn(report),
      outcome: report.outcome ?? 'none',
    };
  }
}
