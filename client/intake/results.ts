/** The result of each alert of a delivery. */

import { z } from 'zod';
import type { Artifacts } from '../../activities/connectors/artifacts.ts';
import type { Written } from '../../workflows/catalog/index.ts';
import { notAvailable, bounded, longestLabel, route, workflowIdOf } from '../../workflows/catalog/index.ts';
import type { Alert, Role } from '../../workflows/contract/index.ts';
import { deliveryKey } from '../../workflows/contract/index.ts';

import { clusterNames, isOurs } from '../clusters.ts';
import { Refused, TemporalUnreachable } from '../errors.ts';
import { newName } from '../names.ts';
import { type ClientPlatform, timesAt } from '../platform.ts';
import type { Temporal } from '../temporal.ts';
import { alertOf, postedAlert } from './body.ts';
import { boundedAnswer, type More, quarantineLines } from './bounded-answer.ts';
import { Deliveries } from './deliveries.ts';

export interface IntakeDeps {
  /** The secret that senders must know. */
  token: string;
  platform: ClientPlatform;
  /** The roles of each person, read at every opening. */
  people?: () => Record<string, Role[]>;
  temporal: Pick<Temporal, 'openOrJoin' | 'resolve' | 'ready'>;
  store: Pick<Artifacts, 'save'>;
  /** Milliseconds since 1970. */
  now: () => number;
  /** One line for the log. */
  say: (line: string) => void;
}

const otherCluster = 'ignored: other cluster';
export const resultWords = ['opened', 'joined', 'resolved', 'ignored', otherCluster, 'quarantined', 'unreachable'] as const;

export interface DeliveryResult {
  /** Absent when the alert could not be read. */
  fingerprint?: string;
  result: (typeof resultWords)[number];
  /** Short name. */
  incident?: string;
  reason: string;
}

export interface Decided {
  alerts: DeliveryResult[];
  /** Those that are not listed. */
  more: More | undefined;
  /** Digest of the body in the artifact store. */
  artifact: string | undefined;
  /** True if the sender must deliver all of it again. */
  unreachable: boolean;
}

/** One for each intake: it knows what was delivered lately. */
export function results(deps: IntakeDeps) {
  const deliveries = new Deliveries<DeliveryResult>(deps.now);
  return async (posted: unknown[], body: string): Promise<Decided> => {
    const artifact = await kept(deps, body);
    const results = await Promise.all(posted.map(one => resultOf(deps, deliveries, one, artifact)));
    for (const line of quarantineLines(results, artifact)) deps.say(line);
    const foreign = results.filter(({ result }) => result === otherCluster).length;
    if (foreign > 0) deps.say(`ignored: ${foreign} of another cluster than ${clusterNames(deps.platform)}`);
    return { ...boundedAnswer(results), artifact, unreachable: results.some(({ result }) => result === 'unreachable') };
  };
}

/** An incident is worth more than its body: without a store the alert still opens it. */
const kept = ({ store, say }: IntakeDeps, body: string) =>
  store.save(body).catch((error: unknown) => {
    say(`the body could not be kept: ${String(error)}`);
    return undefined;
  });

async function resultOf(
  deps: IntakeDeps,
  deliveries: Deliveries<DeliveryResult>,
  posted: unknown,
  artifact?: string,
): Promise<DeliveryResult> {
  const read = postedAlert.safeParse(posted);
  if (!read.success) return { result: 'quarantined', reason: z.prettifyError(read.error) };
  const alert = { ...alertOf(read.data, deps.platform.cluster, deps.now()), artifact };
  const { fingerprint } = alert;
  const named = read.data.labels['cluster'];
  if (named && !isOurs(deps.platform, named))
    return { fingerprint, result: otherCluster, reason: foreignTo(deps.platform, named) };
  const routed = route(alert.labels);
  if ('reason' in routed) return { fingerprint, result: 'ignored', reason: routed.reason };
  const lacking = notAvailable(routed.runbook, deps.platform);
  if (lacking !== undefined) return { fingerprint, result: 'ignored', reason: lacking };
  const queue = workflowIdOf(routed.runbook, alert.labels['cluster'] ?? '');
  const tell = alert.status === 'firing' ? open : resolve;
  // By the sender's own time: ours differs with every delivery where the sender's makes no sense.
  const key = deliveryKey({ ...alert, startsAt: read.data.startsAt });
  const deliver = () => tell(deps, routed.runbook, alert).catch(quarantined(fingerprint));
  return deliveries.once(queue, key, deliver).then(repeated, unreachable(fingerprint));
}

const foreignTo = (platform: ClientPlatform, named: string) =>
  `it is of the cluster ${JSON.stringify(bounded(named, longestLabel))}; this is ${clusterNames(platform)}`;

/** The first delivery opens an incident; its repeats have joined it. */
const repeated = ({ answer, repeat }: { answer: DeliveryResult; repeat: boolean }): DeliveryResult =>
  repeat && answer.result === 'opened' ? { ...answer, result: 'joined', reason: 'a repeat' } : answer;

async function open({ temporal, platform, people, now }: IntakeDeps, runbook: Written, alert: Alert): Promise<DeliveryResult> {
  const name = newName(runbook.incident, now());
  const start = { version: 1, name, alert, platform: timesAt(platform, now(), people?.()) } as const;
  const { result, incident } = await temporal.openOrJoin(runbook, start);
  return { fingerprint: alert.fingerprint, result, incident, reason: `${runbook.title} ${result}` };
}

async function resolve({ temporal }: IntakeDeps, runbook: Written, alert: Alert): Promise<DeliveryResult> {
  const { fingerprint } = alert;
  if (await temporal.resolve(runbook, alert)) return { fingerprint, result: 'resolved', reason: `${runbook.title} was told` };
  return { fingerprint, result: 'ignored', reason: `${runbook.title}: no incident is open` };
}

/** The server will never accept it; whoever waits behind it is served. */
const quarantined = (fingerprint: string) => (error: unknown) =>
  asResult(fingerprint, 'quarantined', error, error instanceof Refused);

/** Nothing is known of what became of it: the sender must repeat it. */
const unreachable = (fingerprint: string) => (error: unknown) =>
  asResult(fingerprint, 'unreachable', error, error instanceof TemporalUnreachable);

function asResult(fingerprint: string, result: DeliveryResult['result'], error: unknown, is: boolean): DeliveryResult {
  if (is && error instanceof Error) return { fingerprint, result, reason: error.message };
  throw error;
}
