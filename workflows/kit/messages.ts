import { CancellationScope } from '@temporalio/workflow';
import type { About, Call, Outcome } from '../contract/index.ts';
import { keepSending, runAction } from './activities.ts';
import type { Incident } from './incident.ts';
import { type Acting, act, failureOf } from './step.ts';

/** What a message that is not delivered is called on the board. */
const sinks: Record<string, string> = {
  declareIncident: 'incident channel',
  resolveIncident: 'incident channel',
  page: 'pager',
  setStatusPage: 'status page',
  tellCustomers: 'customers',
};

/** The public page is not ours alone: it is planned, held and observed as an action is; it only never blocks. */
const asksFirst = ['setStatusPage'];

export const isMessage = (type: string) => type in sinks;

/** Messages never block and never ask: each sink has its own line, and newer text overtakes what was not delivered. */
export class Outbox {
  private readonly incident: Incident;
  private readonly lines = new Map<string, { last: Promise<void>; untiring?: CancellationScope }>();

  constructor(incident: Incident) {
    this.incident = incident;
  }

  send(acting: Acting) {
    const sink = sinks[acting.type] ?? acting.type;
    const line = this.lines.get(sink) ?? { last: Promise.resolve() };
    this.lines.set(sink, line);
    line.last = CancellationScope.nonCancellable(() => line.last.then(() => this.deliver(acting, sink, line)));
  }

  /** Until each message was tried; what is still not delivered then is in the report. */
  async settle() {
    await Promise.all([...this.lines.values()].map(({ last }) => last));
    for (const { untiring } of this.lines.values()) untiring?.cancel();
  }

  private async deliver(acting: Acting, sink: string, line: { untiring?: CancellationScope }): Promise<void> {
    line.untiring?.cancel();
    const { title, key, type, input } = acting;
    const call: Call = { key, about: this.about() };
    if (asksFirst.includes(type)) return this.deliverWhenAllowed(acting, call, sink);
    try {
      this.delivered(acting, sink, await runAction(title, type, input, call));
    } catch (error) {
      this.incident.record({ kind: 'not delivered', system: sink, because: failureOf(error).message });
      this.incident.record({ kind: 'step settled', key, state: 'not delivered', because: failureOf(error).message });
      line.untiring = new CancellationScope();
      void line.untiring.run(() => this.until(acting, call, sink));
    }
  }

  private async deliverWhenAllowed(acting: Acting, call: Call, sink: string) {
    const { state } = await act(this.incident, acting, call);
    if (state === 'done') this.incident.record({ kind: 'delivered', system: sink, page: false });
  }

  private async until(acting: Acting, call: Call, sink: string) {
    try {
      this.delivered(acting, sink, await keepSending(acting.title, acting.type, acting.input, call));
    } catch {
      // Overtaken by newer text, refused for good, or the incident is over: it stays on the list of what was not delivered.
    }
  }

  private delivered({ title, key, type }: Acting, sink: string, outcome: Outcome) {
    if ('byHand' in outcome) {
      this.incident.record({ kind: 'by hand', step: title, ...outcome.byHand });
      this.incident.record({
        kind: 'step settled',
        key,
        state: 'by hand',
        because: `${outcome.byHand.system} is not connected`,
        evidence: outcome.byHand.paste,
      });
    } else if ('done' in outcome) {
      this.incident.record({ kind: 'delivered', system: sink, page: type === 'page' });
      this.incident.record({
        kind: 'step settled',
        key,
        state: 'done',
        because: outcome.done.note,
        evidence: outcome.done.effect.text,
      });
    }
  }

  private about(): About {
    const { state, workflowId } = this.incident;
    return {
      incident: state.incident,
      runbook: state.title,
      severity: state.severity,
      summary: state.summary,
      fired: state.times.fired,
      workflowId,
    };
  }
}
