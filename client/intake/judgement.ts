/** The decision about one alert, as far as it is known without Temporal. */

import { z } from 'zod';
import {
  admitLabels,
  bounded,
  longestLabel,
  notAvailable,
  type Rule,
  route,
  type Written,
} from '../../workflows/catalog/index.ts';
import type { Alert } from '../../workflows/contract/index.ts';
import { clusterNames, isOurs } from '../clusters.ts';
import type { ClientPlatform } from '../platform.ts';
import { blindFollowUp, type DeliveryResult, otherCluster } from './answer.ts';
import { alertOf, labelsOf, postedAlert } from './body.ts';

export interface Routed {
  runbook: Written;
  by: Rule;
  alert: Alert;
  /** As the sender wrote it: ours differs with every delivery where the sender's makes no sense. */
  sentStart: string;
}

/** A critical alert without a runbook: the first level is paged that there is none. */
export interface Noticed extends Pick<Routed, 'alert' | 'sentStart'> {
  because: string;
}

/** An alert that opens nothing, whatever Temporal knows. */
export interface Unrouted extends DeliveryResult {
  result: 'ignored' | typeof otherCluster | typeof blindFollowUp | 'quarantined';
}

/** Senders whose alerts are read. */
export type Sender = Exclude<Alert['source'], 'person'>;

const noObject: Unrouted = { result: 'quarantined', reason: 'an alert must be an object' };

export function judged(posted: unknown, from: Sender, platform: ClientPlatform, now: number): Unrouted | Routed | Noticed {
  if (typeof posted !== 'object' || posted === null) return noObject;
  const read = postedAlert.safeParse(posted);
  if (!read.success) return unread(posted, platform, z.prettifyError(read.error));
  const alert = alertOf(read.data, platform.cluster, now, from);
  const { fingerprint } = alert;
  const named = read.data.labels['cluster'];
  if (named && !isOurs(platform, named)) return { fingerprint, result: otherCluster, reason: foreignTo(platform, named) };
  const routed = route(alert.labels);
  if ('reason' in routed && routed.kind === 'detection is blind')
    return { fingerprint, result: blindFollowUp, reason: `${ruleOf(read.data.labels)}: ${routed.reason}` };
  const sentStart = read.data.startsAt;
  if ('reason' in routed && routed.kind === 'opens nothing') return { fingerprint, result: 'ignored', reason: routed.reason };
  const because = 'reason' in routed ? routed.reason : notAvailable(routed.runbook, platform);
  if ('runbook' in routed && because === undefined) return { ...routed, alert, sentStart };
  if (because !== undefined && isToNotice(alert, platform)) return { alert, sentStart, because };
  return { fingerprint, result: 'ignored', reason: because ?? '' };
}

/** Where Alertmanager pages the first level itself, it has done so for its own alerts. */
const isToNotice = ({ labels, source }: Alert, { times }: ClientPlatform) =>
  labels['severity']?.toLowerCase() === 'critical' && !(times.ladderBegins === 1 && source === 'alertmanager');

/** An alert that cannot be read may name a runbook all the same. */
function unread(posted: object, platform: ClientPlatform, reason: string): Unrouted {
  const labels = labelsOf(posted);
  const isForeign = labels['cluster'] !== undefined && !isOurs(platform, labels['cluster']);
  const routed = route(admitLabels(labels));
  const runbook = 'runbook' in routed && !isForeign ? routed.runbook.slug : undefined;
  return { result: 'quarantined', runbook, reason };
}

const ruleOf = ({ rulename, alertname }: Record<string, string>) =>
  `${alertname} of ${JSON.stringify(bounded(rulename ?? 'a rule without a name', longestLabel))}`;

const foreignTo = (platform: ClientPlatform, named: string) =>
  `it is of the cluster ${JSON.stringify(bounded(named, longestLabel))}; this is ${clusterNames(platform)}`;
