/** A rehearsal as data: what the world answers and what people say, without a line of code. */

import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { nightsFrom } from '../../activities/nights.ts';
import type { Platform } from '../../activities/platform.ts';
import { route, type Written as Runbook } from '../../workflows/catalog/index.ts';
import { span } from '../../workflows/kit/record/duration.ts';
import { alertsOf, type Delivered } from './deliveries.ts';
import { examples, faultLines } from './faults.ts';
import type { Setting } from './incidents.ts';
import { scriptedPeople } from './people.ts';
import { type Delivery, scenario, type Written } from './schema.ts';
import { scriptedWorld } from './world.ts';
import { ScenarioError, writtenRunbook } from './written-runbook.ts';

export { ScenarioError, writtenRunbook };

export interface Scenario {
  title: string;
  /** As it was written, with its zone. */
  at: string;
  expects: Written['expects'];
  /** Slugs of what its alerts may open, the runbook that is rehearsed first. */
  runbooks: string[];
  setting: Setting;
  /** Answers of the scenario without a question: titles of steps and questions. */
  unused: () => string[];
}

export const shippedScenario = (name: string) => join(import.meta.dirname, 'scenarios', `${name}.json`);

/** One of those that are shipped, by its name in `scenarios/`. */
export const readScenario = (name: string, slug = 'dynex-outage'): Scenario =>
  scenarioIn(shippedScenario(name), writtenRunbook(slug));

/** The part of a platform that a scenario uses: its cluster, for alerts that name none, and when it is night there. */
export type There = Pick<Platform, 'cluster' | 'timeZone'>;
const somewhere: There = { cluster: 'rehearsal', timeZone: 'UTC' };

/** Throws `ScenarioError`. */
export const scenarioIn = (file: string, runbook: Runbook, there?: There): Scenario => play(writtenIn(file), runbook, there);

/** The scenario that no one wrote: the alert fires, all is well, and after twenty minutes the alert ends. */
export const usualScenario = (runbook: Runbook, there?: There): Scenario =>
  play(scenario.parse({ title: `${runbook.title}, where all is well`, at: '2026-11-24T03:00:00Z' }), runbook, there);

/** As many as an intake tells. */
const nightsKnown = 10;

function play(written: Written, runbook: Runbook, { cluster, timeZone } = somewhere): Scenario {
  const { title, at, expects, atMost, quietMinutes, stages, input } = written;
  const start = at.ms;
  const isOperation = runbook.kind === 'operation';
  const alerts = alertsOf(written.deliveries ?? (isOperation ? [] : oneAlert), { start, runbook, cluster });
  const world = scriptedWorld({ ...written, start });
  const times = (at: number) => ({
    pace: 1,
    quietMinutes,
    stages,
    drafts: true as const,
    nights: nightsFrom(timeZone, new Date(at), nightsKnown),
  });
  const { people, acts, unused } = scriptedPeople(written.people);
  return {
    title,
    at: at.written,
    expects,
    runbooks: [...new Set([runbook.slug, ...openedBy(alerts, isOperation)])],
    setting: {
      start,
      operation: isOperation ? { runbook, input } : undefined,
      alerts,
      acts,
      world: world.answers,
      people,
      times,
      ...(atMost && { atMost: span(atMost) }),
    },
    unused: () => [...world.unused(), ...unused()],
  };
}

/** An incident of which nothing is said. */
const oneAlert: Delivery[] = [
  { after: '0 minutes', status: 'firing' },
  { after: '20 minutes', status: 'resolved' },
];

/** Throws `ScenarioError` where nothing is opened. */
function openedBy(alerts: Delivered[], isOperation: boolean): string[] {
  const routes = alerts.filter(({ alert }) => alert.status === 'firing').map(({ alert }) => ({ alert, to: route(alert.labels) }));
  const opened = routes.flatMap(({ to }) => ('runbook' in to ? [to.runbook.slug] : []));
  if (opened.length > 0 || isOperation) return opened;
  const why = routes.map(({ alert, to }) => `  ${alert.name}: ${'reason' in to ? to.reason : ''}`);
  throw new ScenarioError(
    ['No delivery of the scenario opens an incident: one must fire, and be an alert of the catalog.', ...why].join('\n'),
  );
}

function writtenIn(file: string): Written {
  const data = dataIn(file);
  const parsed = scenario.safeParse(data);
  if (parsed.success) return parsed.data;
  const faults = faultLines(parsed.error, data);
  throw new ScenarioError(
    [`${file} is no scenario:`, ...faults, 'Every field is described in worker/rehearsal/scenario.schema.json.'].join('\n'),
  );
}

/** With what it extends. */
function dataIn(file: string): Record<string, unknown> {
  const data = objectIn(file);
  if (typeof data['extends'] !== 'string') return data;
  const base = dataIn(resolve(dirname(file), data['extends']));
  return { ...base, ...data, world: { ...Object(base['world']), ...Object(data['world']) } };
}

function objectIn(file: string): Record<string, unknown> {
  const data = z.record(z.string(), z.unknown()).safeParse(jsonIn(file));
  if (data.success) return data.data;
  throw new ScenarioError(`${file} is no scenario: expected an object, such as {${examples['title']}, ${examples['at']}}.`);
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? `it is not valid JSON (${error.message})` : String(error);
    throw new ScenarioError(`${file} cannot be read: ${why}`, { cause: error });
  }
}
