/**
 * The metrics of the worker: the mitigations of ours that are in effect, so that a rule about their effect stays silent, and the holds,
 * so that a rule tells of one that vanishes.
 */

import type { ServerResponse } from 'node:http';
import type { Systems } from '../activities/connectors/index.ts';
import { configMaps } from '../activities/connectors/resources.ts';
import { SystemError } from '../activities/connectors/system-error.ts';
import { standingOn } from '../activities/engine/holders.ts';
import { recordsOn } from '../activities/engine/records-on.ts';
import { holdConfigMap, type Platform, quantumConfigMap } from '../activities/platform.ts';
import { intakeTarget } from '../activities/quantum/intake/target.ts';
import type { Target } from '../workflows/contract/action.ts';
import { releasedAt } from '../workflows/contract/hold.ts';

const name = 'nqba_runbooks_mitigation_active';
/** Actions whose change causes alerts while it stands, by the kind that rules name: jobs run classically; jobs wait in the hub. */
const mitigations = {
  'quantum-fallback': {
    actions: ['setFallback', 'setShare'],
    target: (platform: Platform): Target => ({ system: 'kubernetes', kind: 'ConfigMap', ...quantumConfigMap(platform) }),
  },
  'held-intake': { actions: ['setIntake'], target: () => intakeTarget },
} as const;

/** In the text exposition format, without a mitigation that cannot be read: a rule that rests on it may fire then. */
export async function metricsText(around: Around): Promise<string> {
  const head = [`# HELP ${name} A mitigation of a runbook is in effect (1) or not (0).`, `# TYPE ${name} gauge`];
  const samples = around.platform.quantum
    ? await Promise.all(Object.entries(mitigations).map(([kind, one]) => sampleOf(kind, one, around).catch(unlessUnanswered)))
    : [];
  return [
    ...head,
    ...samples.flatMap(sample => sample ?? []),
    ...((await holdLines(around).catch(unlessUnanswered)) ?? []),
    '',
  ].join('\n');
}

/** Nothing where the ConfigMap cannot be read. One that is missing holds everything, and how many holds were in it is not known. */
async function holdLines({ systems: { kubernetes }, platform }: { systems: Systems; platform: Platform }): Promise<string[]> {
  if (!kubernetes) return [];
  const found = await kubernetes.read(configMaps, holdConfigMap(platform)).catch(missing);
  const holds = Object.entries(found?.data ?? {}).filter(
    ([key, reason]) => (key === 'hold' || key.startsWith('hold.')) && reason !== '',
  );
  const released = Date.parse(found?.metadata.annotations[releasedAt] ?? '');
  return [
    '# HELP nqba_runbooks_holds Holds in force, of everything and of single incidents.',
    '# TYPE nqba_runbooks_holds gauge',
    ...(found ? [`nqba_runbooks_holds ${holds.length}`] : []),
    '# HELP nqba_runbooks_released_seconds When runbooks release last ended a hold, in seconds since 1970; 0: never.',
    '# TYPE nqba_runbooks_released_seconds gauge',
    `nqba_runbooks_released_seconds ${Number.isNaN(released) ? 0 : released / 1000}`,
    '# HELP nqba_runbooks_hold_missing The ConfigMap of the hold is missing (1), which holds everything, or not (0).',
    '# TYPE nqba_runbooks_hold_missing gauge',
    `nqba_runbooks_hold_missing ${found ? 0 : 1}`,
  ];
}

function missing(error: unknown): undefined {
  if (error instanceof SystemError && error.status === notFound) return;
  throw error;
}

const notFound = 404;

interface Mitigation {
  actions: readonly string[];
  target: (platform: Platform) => Target;
}

async function sampleOf(kind: string, { actions, target }: Mitigation, { systems, platform }: Around): Promise<string> {
  const where = target(platform);
  const { holders } = standingOn(where, await recordsOn({ systems }, where));
  return `${name}{kind="${kind}"} ${holders.some(({ action }) => actions.includes(action)) ? 1 : 0}`;
}

interface Around {
  systems: Systems;
  platform: Platform;
}

function unlessUnanswered(error: unknown): undefined {
  if (!(error instanceof SystemError)) throw error;
}

/** Answers a scrape; one that fails is a line in the log, and never the end of the worker. */
export function serveMetrics(metrics: () => Promise<string>, answer: ServerResponse, say: (line: string) => void) {
  return metrics().then(
    text => answer.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text),
    error => {
      say(`The metrics could not be read: ${String(error)}`);
      answer.writeHead(500).end();
    },
  );
}
