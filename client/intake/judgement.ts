/** The decision about one alert, as far as it is known without Temporal. */

import { z } from 'zod';
import {
  admitAnnotations,
  admitLabels,
  bounded,
  longestLabel,
  notAvailable,
  type Rule,
  route,
  type Written,
} from '../../workflows/catalog/index.ts';
import { watchdog } from '../../workflows/catalog/evidence.ts';
import type { Alert } from '../../workflows/contract/index.ts';
import { clusterNames, isOurs } from '../clusters.ts';
import type { ClientPlatform } from '../platform.ts';
import { blindFollowUp, type DeliveryResult, otherCluster } from './answer.ts';
import { alertOf, labelsOf, type PostedAlert, postedAlert } from './body.ts';

export interface Routed {
  runbook: Written;
  by: Rule;
  alert: Alert;
  /** As the sender wrote it: ours differs with every delivery where the sender's makes no sense. */
  sentStart: string;
}

/** An alert for which no runbook runs, though people should know of it: the first level is paged. */
export interface Noticed extends Pick<Routed, 'alert' | 'sentStart'> {
  because: string;
  /** Absent where no runbook is named. */
  by?: Rule;
  /** The runbook that an alert names which could not be read. */
  unread?: string | undefined;
}

/** An alert that opens nothing, whatever Temporal knows. */
export interface Unrouted extends DeliveryResult {
  result: 'ignored' | typeof otherCluster | typeof blindFollowUp | 'quarantined';
}

/** An alert that opens nothing, and proves that alerts come. */
export interface Proving extends Unrouted {
  proof: Alert;
}

/** The decision about an alert without Temporal. */
export type Judged = Unrouted | Proving | Routed | Noticed;

/** Senders whose alerts are read. */
export type Sender = Exclude<Alert['source'], 'person'>;

const noObject: Unrouted = { result: 'quarantined', reason: 'an alert must be an object' };

export function judged(posted: unknown, from: Sender, platform: ClientPlatform, now: number): Judged {
  if (typeof posted !== 'object' || posted === null) return noObject;
  const read = postedAlert.safeParse(posted);
  if (!read.success) return unread(posted, from, platform, now, z.prettifyError(read.error));
  const alert = alertOf(read.data, platform.cluster, now, from);
  const named = read.data.labels['cluster'];
  if (named && !isOurs(platform, named))
    return { fingerprint: alert.fingerprint, result: otherCluster, reason: foreignTo(platform, named) };
  return decided(read.data, alert, platform);
}

function decided(posted: PostedAlert, alert: Alert, platform: ClientPlatform): Judged {
  const { fingerprint } = alert;
  const sentStart = posted.startsAt;
  const routed = route(alert.labels);
  if ('runbook' in routed) {
    const because = notAvailable(routed.runbook, platform);
    if (because === undefined) return { ...routed, alert, sentStart };
    return withoutRunbook({ alert, sentStart, because, by: routed.by }, platform);
  }
  const { kind, reason } = routed;
  if (kind === 'detection is blind') return { fingerprint, result: blindFollowUp, reason: `${ruleOf(posted.labels)}: ${reason}` };
  if (alert.name === watchdog && alert.status === 'firing') return { fingerprint, result: 'ignored', reason, proof: alert };
  if (kind === 'opens nothing') return { fingerprint, result: 'ignored', reason };
  return withoutRunbook({ alert, sentStart, because: reason }, platform);
}

const withoutRunbook = (noticed: Noticed, platform: ClientPlatform): Unrouted | Noticed =>
  isToNotice(noticed.alert, platform)
    ? noticed
    : { fingerprint: noticed.alert.fingerprint, result: 'ignored', rule: noticed.by, reason: noticed.because };

const isToNotice = (alert: Alert, platform: ClientPlatform) =>
  alert.labels['severity']?.toLowerCase() === 'critical' && !isPagedByThem(alert.source, platform);

/** Where Alertmanager pages the first level itself, it has done so for its own alerts. */
const isPagedByThem = (from: Sender | 'person', { times }: ClientPlatform) => times.ladderBegins === 1 && from === 'alertmanager';

/** An alert that cannot be read may name a runbook all the same. */
function unread(posted: object, from: Sender, platform: ClientPlatform, now: number, reason: string): Unrouted | Noticed {
  const labels = labelsOf(posted);
  const isForeign = labels['cluster'] !== undefined && !isOurs(platform, labels['cluster']);
  const routed = route(admitLabels(labels));
  if ('reason' in routed || isForeign) return { result: 'quarantined', reason };
  const { runbook, by } = routed;
  const { slug } = runbook;
  if (isPagedByThem(from, platform) || Reflect.get(posted, 'status') === 'resolved')
    return { result: 'quarantined', runbook: slug, rule: by, reason };
  return { alert: unreadAlert(slug, reason, from, platform.cluster, now), sentStart: '', because: reason, by, unread: slug };
}

/** One for all of a runbook: whatever is wrong with them, people need one page. */
export const unreadAlert = (slug: string, reason: string, from: Sender, cluster: string, now: number): Alert => ({
  name: `Unreadable alert for ${slug}`,
  status: 'firing',
  fingerprint: `unread:${slug}`,
  startsAt: new Date(now).toISOString(),
  labels: admitLabels({ alertname: `Unreadable alert for ${slug}`, cluster }),
  annotations: admitAnnotations({ summary: `check what fires: ${reason}`.replace(/\s+/g, ' ') }),
  source: from,
});

const ruleOf = ({ rulename, alertname }: Record<string, string>) =>
  `${alertname} of ${JSON.stringify(bounded(rulename ?? 'a rule without a name', longestLabel))}`;

const foreignTo = (platform: ClientPlatform, named: string) =>
  `it is of the cluster ${JSON.stringify(bounded(named, longestLabel))}; this is ${clusterNames(platform)}`;
