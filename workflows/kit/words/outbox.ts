import { CancellationScope } from '@temporalio/workflow';
import { isPublic, messageOf } from '../../catalog/activities.ts';
import type { About, Asked, FollowUp, StepReport } from '../../contract/index.ts';
import { type Acting, failureOf } from './acting.ts';
import { keepSending, type runAction } from './activities.ts';
import type { Incident } from '../incident/incident.ts';
import { numberedAfter } from '../record/bounds.ts';
import { openQuestions, type State } from '../record/state.ts';
import { noteReach } from './reach.ts';
import { trackedRun, settle } from './step.ts';

/** Newest pages of the escalation that a message knows of. */
const mostToldOf = 40;
const pagesOf = ({ paging: { pages, pagesBefore } }: State) =>
  numberedAfter(pages, pagesBefore)
    .map(([{ roles }, again]) => ({ roles, again }))
    .slice(-mostToldOf);

/**
 * Pages of the escalation go to different people, each question is announced, each follow-up has its ticket, and mail to customers of a
 * list reaches not all: none supersedes another's.
 */
function sinkOf({ type, input }: Pick<Acting, 'type' | 'input'>): string {
  const {
    again,
    roles = [],
    question,
    followUp,
    list,
  } = input as { again?: number; roles?: string[]; question?: Asked; followUp?: FollowUp; list?: unknown };
  if (followUp) return `tickets (${followUp.owner}: ${followUp.title})`;
  if (question) return `questions (${question.owner}: ${question.title})`;
  if (list !== undefined) return `${messageOf(type)?.sink ?? type} of a list`;
  return type === 'page' && again !== undefined ? `pager (${roles.join(', ')})` : (messageOf(type)?.sink ?? type);
}

/** A remark is on the record though no one could be told. */
const wordsOf = ({ type, input }: Acting) => (type === 'remark' ? (input as { text: string }).text : '');

/** One sink: its messages go out one after the other. */
interface Line {
  last: Promise<unknown>;
  newest?: Acting;
  /** Keeps sending what was not delivered. */
  untiring?: CancellationScope;
}

/** Messages never block, and newer text supersedes what was not delivered or not allowed yet. */
export class Outbox {
  private readonly incident: Incident;
  private readonly lines = new Map<string, Line>();
  private readonly afterCancellation = new Set<string>();

  constructor(incident: Incident) {
    this.incident = incident;
  }

  send(acting: Acting) {
    const sink = sinkOf(acting);
    const line: Line = this.lines.get(sink) ?? { last: Promise.resolve() };
    this.lines.set(sink, line);
    if (line.newest) this.withdraw(line.newest, superseded);
    line.newest = acting;
    if (this.incident.state.cancelled) this.afterCancellation.add(acting.key);
    line.last = this.incident.nonCancellable.run(() => line.last.then(() => this.deliver(acting, sink, line)));
  }

  /** True if a recorded message is still to be delivered: there is no newer text since. */
  owes(acting: Pick<Acting, 'type' | 'input'>, { key, state }: StepReport): boolean {
    const { undelivered, steps } = this.incident.state;
    const sink = sinkOf(acting);
    const isNewest = steps.findLast(one => one.action && one.state !== 'withdrawn' && sinkOf(one.action) === sink)?.key === key;
    return state === 'not delivered' && isNewest && undelivered.some(({ system }) => system === sink);
  }

  /** Until each message was tried; what is still not delivered then is in the report. */
  async settle() {
    const newest = () => [...this.lines.values()].map(({ last }) => last);
    for (let seen: Promise<unknown>[] = []; seen.length < newest().length || newest().some(last => !seen.includes(last)); ) {
      seen = newest();
      await Promise.all(seen);
    }
    for (const { untiring } of this.lines.values()) untiring?.cancel();
  }

  private async deliver(acting: Acting, sink: string, line: Line): Promise<void> {
    line.untiring?.cancel();
    const isSuperseded = () => line.newest !== acting;
    const unwanted = () => (this.cancelledSince(acting) ? cancelled : isSuperseded() ? superseded : acting.unwanted?.());
    const freely = !isPublic(acting.type);
    const say = (send: typeof runAction, meanwhile?: Acting['meanwhile']) =>
      this.say({ ...acting, freely, unwanted, meanwhile }, sink, send);
    try {
      await say(trackedRun(this.incident));
    } catch (error) {
      const { message: because, unreached } = failureOf(error);
      this.incident.record({ kind: 'not delivered', system: sink, because, page: acting.type === 'page' });
      if (unreached) noteReach(this.incident, acting, unreached);
      const meanwhile = { state: 'not delivered', because } as const;
      this.incident.record({ kind: 'step settled', key: acting.key, ...meanwhile, evidence: wordsOf(acting) });
      const untiring = new CancellationScope();
      line.untiring = untiring;
      void untiring.run(() => this.keepSaying(acting, line, () => say(keepSending, meanwhile)).catch(stayUndelivered));
      if (acting.unwanted)
        void this.incident.until(() => unwanted() !== undefined).then(() => this.giveUp(acting, sink, untiring));
    }
  }

  /** A message that describes the incident is written again whenever the incident changes before it is delivered. */
  private async keepSaying(acting: Acting, line: Line, say: () => Promise<void>): Promise<void> {
    for (;;) {
      const said = describes(this.about());
      const isOld = () => line.newest === acting && !isPublic(acting.type) && describes(this.about()) !== said;
      const trying = new CancellationScope();
      const sent = trying.run(say).then(() => true);
      if (await Promise.race([sent, this.incident.until(isOld)])) return;
      trying.cancel();
      await sent.catch(stayUndelivered);
    }
  }

  /** A message about a settled question need not be delivered any more. */
  private giveUp({ unwanted }: Acting, sink: string, untiring: CancellationScope) {
    untiring.cancel();
    if (unwanted?.() !== undefined) this.incident.record({ kind: 'moot', system: sink });
  }

  private async say(acting: Acting, sink: string, send: typeof runAction) {
    const { state } = await settle(this.incident, { ...acting, about: () => this.about() }, { key: acting.key }, send);
    if (state === 'done') this.incident.record({ kind: 'delivered', system: sink, page: acting.type === 'page' });
    if (state === 'withdrawn' && acting.type === 'page') this.incident.record({ kind: 'moot', system: sink });
  }

  /** Messages about the cancellation itself are wanted. */
  private cancelledSince = ({ key }: Acting) => this.incident.state.cancelled !== undefined && !this.afterCancellation.has(key);

  private withdraw({ title }: Acting, because: string) {
    const open = openQuestions(this.incident.state).filter(question => question.title === title);
    for (const { id } of open) this.incident.record({ kind: 'withdrawn', question: id, because });
  }

  private about(): About {
    const { state, workflowId } = this.incident;
    return {
      incident: state.incident,
      runbook: state.title,
      severity: state.severity,
      summary: state.summary,
      fired: state.times.fired,
      opened: state.times.opened,
      workflowId,
      state: progressOf(state),
      pages: state.paging.pages.length > 0 ? pagesOf(state) : undefined,
    };
  }
}

/** Nothing before someone has acknowledged. */
const progressOf = ({ state, commander }: State) =>
  state === 'triggered' ? undefined : [state, commander && `incident commander: ${commander}`].filter(Boolean).join(', ');

/** Pages come and go, and change no text. */
const describes = ({ pages: _, ...about }: About) => JSON.stringify(about);

const cancelled = 'the incident was cancelled';
const superseded = 'superseded by a newer message';

/** Superseded by newer text, refused for good, or the incident is over: it stays on the list of what was not delivered. */
const stayUndelivered = () => undefined;
