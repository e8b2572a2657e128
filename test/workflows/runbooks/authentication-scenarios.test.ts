// Authentication Failures as its scenarios play it: one for each cause, a takeover, and systems that fail.
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { before, test } from 'node:test';
import { workflowBundle } from '../../../worker/bundle.ts';
import { effectsOf } from '../../../worker/rehearsal/effects.ts';
import { rehearseAll } from '../../../worker/rehearsal/incidents.ts';
import { Sandbox } from '../../../worker/rehearsal/rehearse.ts';
import { scenarioIn, writtenRunbook } from '../../../worker/rehearsal/scenario.ts';
import { neverPlayed } from '../../support/mapped-steps.ts';
import { nqba } from '../../support/nqba.ts';

type Played = ReturnType<typeof effectsOf>;

const slug = 'authentication-failures';
let sandbox: Sandbox;
before(async () => {
  sandbox = await Sandbox.load((await workflowBundle()).code, []);
});

/** Of each scenario what must be so, besides the outcome that it expects. */
const holds: Record<string, (played: Played) => void> = {
  'authentication-failures'({ report, effects, messages }) {
    assert.equal(causeOf(report), 'Brute Force Attack');
    assert.ok(changed(effects).includes('Unlock Accounts'));
    assert.equal(report.severity, 'P1');
    const [declared] = messages.filter(({ type }) => type === 'declareIncident');
    assert.match(JSON.stringify(declared?.input), /"private":true/, 'only people of the incident read about an attack');
  },
  'service-issue'({ report, effects }) {
    assert.equal(causeOf(report), 'Service Issue');
    assert.deepEqual(changed(effects), ['Restart authentication service']);
    assert.equal(report.severity, 'P0', 'no one logs in');
  },
  'configuration-issue'({ report, effects }) {
    assert.equal(causeOf(report), 'Configuration Issue');
    assert.deepEqual(changed(effects), ['Update authentication settings']);
  },
  takeover({ report }) {
    assert.equal(report.severity, 'P0');
    assert.match(JSON.stringify(report), /P1 → P0: Declare Incident: P0|"to":"P0"/);
  },
  'every-system-fails'({ effects, closed }) {
    assert.equal(closed, false);
    assert.deepEqual(changed(effects), []);
  },
};

const causeOf = ({ questions }: Played['report']) => questions.findLast(({ title }) => title === 'What is the cause?')?.suggest;
const changed = (effects: Played['effects']) =>
  effects.filter(one => 'changes' in one && (one.changes ?? []).length > 0).map(({ title }) => title);

const reports: Played['report'][] = [];
for (const file of globSync(`worker/rehearsal/scenarios/{${slug}.json,${slug}/*.json}`).toSorted())
  test(`ends as it expects: ${file}`, async () => {
    const { setting, expects } = scenarioIn(file, writtenRunbook(slug));
    const { incidents, unheard } = await rehearseAll(sandbox, setting);
    const [rehearsed] = incidents;
    assert.ok(rehearsed && incidents.length === 1);
    assert.deepEqual([unheard, rehearsed.differing], [[], []]);
    const played = effectsOf(rehearsed, { platform: await nqba(), onCall: { people: {}, roles: {} } });
    reports.push(played.report);
    assert.deepEqual({ outcome: rehearsed.closed ? rehearsed.report.outcome : null }, expects);
    const hold = holds[basename(file, '.json')];
    assert.ok(hold, 'say here what holds of it');
    hold(played);
  });

test('come to every step that is mapped', () => assert.deepEqual(neverPlayed(slug, reports), []));
