/** Each alert of a body reaches Temporal: once, in turn, the most urgent first. */

import { severityOf, workflowIdOf } from '../../workflows/catalog/index.ts';
import { type Alert, deliveryKey, newName, severities } from '../../workflows/contract/index.ts';
import { Refused, TemporalUnreachable } from '../errors.ts';
import { timesAt } from '../platform.ts';
import type { DeliveryResult } from './answer.ts';
import { Deliveries } from './deliveries.ts';
import { type Noticed, type Routed, unreadAlert } from './judgement.ts';
import type { IntakeDeps } from './results.ts';
import { Turns } from './turns.ts';

/**
 * Tells Temporal of the alerts of one body; one for each intake. Of each urgency all are told or none: what there is no room for is
 * answered so before anything of it is told, and what there is room for is told to its end, whether or not the sender still waits.
 */
export function delivering(deps: IntakeDeps) {
  const deliveries = new Deliveries<DeliveryResult>(deps.now);
  const turns = deps.turns ?? new Turns();
  return async (alerts: Deliverable[]): Promise<DeliveryResult[]> => {
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    const withRoom = new Set(severities.filter(severity => turns.hasRoom(severity)));
    const deliver = (to: Deliverable) => {
      const { lane, said, severity } = orderOf(to);
      const take = () => turns.take(lane, severity, () => told(deps, to).catch(quarantined(deps, to)));
      const call = () => (withRoom.has(severity) ? take() : Promise.reject(new Overloaded()));
      return deliveries.once(said, over, call).then(repeated, toRepeat(to));
    };
    try {
      return await Promise.all(alerts.map(deliver));
    } finally {
      end();
    }
  };
}

/** An alert that Temporal is told of. */
export type Deliverable = Routed | Noticed;

function orderOf(to: Deliverable) {
  const { alert, sentStart } = to;
  const incident = 'because' in to ? 'notice' : workflowIdOf(to.runbook, alert.labels['cluster'] ?? '');
  const lane = `${incident} ${laneOf(alert)}`;
  const occurrence = { ...alert, startsAt: sentStart };
  const said = { of: `${incident} ${deliveryKey({ ...occurrence, status: 'firing' })}`, key: deliveryKey(occurrence) };
  return { lane, said, severity: 'because' in to ? 'P1' : severityOf(to.runbook, alert.labels) };
}

/** Lanes of one incident: a storm of different alerts keeps the server busy, and what is said of one alert keeps its order. */
const lanes = 4;

const laneOf = ({ fingerprint }: Alert) => Buffer.from(fingerprint).reduce((sum, byte) => sum + byte, 0) % lanes;

function told(deps: IntakeDeps, to: Deliverable): Promise<DeliveryResult> {
  if ('because' in to) return notice(deps, to);
  return to.alert.status === 'firing' ? open(deps, to) : resolve(deps, to);
}

async function notice({ temporal }: IntakeDeps, { alert, because, by, unread }: Noticed): Promise<DeliveryResult> {
  await temporal.notice(alert);
  const reason = alert.status === 'firing' ? `${because}; ${paged}` : because;
  if (unread !== undefined) return { result: 'quarantined', runbook: unread, rule: by, reason };
  return { fingerprint: alert.fingerprint, result: 'ignored', rule: by, reason };
}

/** Once for each name and namespace, at most three an hour. */
const paged = 'the first level is told';

/** The first delivery opens an incident; its repeats have joined it. */
const repeated = ({ answer, repeat }: { answer: DeliveryResult; repeat: boolean }): DeliveryResult =>
  repeat && answer.result === 'opened' ? { ...answer, result: 'joined', reason: 'a repeat' } : answer;

async function open({ temporal, platform, people, now }: IntakeDeps, { runbook, by, alert }: Routed): Promise<DeliveryResult> {
  const name = newName(runbook.incident, now());
  const start = { version: 1, name, alert, platform: timesAt(platform, now(), people?.()) } as const;
  const { result, incident } = await temporal.openOrJoin(runbook, start);
  const reason = `${runbook.title} ${result}`;
  return { fingerprint: alert.fingerprint, result, incident, runbook: runbook.slug, rule: by, reason };
}

async function resolve({ temporal }: IntakeDeps, { runbook, by, alert }: Routed): Promise<DeliveryResult> {
  const about = { fingerprint: alert.fingerprint, runbook: runbook.slug, rule: by };
  if (await temporal.resolve(runbook, alert)) return { ...about, result: 'resolved', reason: `${runbook.title} was told` };
  return { ...about, result: 'ignored', reason: `${runbook.title}: no incident is open` };
}

/** The server will never accept it; whoever waits behind it is served. */
const quarantined = (deps: IntakeDeps, to: Deliverable) => async (error: unknown) => {
  const answer = asResult(to, 'quarantined', error, error instanceof Refused);
  if ('because' in to || to.alert.source === 'person') return answer;
  const { slug } = to.runbook;
  const alert = unreadAlert(slug, answer.reason, to.alert.source, deps.platform.cluster, deps.now());
  const isTold = await deps.temporal.notice(alert).then(() => true, falseIfRefused);
  return { ...answer, reason: isTold ? `${answer.reason}; ${paged}` : answer.reason };
};

function falseIfRefused(error: unknown): false {
  if (error instanceof Refused) return false;
  throw error;
}

/** Nothing is known of what became of it, or it was not told: its sender repeats it, and is the queue. */
const toRepeat = (to: Deliverable) => (error: unknown) =>
  error instanceof Overloaded
    ? asResult(to, 'overloaded', error, true)
    : asResult(to, 'unreachable', error, error instanceof TemporalUnreachable);

class Overloaded extends Error {
  override name = 'Overloaded';
  constructor() {
    super('too many alerts wait for Temporal; it was not told of this one');
  }
}

function asResult(to: Deliverable, result: DeliveryResult['result'], error: unknown, is: boolean): DeliveryResult {
  if (!is || !(error instanceof Error)) throw error;
  const runbook = 'runbook' in to ? to.runbook.slug : to.unread;
  return { fingerprint: to.alert.fingerprint, result, runbook, rule: to.by, reason: error.message };
}
