import { defineQuery, defineSignal, defineUpdate, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import type { Alert, Decision, Report, Verdicted } from '../../contract/index.ts';
import { holdDown } from '../record/alerts.ts';
import { after } from '../record/duration.ts';
import type { Event } from '../record/events.ts';
import { explanationOf } from '../record/explained.ts';
import type { Malformed } from './names.ts';
import { readAlert, readDecision, readExtension, readNote, readCancellation, readPerson, readSeverity } from './parse.ts';
import { refusalOf } from '../record/decisions.ts';
import { refusalOfSaid, type Said } from '../record/commands.ts';
import { reportOf, type State } from '../record/state.ts';

/** A signal always arrives; an update also answers. */
function bothWays(name: string) {
  return { signal: defineSignal<unknown[]>(name), update: defineUpdate<Verdicted, unknown[]>(name) };
}

const ways = {
  alert: defineSignal<unknown[]>('alert'),
  decide: bothWays('decide'),
  acknowledge: bothWays('acknowledge'),
  extend: bothWays('extend'),
  severity: bothWays('severity'),
  takeOver: bothWays('takeOver'),
  note: bothWays('note'),
  release: defineSignal<unknown[]>('release'),
  cancel: defineSignal<unknown[]>('cancel'),
};
const reportQuery = defineQuery<Report>('report');

/** The part of an incident that handlers need. */
export interface Hearer {
  readonly state: State;
  /** Messages and ended activities of this run. */
  news: number;
  record: (event: Event) => void;
  now: () => string;
  paced: (ms: number) => number;
}

/** Registers every handler; before that nothing may be awaited. */
export function registerHandlers(incident: Hearer) {
  const decide = (args: unknown[]) =>
    hear(incident, 'decide', readDecision(args), deciding, said => refusalOf(incident.state, said));
  const acknowledge = (args: unknown[]) =>
    hear(incident, 'acknowledge', readPerson(args), ({ by }) => ({ kind: 'acknowledge', by }));
  hearBothWays(ways.decide, howToDecide, decide);
  hearBothWays(ways.acknowledge, 'Acknowledge: {"by":"you"}', acknowledge);
  listenToSaid(incident);
  setHandler(
    ways.alert,
    (...args) => void hear(incident, 'alert', readAlert(args), alert => alerted(incident, alert)),
    hint('An alert of a monitor; the intake sends it'),
  );
  setHandler(
    ways.release,
    (...args) => void hear(incident, 'release', readPerson(args), ({ by }) => ({ kind: 'release', by })),
    hint('Re-plan every held action: {"by":"you"}'),
  );
  setHandler(
    ways.cancel,
    (...args) => void hear(incident, 'cancel', readCancellation(args), said => said),
    hint('Stop the runbook; then choose undo or leave: {"by":"you","reason":"why","falseAlarm":true}'),
  );
  setHandler(reportQuery, () => reportOf(incident.state), hint('The whole record of the incident'));
  // Last: what came before its handler is given to this one.
  setDefaultSignalHandler((name, ...args) => misspelt(incident, name, args));
}

function misspelt(incident: Hearer, what: string, args: unknown[]) {
  incident.news += 1;
  const read = readPerson(args);
  const because = `unknown message; known messages: ${Object.keys(ways).toSorted().join(', ')}`;
  incident.record({ kind: 'refused', what, by: 'ok' in read ? read.ok.by : 'unknown', because });
}

/** With what only we know of it: until when an end must hold, and whether a step of ours causes it. */
function alerted(incident: Hearer, alert: Alert): Event {
  const explained = explanationOf(incident.state, alert);
  const holds = after(incident.now(), incident.paced(holdDown));
  return { kind: 'alert', alert, holds, ...(explained !== undefined && { explained }) };
}

/** Commands of people other than decisions. */
function listenToSaid(incident: Hearer) {
  const saying = (what: string, read: (args: unknown[]) => { ok: Said } | Malformed) => (args: unknown[]) =>
    hear<Said>(
      incident,
      what,
      read(args),
      said => said,
      said => refusalOfSaid(incident.state, said, incident.now()),
    );
  const extending = 'Give a phase more time: {"phase":"its title","minutes":15,"by":"you","reason":"why"}';
  hearBothWays(ways.extend, extending, saying('extend', readExtension));
  const changing = 'Change the severity: {"severity":"P1","by":"you","reason":"why"}';
  hearBothWays(ways.severity, changing, saying('severity', readSeverity));
  hearBothWays(ways.takeOver, 'Take command: {"by":"you"}', saying('take over', readTakeOver));
  hearBothWays(ways.note, 'Note something for the record: {"text":"…","by":"you"}', saying('note', readNote));
}

function readTakeOver(args: unknown[]): { ok: Said } | Malformed {
  const read = readPerson(args);
  return 'ok' in read ? { ok: { kind: 'take over', by: read.ok.by } } : read;
}

function hearBothWays(way: ReturnType<typeof bothWays>, description: string, heard: (args: unknown[]) => Verdicted) {
  setHandler(way.signal, (...args) => void heard(args), hint(description));
  setHandler(way.update, (...args) => heard(args), hint(description));
}

const deciding = (decision: Decision): Event => ({ kind: 'decide', decision, how: 'claimed' });

/** Whatever was sent is recorded: what it says, or why it is refused. */
function hear<T>(
  incident: Hearer,
  what: string,
  read: { ok: T } | Malformed,
  event: (said: T) => Event,
  refuse: (said: T) => string | undefined = () => undefined,
): Verdicted {
  incident.news += 1;
  if ('malformed' in read) {
    incident.record({ kind: 'refused', what, by: 'unknown', because: read.malformed });
    return { accepted: false, because: read.malformed };
  }
  const because = refuse(read.ok);
  incident.record(event(read.ok));
  return because === undefined ? { accepted: true } : { accepted: false, because };
}

/** The description of a message in the Temporal UI. */
const hint = (description: string) => ({ description });
const howToDecide = 'Answer a question: {"question":"its id","choice":"one of its choices","by":"you"}';
