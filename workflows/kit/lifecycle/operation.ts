import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import { type FieldTable, operationPrefix, runbooks, type ValuesOf } from '../../catalog/index.ts';
import type { OperationStart, PlatformTimes, Report, StepState } from '../../contract/index.ts';
import { Incident, type Resumed, type Showing } from '../incident/incident.ts';
import { type BegunOperation, operationStartOf } from '../incident/start.ts';
import { longestLine } from '../record/bounds.ts';
import { handedOver } from '../record/follow-ups.ts';
import { takeBackClearings } from '../words/take-back.ts';
import { unending } from '../words/unending.ts';
import type { IncidentWords, Words } from '../words/words.ts';
import { runLifecycle } from './lifecycle.ts';

export interface OperationRun {
  /** The start of the operation. */
  began: Date;
  /** Of a step, as it is now: for words to people alone, as a body that is run again may find it changed. */
  stateOf: (title: string) => StepState | undefined;
}

/**
 * Makes a workflow of a written operation: the words, the record and the way back of an incident. No alert begins it, it pages no
 * one, and it closes when its body has returned and everything open is settled. `at`: the time of its schedule, else its start.
 * What the body returns is its result, in a sentence.
 */
export function operation<const T extends FieldTable>(
  title: string,
  table: T,
  body: (words: Words, values: ValuesOf<T>, at: Date, platform: PlatformTimes, run: OperationRun) => Promise<string | void>,
): (show: Showing, ...args: unknown[]) => Promise<Report> {
  const { slug, severity, owner } = inCatalog(title);
  return async function conducted(show, ...args) {
    const { values, resumed, ...start } = operationStartOf(args, table);
    const incident = new Incident({ title, runbook: slug, severity, owner, kind: 'operation' }, asStart(start, resumed));
    show(incident);
    const { startsAt: began } = incident.start.alert;
    const at = scheduledTime() ?? began;
    const stateOf = (title: string) => incident.state.steps.find(step => step.title === title)?.state;
    let result: string | void;
    return runLifecycle(incident, {
      body: async speaker => {
        const { platform } = incident.start;
        result = await body(unending(speaker), values as ValuesOf<T>, new Date(at), platform, {
          began: new Date(began),
          stateOf,
        });
      },
      closing: async speaker => {
        await speaker.untilNothingIsLeft();
        // A mail that no one has sent by now is not sent any more.
        await speaker.endWhatIsLeft();
        await takeBackClearings(incident);
        return outcomeOf(incident);
      },
      tell: (speaker, outcome) => announceTheEnd(incident, speaker, [outcome, result].filter(Boolean).join('. ')),
      rollOver: resumed =>
        continueAsNew<(start: OperationStart & { resumed: Resumed }) => Promise<Report>>({ ...start, resumed }),
    });
  };
}

/** Everything in the kit counts from an alert: here it is the start itself, which is over as it begins. */
function asStart({ platform, because, attributes }: Omit<BegunOperation, 'values' | 'resumed'>, resumed: Resumed | undefined) {
  const name = workflowInfo().workflowId.replace(operationPrefix, '').slice(0, longestLine);
  const alert = {
    name: 'Operation',
    status: 'resolved',
    fingerprint: name,
    startsAt: resumed?.state.times.opened ?? new Date().toISOString(),
    labels: {},
    annotations: {},
    source: 'person',
  } as const;
  const at = scheduledTime();
  const text = because ?? (at === undefined ? 'Started in Temporal' : `Scheduled for ${at.slice(0, 16).replace('T', ' ')} UTC`);
  return { version: 1, name, alert, platform, because: text, attributes, resumed } as const;
}

/** RFC 3339; the server appends it to the workflow id. */
const scheduledTime = (): string | undefined => /-(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/.exec(workflowInfo().workflowId)?.[1];

function outcomeOf({ state }: Incident): string {
  if (state.replay.threw) return 'finished by hand';
  return state.mode === 'observe' ? 'observed' : 'done';
}

/** One message, with what is left to people. */
function announceTheEnd({ state }: Incident, { step }: IncidentWords, result: string) {
  const text = `${state.title}: ${result.replace(/\.$/, '')}.`;
  return step('Announce the result').comms.remark({ text, lines: handedOver(state) });
}

function inCatalog(title: string) {
  const entry = runbooks.find(written => written.title === title);
  if (entry === undefined) throw new Error(`The catalog has no operation called ${title}`);
  return entry;
}
