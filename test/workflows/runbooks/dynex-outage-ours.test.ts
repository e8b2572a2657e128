/** The two causes that lie on our side: what is looked at, when a new key is asked for, and who approves it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Choices,
  effects,
  finding,
  planned,
  questionOf,
  refused,
  rehearsal,
  stepOf,
  usual,
} from '../../support/rehearsing.ts';

const next = 'nqba-secrets-dynex-a';
const refusedKey = { dynexKey: finding('faulty', { code: 403 }), probeDynex: finding('healthy') };
const authentication: Choices = {
  ...usual,
  'What is the cause?': 'Authentication Issue',
  'Rotate Dynex API keys': next,
  'Update configuration': 'approve',
};
const accepted = { 'Update Kubernetes secret: accepted': finding('healthy', { code: 200 }) };

test('a refused key is replaced: a specialist names a Secret, approves who restarts, and the key is tried three times', async () => {
  const rehearsed = await rehearsal({
    world: { ...refusedKey, ...accepted, dynexStatus: finding('healthy') },
    people: authentication,
  });
  const { report } = rehearsed;
  assert.equal(questionOf(report, 'What is the cause?')?.suggest, 'Authentication Issue');
  assert.deepEqual(
    ['Rotate Dynex API keys', 'Update configuration'].map(title => questionOf(report, title)?.owner),
    ['quantum', 'quantum'],
  );
  const [asked, used] = effects(rehearsed, 'useSecret');
  assert.deepEqual([asked?.args[0], used?.args[0]], [{ secret: next }, { secret: next }]);
  const [watched] = rehearsed.ran.filter(({ title }) => title === 'Test connectivity');
  assert.partialDeepStrictEqual(watched?.args, [{ check: 'dynexKey', watching: { atLeast: 3 } }]);
  assert.equal(stepOf(report, 'Test connectivity: canary')?.state, 'healthy');
  assert.equal(report.outcome, 'recovered');
});

test('the specialist is asked again with what is wrong with the Secret, and nothing restarts before it is right', async () => {
  const rehearsed = await rehearsal({
    world: { ...refusedKey, ...accepted, secret: [finding('faulty', {}, 'it does not exist'), finding('healthy')] },
    people: { ...authentication, 'Rotate Dynex API keys': ['nqba-secrets-dynex-b', next] },
  });
  assert.match(questionOf(rehearsed.report, 'Rotate Dynex API keys')?.because ?? '', /it does not exist/);
  assert.deepEqual(
    new Set(effects(rehearsed, 'useSecret').map(({ args }) => JSON.stringify(args[0]))),
    new Set([`{"secret":"${next}"}`]),
  );
});

test('a key that Dynex refuses is asked for again, too', async () => {
  const tried = [finding('faulty', { code: 403 }, 'Dynex refuses the key: 403'), finding('healthy', { code: 200 })];
  const { report } = await rehearsal({
    world: { ...refusedKey, 'Update Kubernetes secret: accepted': tried },
    people: { ...authentication, 'Rotate Dynex API keys': ['nqba-secrets-dynex-b', next] },
  });
  assert.match(questionOf(report, 'Rotate Dynex API keys')?.because ?? '', /Dynex refuses the key: 403/);
  assert.equal(stepOf(report, 'Update configuration')?.state, 'done');
});

test('no new key changes nothing, and recovery is measured all the same', async () => {
  const rehearsed = await rehearsal({ world: refusedKey, people: { ...authentication, 'Rotate Dynex API keys': 'no new key' } });
  assert.deepEqual(effects(rehearsed, 'useSecret'), []);
  assert.equal(rehearsed.report.outcome, 'recovered');
});

test('a rotation that went back is stuck, says why, and is planned and approved again under another letter', async () => {
  const back = refused('nqba-worker did not go well: every workload takes the former key again', true);
  const rehearsed = await rehearsal({
    world: { ...refusedKey, ...accepted, 'Update configuration': [planned('approval'), back, planned('approval'), rotated] },
    people: { ...authentication, 'Update configuration': ['approve', 'retry', 'approve'] },
  });
  const asked = rehearsed.report.questions.filter(({ title }) => title === 'Update configuration');
  assert.deepEqual(
    asked.map(({ kind }) => kind),
    ['plan', 'stuck', 'plan'],
  );
  assert.match(asked[1]?.because ?? '', /takes the former key again/);
  assert.deepEqual(
    effects(rehearsed, 'useSecret').map(({ args }) => /1b?$/.exec(String(Reflect.get(Object(args[1]), 'key')))?.[0]),
    ['1', '1', '1b', '1b'],
  );
  assert.equal(stepOf(rehearsed.report, 'Update configuration')?.state, 'done');
});

const rotated = {
  done: { note: 'rotated', changes: [], effect: { measured: 'whole', text: 'three rollouts' } },
};

test('a rotation that stays stuck is skipped by a person, and the cause is asked again while recovery is not measured', async () => {
  const { report } = await rehearsal({
    world: {
      ...refusedKey,
      ...accepted,
      'Update configuration': refused('403', true),
      'Gradual Rollback: canary': [finding('faulty'), finding('healthy')],
    },
    people: {
      ...authentication,
      'What is the cause?': ['Authentication Issue', 'Dynex Platform Issue'],
      'Update configuration': 'skip',
    },
  });
  assert.equal(stepOf(report, 'Update configuration')?.state, 'skipped');
  assert.match(questionOf(report, 'What is the cause?')?.because ?? '', /Tried without success: Authentication Issue/);
});

const network: Choices = {
  ...usual,
  'What is the cause?': 'Network/Configuration Issue',
  'Check firewall rules and network policies: by hand': 'done',
  'Test with new API keys if necessary': next,
  'Test with new API keys if necessary: use': 'approve',
};

test('policies and rotation are looked at; where neither is at fault, people look at the firewall, and no key is asked for', async () => {
  const rehearsed = await rehearsal({ people: network });
  const { report } = rehearsed;
  assert.deepEqual(
    ['Check firewall rules and network policies', "Verify API key rotation hasn't caused issues"].map(
      title => stepOf(report, title)?.state,
    ),
    ['healthy', 'healthy'],
  );
  assert.equal(questionOf(report, 'Check firewall rules and network policies: by hand')?.owner, 'infrastructure');
  assert.equal(stepOf(report, 'Test with new API keys if necessary: use'), undefined);
  assert.deepEqual(effects(rehearsed, 'useSecret'), []);
  assert.equal(report.outcome, 'recovered');
});

test('a new key is tried only where the rotation is at fault', async () => {
  const { report } = await rehearsal({ world: { ...accepted, keyVersions: finding('faulty') }, people: network });
  assert.equal(questionOf(report, 'Check firewall rules and network policies: by hand'), undefined);
  assert.equal(stepOf(report, 'Test with new API keys if necessary: use')?.state, 'done');
});

test('where both are at fault people fix the policies first', async () => {
  const { report } = await rehearsal({
    world: {
      ...accepted,
      keyVersions: finding('faulty'),
      networkPolicies: finding('faulty', {}, 'nqba-api may not reach dynex.co:443'),
    },
    people: network,
  });
  const asked = report.questions.map(({ title }) => title);
  assert.deepEqual(asked.slice(1, 3), [
    'Check firewall rules and network policies: by hand',
    'Test with new API keys if necessary',
  ]);
  assert.equal(stepOf(report, 'Test with new API keys if necessary: use')?.state, 'done');
});

test('where only looking is allowed, the new key is a would-have', async () => {
  const { report } = await rehearsal({
    world: {
      ...refusedKey,
      ...accepted,
      setFallback: planned('observe'),
      setStatusPage: planned('observe'),
      useSecret: planned('observe'),
    },
    people: authentication,
  });
  assert.equal(stepOf(report, 'Update configuration')?.state, 'would have');
});
