// Who may answer for who, as far as it is known who is on call: without a workflow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Question, Role } from '../../../workflows/contract/index.ts';
import { isSame, mayAnswerAs, notBoth, unauthorised } from '../../../workflows/kit/record/roles.ts';
import { aQuestion, opened } from '../../support/folding.ts';

const people: Record<string, Role[]> = {
  ann: ['primary'],
  bob: ['secondary'],
  cid: ['escalation'],
  dan: ['management'],
  fay: ['finance', 'quantum'],
  gus: [],
};
const known = opened({ people });
const may = (name: string, role: Role) => mayAnswerAs(known, name, role);

test('names are compared as people type them', () => {
  assert.deepEqual([isSame(' Ann', 'ann '), isSame('ann', 'anna')], [true, false]);
});

test('everybody may answer for their own roles, under any spelling of the name', () => {
  assert.deepEqual([may('fay', 'finance'), may(' FAY', 'quantum'), may('fay', 'security')], [true, true, false]);
});

test('a higher rung may answer for a lower one, not the other way round', () => {
  const rungs: Role[] = ['primary', 'secondary', 'escalation'];
  const who = (name: string) => rungs.map(role => may(name, role));
  assert.deepEqual(who('ann'), [true, false, false]);
  assert.deepEqual(who('bob'), [true, true, false]);
  assert.deepEqual(who('cid'), [true, true, true]);
  assert.deepEqual(who('fay'), [false, false, false]);
});

test('management may answer for everybody, the other rungs only for the ladder', () => {
  assert.deepEqual([may('dan', 'finance'), may('cid', 'finance'), may('cid', 'management')], [true, false, false]);
});

test('whoever is on the ladder may answer for the commander, and so may the commander, whoever it is', () => {
  assert.deepEqual(
    ['ann', 'bob', 'cid', 'dan', 'fay', 'gus'].map(name => may(name, 'commander')),
    [true, true, true, true, false, false],
  );
  const commanded = opened({ people, commander: 'Fay' });
  assert.deepEqual([mayAnswerAs(commanded, 'fay', 'commander'), mayAnswerAs(commanded, 'gus', 'commander')], [true, false]);
  assert.equal(mayAnswerAs(commanded, 'fay', 'security'), false, 'only for the commander');
});

test('who is not described is believed, and so is everybody where nobody is described', () => {
  assert.equal(may('zoe', 'finance'), true);
  assert.equal(mayAnswerAs(opened(), 'fay', 'security'), true);
});

const asked = (change: Partial<Question> = {}) => aQuestion({ owner: 'security', ...change });

test('who may not answer is told who the question is for, and as what they are on call', () => {
  assert.equal(unauthorised(known, asked(), 'zoe'), undefined);
  assert.equal(unauthorised(known, asked(), 'fay'), '“What is the cause?” is for security; fay is on call as finance, quantum');
  assert.equal(unauthorised(known, asked(), 'gus'), '“What is the cause?” is for security; gus has no on-call role');
  assert.equal(
    unauthorised(known, asked({ second: 'infrastructure' }), 'fay'),
    '“What is the cause?” is for security and infrastructure; fay is on call as finance, quantum',
  );
});

test('of two that it takes either role may answer', () => {
  assert.equal(unauthorised(known, asked({ second: 'finance' }), 'fay'), undefined);
  assert.equal(unauthorised(known, asked({ owner: 'finance', second: 'security' }), 'fay'), undefined);
});

test('the two that it takes are one as the owner and one as the second, in any order', () => {
  const two = asked({ owner: 'finance', second: 'escalation' });
  assert.equal(notBoth(known, two, 'fay', 'cid'), undefined);
  assert.equal(notBoth(known, two, 'cid', 'fay'), undefined);
  assert.equal(
    notBoth(known, two, 'fay', 'ann'),
    'fay has approved; ann cannot be the second approver: it needs one person as finance and one as escalation',
  );
  assert.equal(
    notBoth(known, two, 'cid', 'bob'),
    'cid has approved; bob cannot be the second approver: it needs one person as finance and one as escalation',
  );
});

test('where people are described, nobody else is one of two', () => {
  const two = asked({ owner: 'finance', second: 'escalation' });
  assert.equal(
    notBoth(known, two, 'fay', 'zoe'),
    'zoe is not in roles.json: it needs one person as finance and one as escalation',
  );
  assert.equal(
    notBoth(known, two, 'zoe', 'cid'),
    'zoe is not in roles.json: it needs one person as finance and one as escalation',
  );
  assert.match(notBoth(known, two, 'zoe', 'yan') ?? '', /zoe is not in roles.json/, 'the first of two');
  assert.equal(notBoth(opened(), two, 'zoe', 'ann'), undefined, 'nobody is described');
  assert.equal(notBoth(known, asked({ owner: 'finance' }), 'zoe', 'ann'), undefined, 'it takes one');
});

test('a question that names the commander too may be answered by whoever may command', () => {
  const answers = (name: string) => unauthorised(known, asked({ owner: 'quantum', also: 'commander' }), name) === undefined;
  assert.deepEqual(['fay', 'ann', 'cid', 'gus'].map(answers), [true, true, true, false]);
  assert.notEqual(unauthorised(known, asked({ owner: 'quantum' }), 'ann'), undefined);
});
