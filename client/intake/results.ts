/** The result of each alert of a delivery. */

import { setImmediate } from 'node:timers/promises';
import type { Artifacts } from '../../activities/connectors/artifacts.ts';
import { workflowIdOf } from '../../workflows/catalog/index.ts';
import type { Alert, Role } from '../../workflows/contract/index.ts';
import { newName, deliveryKey } from '../../workflows/contract/index.ts';
import { clusterNames } from '../clusters.ts';
import { Refused, TemporalUnreachable } from '../errors.ts';
import { type ClientPlatform, timesAt } from '../platform.ts';
import type { Temporal } from '../temporal.ts';
import { type DeliveryResult, type More, otherCluster } from './answer.ts';
import { blindLines, boundedAnswer, counted, quarantineLines } from './bounded-answer.ts';
import type { Counters } from './counters.ts';
import { Deliveries } from './deliveries.ts';
import type { Bodied } from './forms.ts';
import { judged, type Judged, type Noticed, type Routed, unreadAlert } from './judgement.ts';
import type { Acknowledging } from './pagerduty.ts';
import type { Outage } from './outage.ts';
import { proofs, withoutProof } from './proofs.ts';
import type { Path, Tokens } from './tokens.ts';

export interface IntakeDeps {
  /** The secrets that senders must know. */
  tokens: Tokens;
  platform: ClientPlatform;
  /** The roles of each person, read at every opening. */
  people?: () => Record<string, Role[]>;
  temporal: Pick<Temporal, 'openOrJoin' | 'resolve' | 'ready' | 'notice' | 'proveDetection'>;
  store: Pick<Artifacts, 'save'>;
  /** Pages while Temporal is unreachable; absent where no one can be paged from here. */
  outage?: Outage | undefined;
  /** Absent where PagerDuty's webhook is not connected. */
  pagerduty?: Acknowledging;
  /** Milliseconds since 1970. */
  now: () => number;
  /** One line for the log. */
  say: (line: string) => void;
}

export interface Decided {
  alerts: DeliveryResult[];
  /** Those that are not listed. */
  more: More | undefined;
  /** Digest of the body in the artifact store. */
  artifact: string | undefined;
  truncatedAlerts: number | undefined;
  /** True if the sender must deliver all of it again. */
  unreachable: boolean;
}

/** One for each intake: it knows what was delivered lately. */
export function results(deps: IntakeDeps, counters: Counters) {
  const deliveries = new Deliveries<DeliveryResult>(deps.now);
  return async (path: Path, bodied: Bodied, body: string): Promise<Decided> => {
    const artifact = await kept(deps, body);
    const decisions = await judgedAll(deps, bodied);
    const routed = decisions.filter(one => 'alert' in one);
    const answers = await Promise.all(
      routed.map(one => deliver(deps, deliveries, { ...one, alert: { ...one.alert, artifact } })),
    );
    const delivered = new Map(routed.map((one, index) => [one, answers[index]] as const));
    const proven = await proofs(deps, counters, decisions);
    const results = decisions.flatMap(one => ('result' in one ? withoutProof(one, proven) : (delivered.get(one) ?? [])));
    count(counters, path, results);
    note(deps, results, artifact);
    const isUnreachable = results.some(({ result }) => result === 'unreachable');
    if (isUnreachable) deps.outage?.began();
    else if (answers.length > 0 || proven === 'told') deps.outage?.ended();
    return {
      ...boundedAnswer(results),
      artifact,
      truncatedAlerts: leftOut(deps, counters, path, bodied),
      unreachable: isUnreachable,
    };
  };
}

/** Alerts after which other deliveries have their turn. */
const inOneGo = 1_000;

async function judgedAll({ platform, now }: IntakeDeps, { from, alerts }: Bodied) {
  const decisions: Judged[] = [];
  for (const [index, one] of alerts.entries()) {
    if (index % inOneGo === inOneGo - 1) await setImmediate();
    decisions.push(judged(one, from, platform, now()));
  }
  return decisions;
}

/** An incident is worth more than its body: without a store the alert still opens it. */
const kept = ({ store, say }: IntakeDeps, body: string) =>
  store.save(body).catch((error: unknown) => {
    say(`the body could not be kept: ${String(error)}`);
    return undefined;
  });

function count(counters: Counters, path: Path, results: DeliveryResult[]) {
  for (const [result, by] of counted(results.map(({ result }) => result)))
    counters.add('nqba_runbooks_intake_alerts_total', { path, result }, by);
  const unread = results.flatMap(({ result, runbook }) => (result === 'quarantined' && runbook ? [runbook] : []));
  for (const [runbook, by] of counted(unread)) counters.add('nqba_runbooks_intake_unread_total', { runbook }, by);
}

function note({ say, platform }: IntakeDeps, results: DeliveryResult[], artifact: string | undefined) {
  for (const line of [...quarantineLines(results, artifact), ...blindLines(results)]) say(line);
  const foreign = results.filter(({ result }) => result === otherCluster).length;
  if (foreign > 0) say(`ignored: ${foreign} of another cluster than ${clusterNames(platform)}`);
}

/** They are lost to us: the sender does not deliver them again. */
function leftOut({ say }: IntakeDeps, counters: Counters, path: Path, { truncatedAlerts }: Bodied): number | undefined {
  if (truncatedAlerts === undefined) return undefined;
  say(`left out by the sender: ${truncatedAlerts} alerts for ${path}; raise max_alerts of its route, or group by more labels`);
  counters.add('nqba_runbooks_intake_left_out_total', { path }, truncatedAlerts);
  return truncatedAlerts;
}

function deliver(deps: IntakeDeps, deliveries: Deliveries<DeliveryResult>, to: Routed | Noticed): Promise<DeliveryResult> {
  const { alert, sentStart } = to;
  const incident = 'runbook' in to ? workflowIdOf(to.runbook, alert.labels['cluster'] ?? '') : 'notice';
  const queue = `${incident} ${laneOf(alert)}`;
  const occurrence = { ...alert, startsAt: sentStart };
  const said = { of: deliveryKey({ ...occurrence, status: 'firing' }), key: deliveryKey(occurrence) };
  const once = () => told(deps, to).catch(quarantined(deps, to));
  return deliveries.once(queue, said, once).then(repeated, unreachable(to));
}

/** Queues of one incident: a storm of different alerts keeps the server busy, and what is said of one alert keeps its order. */
const lanes = 4;

const laneOf = ({ fingerprint }: Alert) => Buffer.from(fingerprint).reduce((sum, byte) => sum + byte, 0) % lanes;

function told(deps: IntakeDeps, to: Routed | Noticed): Promise<DeliveryResult> {
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
const quarantined = (deps: IntakeDeps, to: Routed | Noticed) => async (error: unknown) => {
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

/** Nothing is known of what became of it: the sender must repeat it. */
const unreachable = (to: Routed | Noticed) => (error: unknown) =>
  asResult(to, 'unreachable', error, error instanceof TemporalUnreachable);

function asResult(to: Routed | Noticed, result: DeliveryResult['result'], error: unknown, is: boolean): DeliveryResult {
  if (!is || !(error instanceof Error)) throw error;
  const runbook = 'runbook' in to ? to.runbook.slug : to.unread;
  return { fingerprint: to.alert.fingerprint, result, runbook, rule: to.by, reason: error.message };
}
