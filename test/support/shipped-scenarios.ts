/** The shipped scenarios of a runbook, each played to its end: it ends as it expects, holds what its test says, and all of them come to every step. */

import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { before, describe, test } from 'node:test';
import { workflowBundle } from '../../worker/bundle.ts';
import { effectsOf } from '../../worker/rehearsal/effects.ts';
import { rehearseAll } from '../../worker/rehearsal/incidents.ts';
import { type Rehearsal, Sandbox } from '../../worker/rehearsal/rehearse.ts';
import { scenarioIn, writtenRunbook } from '../../worker/rehearsal/scenario.ts';
import { neverPlayed } from './mapped-steps.ts';
import { nqba } from './nqba.ts';

export type Played = ReturnType<typeof effectsOf>;
/** By the name of the scenario: what must be so, besides the outcome that it expects. */
export type Holds = Readonly<Record<string, (played: Played, rehearsed: Rehearsal) => void>>;

/** @param holds without it only the outcomes that the scenarios expect are asserted */
export function playsShippedScenarios(slug: string, holds?: Holds) {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await Sandbox.load((await workflowBundle()).code, []);
  });

  describe(`shipped scenarios of ${slug}`, () => {
    const reports: Played['report'][] = [];
    const files = globSync(`worker/rehearsal/scenarios/{${slug}.json,${slug}/*.json}`).toSorted();

    if (holds)
      test('are those of which the test says what holds', () =>
        assert.deepEqual(files.map(nameOf).toSorted(), Object.keys(holds).toSorted()));

    for (const file of files)
      test(`ends as it expects: ${file}`, async () => {
        const { setting, expects } = scenarioIn(file, writtenRunbook(slug));
        const { incidents, unheard } = await rehearseAll(sandbox, setting);
        const [rehearsed] = incidents;
        assert.ok(rehearsed);
        assert.deepEqual([unheard, incidents.flatMap(({ differing }) => differing)], [[], []]);
        const reach = { platform: await nqba(), onCall: { people: {}, roles: {} } };
        const played = effectsOf(rehearsed, reach);
        reports.push(...incidents.map(({ report }) => report));
        const outcomes = incidents.map(({ closed, report }) => (closed ? (report.outcome ?? null) : null));
        assert.deepEqual(outcomes.length === 1 ? { outcome: outcomes[0] } : { outcomes }, expects);
        if (holds === undefined) return;
        const hold = holds[nameOf(file)];
        assert.ok(hold, 'say here what holds of it');
        hold(played, rehearsed);
      });

    test('come to every step that is mapped', () => assert.deepEqual(neverPlayed(slug, reports), []));
  });
}

const nameOf = (file: string) => basename(file, '.json');

/** What each of these steps asked a system for, the last time that it did. */
export const askedIn = ({ ran }: Rehearsal, ...titles: string[]) =>
  titles.map(title => ran.findLast(attempt => attempt.title === title)?.args[0]);

/** Titles of steps that changed something, in their order. */
export const changed = (effects: Played['effects']) =>
  effects.filter(one => 'changes' in one && (one.changes ?? []).length > 0).map(({ title }) => title);
