/** Metrics of the intake for Prometheus, on a port that no sender of alerts needs. */

import { Hono } from 'hono';
import { isWritten, runbooks } from '../../workflows/catalog/index.ts';
import { incidentStates, roles, severities } from '../../workflows/contract/index.ts';
import { TemporalUnreachable } from '../errors.ts';
import type { Listed } from '../incident.ts';
import type { ClientPlatform } from '../platform.ts';
import type { Temporal } from '../temporal.ts';
import type { Counters } from './counters.ts';

interface Scraped {
  counters: Counters;
  temporal: Pick<Temporal, 'list'>;
  platform: Pick<ClientPlatform, 'roles'>;
  /** Milliseconds since 1970. */
  now: () => number;
  say: (line: string) => void;
}

/** Milliseconds for which a list of Temporal is still told, however many scrape. */
const fresh = 10_000;

export function createMetrics({ counters, temporal, platform, now, say }: Scraped) {
  const app = new Hono();
  let last: { at: number; text: Promise<string> } | undefined;
  /** How many are open is not known, and no number is told. That Temporal is away is told by each alert. */
  const notMeasured = (error: unknown) => {
    if (!(error instanceof TemporalUnreachable))
      say(`the metrics of open incidents could not be read: ${error instanceof Error ? error.stack : String(error)}`);
    return '';
  };
  const open = () => {
    if (!last || now() - last.at > fresh)
      last = {
        at: now(),
        text: temporal.list().then(found => openText(found, [...roles, ...Object.keys(platform.roles)]), notMeasured),
      };
    return last.text;
  };
  app.get('/metrics', async context => context.text(counters.text() + (await open())));
  app.notFound(context => context.json({ error: 'there is /metrics' }, 404));
  return app;
}

const families = {
  nqba_runbooks_open_incidents: 'Incidents that are open, by runbook, severity and state',
  nqba_runbooks_waiting_decisions: 'Open incidents, operations and undos that wait for an answer of this role',
} as const;

/** Search attributes are anyone's who writes to the namespace: what is in no list of ours is `other`. */
function openText(found: Listed[], known: string[]): string {
  const waiting = new Map(known.map(role => [labelOf(role), 0]));
  const incidents = new Map<string, number>();
  for (const one of found) {
    if (one.workflowId.startsWith('incident:')) add(incidents, labelsOf(one));
    for (const role of new Set(one.waitingFor.map(role => among(role, known)))) add(waiting, labelOf(role));
  }
  return [...family('nqba_runbooks_open_incidents', incidents), ...family('nqba_runbooks_waiting_decisions', waiting), ''].join(
    '\n',
  );
}

/** A platform may name its roles as it likes; JSON escapes as Prometheus reads. */
const labelOf = (role: string) => `role=${JSON.stringify(role)}`;

function labelsOf({ type, severity, state }: Listed): string {
  const runbook = runbooks.find(one => isWritten(one) && one.workflow === type)?.slug ?? other;
  return `runbook="${runbook}",severity="${among(severity, severities)}",state="${among(state, incidentStates)}"`;
}

const other = 'other';
const among = (word: string | undefined, known: readonly string[]) => known.find(one => one === word) ?? other;
const add = (counts: Map<string, number>, labels: string) => counts.set(labels, (counts.get(labels) ?? 0) + 1);

const family = (name: keyof typeof families, counts: Map<string, number>) => [
  `# HELP ${name} ${families[name]}`,
  `# TYPE ${name} gauge`,
  ...[...counts].toSorted(byLabels).map(([labels, count]) => `${name}{${labels}} ${count}`),
];

const byLabels = ([one]: [string, number], [other]: [string, number]) => one.localeCompare(other);
