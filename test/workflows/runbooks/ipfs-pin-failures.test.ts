/** IPFS Pin Failures as its scenarios play it: one for each cause, and for whatever may go wrong beside it. */

import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { before, describe, test } from 'node:test';
import { workflowBundle } from '../../../worker/bundle.ts';
import { effectsOf } from '../../../worker/rehearsal/effects.ts';
import { rehearseAll } from '../../../worker/rehearsal/incidents.ts';
import { Sandbox } from '../../../worker/rehearsal/rehearse.ts';
import { scenarioIn, writtenRunbook } from '../../../worker/rehearsal/scenario.ts';
import { neverPlayed } from '../../support/mapped-steps.ts';
import { nqba } from '../../support/nqba.ts';

type Played = ReturnType<typeof effectsOf>;

let sandbox: Sandbox;
before(async () => {
  sandbox = await Sandbox.load((await workflowBundle()).code, []);
});

/** Of each scenario what must be so, besides the outcome that it expects. */
const holds: Record<string, (played: Played) => void> = {
  'ipfs-pin-failures'({ report, effects }) {
    assert.equal(causeOf(report).suggest, 'Storage Full');
    assert.deepEqual(changed(effects), ['Activate Backup Pinning', 'Clean up old/unused pins', ...repinned]);
    assert.deepEqual(inputsOf(effects, 'Activate Backup Pinning').at(-1), { target: 'backup', enabled: true, other: false });
  },
  'network-issues'({ report, effects, messages }) {
    assert.equal(causeOf(report).suggest, 'Network Issues');
    assert.match(JSON.stringify(messages.filter(({ type }) => type === 'remark')), /no daemon of ours to restart/);
    assert.deepEqual(changed(effects), ['Activate Backup Pinning', ...repinned]);
  },
  'own-node'({ effects }) {
    assert.deepEqual(changed(effects), ['Activate Backup Pinning', 'Restart IPFS daemon', ...repinned]);
  },
  'authentication-issues'({ report, effects }) {
    assert.equal(causeOf(report).suggest, 'Authentication Issues');
    assert.deepEqual(inputsOf(effects, 'Update configuration').at(-1), { secret: 'nqba-ipfs-b', of: 'ipfs' });
  },
  'broken-chain'({ report, effects, messages }) {
    assert.match(JSON.stringify(messages.filter(({ type }) => type === 'remark')), /this is a P1/);
    assert.ok(report.questions.some(({ title, owner }) => title.startsWith('Update LTC Records') && owner === 'security'));
    assert.ok(!changed(effects).includes('Repin Failed Content'), 'what does not verify is not pinned again');
  },
  'nobody-answers'({ closed, effects }) {
    assert.equal(closed, false);
    assert.deepEqual(changed(effects), []);
  },
  'every-system-fails'({ effects, questions }) {
    assert.deepEqual(changed(effects), []);
    assert.ok(questions.some(({ title }) => title === 'Activate Backup Pinning'));
  },
};

const repinned = [
  'Repin Failed Content: first provider on',
  'Repin Failed Content',
  'Repin Failed Content: second provider as before',
];

function causeOf({ questions }: Played['report']) {
  const asked = questions.filter(({ title }) => title === 'What is the cause?').at(-1);
  assert.ok(asked);
  return asked;
}

const changed = (effects: Played['effects']) =>
  effects.filter(one => 'changes' in one && (one.changes ?? []).length > 0).map(({ title }) => title);
const inputsOf = (effects: Played['effects'], title: string) =>
  effects.filter(one => one.title === title).map(({ input }) => input);

const slug = 'ipfs-pin-failures';
describe(`shipped scenarios of ${slug}`, () => {
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
      const outcome = rehearsed.closed ? rehearsed.report.outcome : null;
      assert.deepEqual({ outcome }, expects);
      const hold = holds[basename(file, '.json')];
      assert.ok(hold, 'say here what holds of it');
      hold(played);
    });

  test('come to every step that is mapped', () => assert.deepEqual(neverPlayed(slug, reports), []));
});
