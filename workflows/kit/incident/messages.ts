/** The messages of people and monitors, one row each: how one is read, what the Temporal UI says of it, what it does. */

import type { MessageName, Messages } from '../../contract/index.ts';
import { holdDown } from '../record/alerts.ts';
import { after } from '../record/duration.ts';
import type { Event } from '../record/events.ts';
import { explanationOf } from '../record/explained.ts';
import type { State } from '../record/state.ts';
import type { Read } from './names.ts';
import {
  readAlert,
  readCancellation,
  readDecision,
  readExtension,
  readNote,
  readPerson,
  readSeverity,
  readUndone,
} from './parse.ts';

/** The part of the incident that a message needs to become an event. */
export interface Hearing {
  readonly state: State;
  now: () => string;
  paced: (ms: number) => number;
}

/** The record alone decides about a refusal: `reduce` keeps it in the state. */
export interface Row<Said> {
  /** Total: whatever comes in, a message or a reason comes out. */
  read: (args: unknown[]) => Read<Said>;
  hint: string;
  event: (said: Said, incident: Hearing) => Event;
}

export const messages: { readonly [N in MessageName]: Row<Messages[N]> } = {
  alert: {
    read: readAlert,
    hint: 'An alert of a monitor; the intake sends it',
    event: alerted,
  },
  decide: {
    read: readDecision,
    hint: 'Answer a question: {"question":"its id","choice":"one of its choices","by":"you"}',
    event: decision => ({ kind: 'decide', decision, how: 'claimed' }),
  },
  acknowledge: {
    read: readPerson,
    hint: 'Acknowledge: {"by":"you"}',
    event: ({ by }) => ({ kind: 'acknowledge', by }),
  },
  extend: {
    read: readExtension,
    hint: 'Give a phase more time: {"phase":"its title","minutes":15,"by":"you","reason":"why"}',
    event: said => ({ kind: 'extend', ...said }),
  },
  severity: {
    read: readSeverity,
    hint: 'Change the severity: {"severity":"P1","by":"you","reason":"why"}',
    event: said => ({ kind: 'severity', ...said }),
  },
  takeOver: {
    read: readPerson,
    hint: 'Take command: {"by":"you"}',
    event: ({ by }) => ({ kind: 'take over', by }),
  },
  note: {
    read: readNote,
    hint: 'Note something for the record: {"text":"…","by":"you"}',
    event: said => ({ kind: 'note', ...said }),
  },
  release: {
    read: readPerson,
    hint: 'Re-plan every held action: {"by":"you"}',
    event: ({ by }) => ({ kind: 'release', by }),
  },
  cancel: {
    read: readCancellation,
    hint: 'Stop the runbook; then choose undo or leave: {"by":"you","reason":"why","falseAlarm":true}',
    event: said => ({ kind: 'cancel', ...said }),
  },
  undone: {
    read: readUndone,
    hint: 'A change of the incident was undone; the workflow that undid it sends it',
    event: said => ({ kind: 'undone', ...said }),
  },
};

export const messageNames = Object.keys(messages) as MessageName[];

/** With what only we know of it: until when an end must hold, and whether a step of ours causes it. */
function alerted(alert: Messages['alert'], { state, now, paced }: Hearing): Event {
  return { kind: 'alert', alert, holds: after(now(), paced(holdDown)), explained: explanationOf(state, alert) };
}
