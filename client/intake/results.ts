/** The result of each alert of a delivery. */

import { setImmediate } from 'node:timers/promises';
import type { Artifacts } from '../../activities/connectors/artifacts.ts';
import type { Role } from '../../workflows/contract/index.ts';
import { clusterNames } from '../clusters.ts';
import type { ClientPlatform } from '../platform.ts';
import type { Temporal } from '../temporal.ts';
import { type DeliveryResult, type More, otherCluster } from './answer.ts';
import { blindLines, boundedAnswer, counted, quarantineLines } from './bounded-answer.ts';
import type { Counters } from './counters.ts';
import { delivering } from './delivering.ts';
import type { Bodied } from './forms.ts';
import { judged, type Judged } from './judgement.ts';
import type { Acknowledging } from './pagerduty.ts';
import type { Outage } from './outage.ts';
import { proofs, withoutProof } from './proofs.ts';
import type { Path, Tokens } from './tokens.ts';
import type { Turns } from './turns.ts';

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
  /** Absent: as many at a time as usual. */
  turns?: Turns;
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
  isToRepeat: boolean;
}

/** One for each intake: it knows what was delivered lately. */
export function results(deps: IntakeDeps, counters: Counters) {
  const deliver = delivering(deps);
  return async (path: Path, bodied: Bodied, body: string): Promise<Decided> => {
    const artifact = await kept(deps, body);
    const decisions = await judgedAll(deps, bodied);
    const routed = decisions.filter(one => 'alert' in one);
    const answers = await deliver(routed.map(one => ({ ...one, alert: { ...one.alert, artifact } })));
    const delivered = new Map(routed.map((one, index) => [one, answers[index]] as const));
    const proven = await proofs(deps, counters, decisions);
    const results = decisions.flatMap(one => ('result' in one ? withoutProof(one, proven) : (delivered.get(one) ?? [])));
    count(counters, path, results);
    note(deps, results, artifact);
    const isUnreachable = results.some(({ result }) => result === 'unreachable');
    const isOverloaded = results.some(({ result }) => result === 'overloaded');
    if (isUnreachable) deps.outage?.began();
    else if (answers.some(({ result }) => result !== 'overloaded') || proven === 'told') deps.outage?.ended();
    return {
      ...boundedAnswer(results),
      artifact,
      truncatedAlerts: leftOut(deps, counters, path, bodied),
      isToRepeat: isUnreachable || isOverloaded,
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
  const waiting = results.filter(({ result }) => result === 'overloaded').length;
  if (waiting > 0) say(`overloaded: ${waiting} alerts are for their sender to repeat: too many wait for Temporal`);
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
