import {
  ApplicationFailure,
  defineQuery,
  defineSignal,
  defineUpdate,
  setDefaultSignalHandler,
  setHandler,
} from '@temporalio/workflow';
import {
  type Accepted,
  type Answered,
  answered,
  type FailureType,
  type MessageName,
  type Messages,
  type Refusal,
  type Report,
  reportQuery,
} from '../../contract/index.ts';
import { unlikeAsked } from '../record/decisions.ts';
import type { Event } from '../record/events.ts';
import { reportOf } from '../record/state.ts';
import { isFields } from './fields.ts';
import { type Hearing, messageNames, messages, type Row } from './messages.ts';
import type { Malformed } from './names.ts';
import { pastedIn, signedBy } from './pasted.ts';

/** The part of an incident that handlers need. */
export interface Hearer extends Hearing {
  /** Messages and ended activities of this run. */
  news: number;
  record: (event: Event) => void;
}

/** Registers every handler; before that nothing may be awaited. */
export function registerHandlers(incident: Hearer) {
  for (const name of messageNames) listen(incident, name);
  for (const name of answered) answer(incident, name);
  setHandler(defineQuery<Report>(reportQuery), () => reportOf(incident.state), {
    description: 'The whole record of the incident',
  });
  // Last: what came before its handler is given to this one.
  setDefaultSignalHandler((name, ...args) => misspelt(incident, name, args));
}

/** A signal always arrives, and is never answered. */
function listen(incident: Hearer, name: MessageName) {
  const { hint: description } = messages[name];
  setHandler(defineSignal<unknown[]>(name), (...args) => void hear(incident, name, args), { description });
}

/** An update also answers: one that is refused is on the record, and fails. */
function answer(incident: Hearer, name: Answered) {
  const answering = (...args: unknown[]): Accepted => {
    const refusal = hear(incident, name, args);
    if (refusal) throw refusing(refusal.because);
    return { accepted: true };
  };
  const validator = (...[said]: unknown[]) => keepOut(incident, said);
  setHandler(defineUpdate<Accepted, unknown[]>(name), answering, { description: messages[name].hint, validator });
}

/** A secret is refused here, and never enters the history; so is a text that is no name. Everything else is for the record to refuse. */
function keepOut({ state }: Hearer, said: unknown) {
  const unlike = isFields(said) ? unlikeAsked(state, said.question, said.text) : undefined;
  const refusal = pastedIn(said)?.malformed ?? unlike;
  if (refusal !== undefined) throw refusing(refusal);
}

/** The Temporal UI prints a stack below the reason: the mistake is the sender's, and no line of our code helps. */
function refusing(because: string): ApplicationFailure {
  const failure = ApplicationFailure.nonRetryable(because, 'Refused' satisfies FailureType);
  failure.stack = '';
  return failure;
}

/** Whatever was sent is recorded: what it says, or why it is refused. The refusal, if it is. */
function hear<N extends MessageName>(incident: Hearer, what: N, args: unknown[]): Refusal | undefined {
  const { read, event }: Row<Messages[N]> = messages[what];
  incident.news += 1;
  const said = read(args);
  const before = incident.state.refused;
  incident.record('ok' in said ? event(said.ok, incident) : refusal(what, said, args));
  const { refused } = incident.state;
  return refused === before ? undefined : refused;
}

function misspelt(incident: Hearer, what: string, args: unknown[]) {
  incident.news += 1;
  const malformed = `unknown message; known messages: ${messageNames.toSorted().join(', ')}`;
  incident.record(refusal(what, pastedIn(...args) ?? { malformed }, args));
}

/** A signal stands in the history before we see it: of a secret in it people must hear. */
const refusal = (what: string, { malformed: because, secret }: Malformed, args: unknown[]): Event => ({
  kind: secret ? 'secret pasted' : 'refused',
  what: pastedIn(what) ? 'a message' : what,
  by: signedBy(args),
  because,
});
