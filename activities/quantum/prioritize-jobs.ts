/**
 * The priorities whose waiting jobs start first, and those that are held, by the operators' switch of the hub. No job gets another
 * priority, and the order inside one stays. Twice equals once: the order is stated whole.
 */

import type { Effect, Outcome, Target } from '../../workflows/contract/action.ts';
import { notConnected, SystemError } from '../connectors/system-error.ts';
import type { Action, ActionContext, Setting } from '../engine/action.ts';
import { restoring } from '../engine/restoring.ts';
import { runSetting } from '../engine/run-setting.ts';
import type { Snapshot } from '../engine/target.ts';
import { driftsOf, type IsMine, toLetGo, toSet, type Write } from '../engine/write.ts';
import { readTarget } from '../engine/writing.ts';
import { incidentOf } from '../guard.ts';
import type { Platform } from '../platform.ts';
import { asText, jobOrder, orderTarget } from './job-order.ts';

interface Order {
  /** None: as it was before the incident. */
  classes: string[];
  /** Priorities whose jobs wait. */
  hold?: string[];
}

const targets = ({ quantum }: Platform): Target[] => (quantum ? [orderTarget] : []);

export const prioritizeJobs: Action<Order> = {
  name: 'prioritizeJobs',
  byHand: (input, { systems: { api } }) => (api ? undefined : pasted(input)),
  async run(input, context) {
    try {
      return await runSetting(ordering, input, withOrder(context));
    } catch (error) {
      // A platform without the switch is no fault: what to do is text to paste.
      if (error instanceof SystemError && error.fault === 'not connected' && error.status !== undefined)
        return pasted(input, error.message);
      throw error;
    }
  },
  undo: { targets, run: (record, context) => backward.run(record, withOrder(context)) },
};

const backward = restoring({
  targets,
  summary: 'Waiting jobs start in the order of before.',
  done: 'Waiting jobs start in the order of before.',
});

/** @throws SystemError */
function withOrder(context: ActionContext): ActionContext {
  const { api, artifacts } = context.deps.systems;
  if (!api) throw notConnected('The NQBA API', 'NQBA_API_URL');
  return { ...context, systems: { ...context.systems, 'job hub': jobOrder(api, artifacts) } };
}

function pasted({ classes, hold = [] }: Order, because = 'The NQBA API is not connected'): Outcome {
  const body = JSON.stringify({ classes, hold });
  const call = `curl -X PUT "$NQBA_API_URL/api/v1/qih/order" -H 'content-type: application/json' -d '${body}'`;
  return { byHand: { system: 'job hub', paste: classes.length > 0 ? call : '', because } };
}

const ordering: Setting<Order, Snapshot> = {
  name: 'prioritizeJobs',
  records: targets,
  look: (_, context) => readTarget(context, orderTarget),
  draft(now, { classes, hold = [] }, { call: { key, until } }) {
    if (classes.length === 0) return toLetGo(now, ofIncident(key), key);
    const values = { classes: asText(classes), hold: hold.length > 0 ? asText(hold) : null };
    // One record of an incident: its own later order is no one else's.
    return toSet(now, values, { action: 'prioritizeJobs', key, until, recording: 'of the incident' });
  },
  words(_, input) {
    const told = toldOf(input);
    return {
      summary: told,
      consequences: ['Jobs that run go on. Of jobs of one priority the order stays.'],
      done: told,
      nothing: { note: `${told} It was so already: nothing was changed.`, measured: true },
    };
  },
  asks: async (now, { classes }, { call: { key } }) =>
    classes.length === 0 && driftsOf(now, ofIncident(key)).length > 0
      ? 'Someone else has changed the order of jobs since: people decide.'
      : undefined,
  measure: (_view, _input, context, { writes }) => measured(writes, context),
};

const ofIncident =
  (key: string): IsMine =>
  ({ incident }) =>
    incident === incidentOf(key);

function toldOf({ classes, hold = [] }: Order): string {
  if (classes.length === 0) return 'Waiting jobs start in the order of before.';
  const held = hold.length > 0 ? `, and ${hold.join(' and ')} jobs wait` : '';
  return `${classes.join(', then ')} jobs start first${held}.`;
}

/** The order is read again, and held against what was written. */
async function measured(writes: Write[], context: ActionContext): Promise<Effect> {
  const now = await readTarget(context, orderTarget);
  const text = `The hub starts ${now.value('classes')} in this order, and holds ${now.value('hold') ?? 'none'}.`;
  const edits = writes.flatMap(write => write.edits);
  return { measured: edits.every(({ field, after }) => now.value(field) === after) ? 'whole' : 'none', text };
}
