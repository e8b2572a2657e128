/** What the guide reads out of a report on its way out of a P0, and what it answers. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { changingNothing, namedLast, naming } from '../../lab/guide/ways-out.ts';
import { at } from '../support/folding.ts';
import { anAskedQuestion, aReport, aReportedStep } from '../support/reporting.ts';

const pods = 'Check overall system health: pods';
const look = (evidence: string, ended?: string) =>
  aReportedStep({ title: pods, state: 'faulty', because: '', evidence, ...(ended && { ended }) });
const absent = 'nqba-api: 0 of 3 ready: no PriorityClass with name nqba-critical was found';
const open = { state: 'acknowledged', outcome: undefined } as const;

test('the newest line that names the missing thing is told with its title', () => {
  const report = aReport({ steps: [look('nqba-api: 0 of 3'), look(absent)], questions: [anAskedQuestion()] });
  assert.equal(naming(report, 'nqba-critical'), `${pods}: ${absent}`);
  assert.equal(naming(aReport(), 'nqba-critical'), undefined);
  const asked = anAskedQuestion({ evidence: absent });
  assert.equal(naming(aReport({ questions: [asked] }), 'nqba-critical'), `What is the cause?: ${absent}`);
});

test('it stands in the way until a later look at the pods names it no more, or until recovery', () => {
  const steps = [look(absent, at(2))];
  assert.equal(namedLast(aReport({ ...open, steps }), 'nqba-critical'), true);
  assert.equal(namedLast(aReport({ ...open, steps: [look('3 of 3', at(9)), ...steps] }), 'nqba-critical'), false);
  assert.equal(namedLast(aReport({ ...open, steps: [] }), 'nqba-critical'), true);
  assert.equal(namedLast(aReport({ steps }), 'nqba-critical'), false);
});

test('after a repair by hand nothing else is approved', () => {
  const plan = anAskedQuestion({ choices: ['approve', 'skip', 'done by hand'], suggest: 'approve' });
  assert.equal(changingNothing(plan), 'done by hand');
  assert.equal(changingNothing(anAskedQuestion({ suggest: 'Dynex Platform Issue' })), 'none of these (I will fix it manually)');
  assert.equal(changingNothing(anAskedQuestion({ choices: ['done', 'start after this time'] })), 'done');
});
