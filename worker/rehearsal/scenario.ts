/** A rehearsal as data: what the world answers and what people say, without a line of code. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { runbook as inCatalog, type Written as Runbook, isWritten } from '../../workflows/catalog/index.ts';
import { span } from '../../workflows/kit/duration.ts';
import { openingAlert } from './deliveries.ts';
import { scriptedPeople } from './people.ts';
import type { Script } from './rehearse.ts';
import { scenario, type Written } from './schema.ts';
import { scriptedWorld } from './world.ts';

/** It cannot be rehearsed; the message says what is wrong, and where. */
export class ScenarioError extends Error {
  override name = 'ScenarioError' as const;
}

export interface Scenario {
  title: string;
  /** RFC 3339, with the zone as it was written. */
  at: string;
  expects: Written['expects'];
  script: Script;
  /** What the scenario has an answer for and nobody asked: titles of steps and questions. */
  unused: () => string[];
}

export const shippedScenario = (name: string) => join(import.meta.dirname, 'scenarios', `${name}.json`);

/** One of those that are shipped, by its name in `scenarios/`. */
export const readScenario = (name: string, slug = 'dynex-outage'): Scenario =>
  scenarioIn(shippedScenario(name), writtenRunbook(slug));

/** Throws `ScenarioError`. */
export function scenarioIn(file: string, runbook: Runbook): Scenario {
  return play(writtenIn(file), runbook);
}

/** The scenario that nobody wrote: the alert fires, all is well, and after twenty minutes the alert ends. */
export const usualScenario = (runbook: Runbook): Scenario =>
  play(scenario.parse({ title: `${runbook.title}, where all is well`, at: '2026-11-24T03:00:00Z' }), runbook);

/** Throws `ScenarioError` where there is none of that name, or it is not written yet. */
export function writtenRunbook(slug: string): Runbook {
  try {
    const runbook = inCatalog(slug);
    if (isWritten(runbook)) return runbook;
  } catch (error) {
    throw new ScenarioError(`${error instanceof Error ? error.message : ''} See: runbooks rehearse --help`, { cause: error });
  }
  throw new ScenarioError(`${slug} is not written as a workflow yet: there is nothing to rehearse.`);
}

function play(written: Written, { slug, incident, workflow, severity, alerts }: Runbook): Scenario {
  const start = Date.parse(written.at);
  const { opening, messages } = openingAlert(written.deliveries, start, { slug, severity, alert: alerts[0]?.name ?? slug });
  const name = `${incident}-${new Date(start).toISOString().slice(0, 10).replaceAll('-', '')}-demo`;
  const world = scriptedWorld({ ...written, start });
  const people = scriptedPeople(written.people);
  const platform = { pace: 1, quietMinutes: written.quietMinutes };
  const args = [{ version: 1, name, alert: opening, platform }];
  const script: Script = {
    init: { type: workflow, workflowId: `incident:${incident}:rehearsal`, runId: name, args, at: start },
    world: world.answers,
    people: people.people,
    messages: [...messages, ...people.messages],
    ...(written.atMost && { atMost: span(written.atMost) }),
  };
  const unused = () => [...world.unused(), ...people.unused()];
  return { title: written.title, at: written.at, expects: written.expects, script, unused };
}

function writtenIn(file: string): Written {
  const parsed = scenario.safeParse(dataIn(file));
  if (parsed.success) return parsed.data;
  throw new ScenarioError(
    `${file} is no scenario:\n${z.prettifyError(parsed.error)}\nIts schema: worker/rehearsal/scenario.schema.json`,
  );
}

/** With what it extends. */
function dataIn(file: string): Record<string, unknown> {
  const data = objectIn(file);
  if (typeof data['extends'] !== 'string') return data;
  const base = dataIn(join(dirname(file), data['extends']));
  return { ...base, ...data, world: { ...Object(base['world']), ...Object(data['world']) } };
}

function objectIn(file: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new ScenarioError(`${file} cannot be read: ${String(error)}`, { cause: error });
  }
}
