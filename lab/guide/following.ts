// Following one incident from outside: its report, as anyone may ask for it, however often the worker dies meanwhile.
import { setTimeout as pause } from 'node:timers/promises';
import type { Listed } from '../../client/incident.ts';
import { openQuestions } from '../../client/cli/first-lines.ts';
import { reportOf } from '../../client/report.ts';
import type { Temporal } from '../../client/temporal.ts';
import type { Question, Report } from '../../workflows/contract/index.ts';
import { LabError } from '../lab-error.ts';

const patience = 240_000;

export class Following {
  readonly #temporal: Temporal;
  readonly #name: string;

  constructor(temporal: Temporal, name: string) {
    this.#temporal = temporal;
    this.#name = name;
  }

  get name() {
    return this.#name;
  }

  incident = (): Promise<Listed> => this.#temporal.find(this.#name);

  async report(): Promise<Report> {
    return reportOf(await this.#temporal.read(await this.incident()));
  }

  /** Looks until something is seen in the report. @throws LabError after four minutes */
  async until<T>(what: string, look: (report: Report) => T | undefined, within = patience): Promise<T> {
    const deadline = Date.now() + within;
    for (;;) {
      const report = await this.report().catch(() => undefined);
      const seen = report && look(report);
      if (seen !== undefined) return seen;
      if (Date.now() > deadline)
        throw new LabError(
          `The practice incident did not get to “${what}” within ${within / 1000} s: runbooks show ${this.#name}${whereItIs(report)}`,
        );
      await pause(250);
    }
  }

  asked = (title: string): Promise<Question> => this.until(`the question ${title}`, report => openQuestion(report, title));

  answered = (id: string, within?: number): Promise<Question> =>
    this.until(
      `an answer to ${id}`,
      ({ questions }) => questions.find(question => question.id === id && (question.answer ?? question.withdrawn)),
      within,
    );

  async acknowledge(by: string) {
    return this.#temporal.tell(await this.incident(), 'acknowledge', { by });
  }

  /** With the digest of a plan, exactly that plan is meant. */
  async decide(question: string, choice: string, by: string, more: { reason?: string; digest?: string } = {}) {
    return this.#temporal.tell(await this.incident(), 'decide', { question, choice, by, ...more });
  }
}

const openQuestion = ({ questions }: Report, title: string) =>
  questions.find(question => question.title === title && question.answer === undefined && question.withdrawn === undefined);

export const settledStep = ({ steps }: Report, title: string) =>
  steps.find(step => step.title === title && step.state !== 'running' && step.state !== 'waiting');

/** For whoever can no longer ask it. */
function whereItIs(report: Report | undefined): string {
  if (!report) return ' (it does not answer)';
  const asked = openQuestions(report).map(({ title }) => `“${title}”`);
  const running = report.steps.filter(({ ended }) => ended === undefined).map(({ title }) => `“${title}”`);
  const outcome = report.outcome ? `: ${report.outcome}` : '';
  return ` (${report.state}${outcome}; asked: ${asked.join(', ') || 'nothing'}; running: ${running.join(', ') || 'nothing'})`;
}
