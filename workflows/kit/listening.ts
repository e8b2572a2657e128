import { defineQuery, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import type { Alert, Decision, Report, Verdicted } from '../contract/index.ts';
import { holdDown } from './alert-end.ts';
import { after } from './duration.ts';
import type { Event } from './events.ts';
import { explanationOf } from './explained.ts';
import { type Malformed, readAlert, readDecision, readPerson } from './guard.ts';
import type { Incident } from './incident.ts';
import type { Entry } from './journal.ts';
import { refusalOf } from './reducer.ts';
import { reportOf } from './state.ts';

const ways = {
  alert: defineSignal<unknown[]>('alert'),
  decide: { signal: defineSignal<unknown[]>('decide'), update: defineUpdate<Verdicted, unknown[]>('decide') },
  acknowledge: {
    signal: defineSignal<unknown[]>('acknowledge'),
    update: defineUpdate<Verdicted, unknown[]>('acknowledge'),
  },
  release: defineSignal<unknown[]>('release'),
  cancel: defineSignal<unknown[]>('cancel'),
  report: defineQuery<Report>('report'),
  journal: defineQuery<Entry[]>('journal'),
};

/** Registers every handler; before that nothing may be awaited. */
export function listen(incident: Incident) {
  const decide = (args: unknown[]) =>
    hear(incident, 'decide', readDecision(args), deciding, said => refusalOf(incident.state, said));
  const acknowledge = (args: unknown[]) =>
    hear(incident, 'acknowledge', readPerson(args), ({ by }) => ({ kind: 'acknowledge', by }));
  setHandler(ways.decide.signal, (...args) => void decide(args), hint(howToDecide));
  setHandler(ways.decide.update, (...args) => decide(args), hint(howToDecide));
  setHandler(ways.acknowledge.signal, (...args) => void acknowledge(args), hint(howToAcknowledge));
  setHandler(ways.acknowledge.update, (...args) => acknowledge(args), hint(howToAcknowledge));
  setHandler(
    ways.alert,
    (...args) => void hear(incident, 'alert', readAlert(args), alert => alerted(incident, alert)),
    hint('What a monitor says; intake sends it'),
  );
  setHandler(
    ways.release,
    (...args) => void hear(incident, 'release', readPerson(args), ({ by }) => ({ kind: 'release', by })),
    hint('Plan every held action anew: {"by":"you"}'),
  );
  setHandler(
    ways.cancel,
    (...args) => void hear(incident, 'cancel', readPerson(args), person => ({ kind: 'cancel', ...person })),
    hint('Stop the runbook; undo or leave is asked: {"by":"you","reason":"why"}'),
  );
  setHandler(ways.report, () => reportOf(incident.state), hint('All that is known of the incident'));
  setHandler(ways.journal, () => incident.entries, hint('Everything that happened, in order'));
}

/** With what only we know of it: until when an end must hold, and whether a step of ours causes it. */
function alerted(incident: Incident, alert: Alert): Event {
  const explained = explanationOf(incident.state, alert);
  const holds = after(incident.now(), incident.paced(holdDown));
  return { kind: 'alert', alert, ...(alert.status === 'resolved' && { holds }), ...(explained !== undefined && { explained }) };
}

const deciding = (decision: Decision): Event => ({ kind: 'decide', decision, how: 'claimed' });

/** Whatever was sent is recorded: what it says, or why it is refused. */
function hear<T>(
  incident: Incident,
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

/** What the Temporal UI says of a message. */
const hint = (description: string) => ({ description });
const howToDecide = 'Answer a question: {"question":"its id","choice":"one of its choices","by":"you"}';
const howToAcknowledge = 'I am on it: {"by":"you"}';
