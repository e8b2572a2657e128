// Quantum API Key Rotation: the old key is given up last, and only after the new one was measured.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aStart, done, effects, finding, inputsOf, questionOf, rehearsal, type Rehearsing } from '../../support/rehearsing.ts';

const secret = 'nqba-secrets-dynex-a';
const former = { 'Update Kubernetes secret: the one in use': finding('healthy', { secrets: ['nqba-secrets'] }) };
const revoke = 'Verify quantum jobs still work: revoke the old key';
const people = { 'Generate new Dynex API key': secret, 'Update deployment': 'approve', [revoke]: 'done' };

const rotated = (change: Rehearsing = {}) =>
  rehearsal({
    type: 'quantumApiKeyRotation',
    workflowId: 'operation:quantum-api-key-rotation-20261124-k7fp',
    args: [{ version: 1, input: {}, platform: { ...aStart().platform, keySecrets: [secret] } }],
    messages: [],
    people,
    ...change,
    world: { dynexKey: finding('healthy'), ...former, ...change.world },
  });

test('a new key is named, used, watched, and then the old one is revoked and tried', async () => {
  const rehearsed = await rotated();
  const { report } = rehearsed;
  assert.deepEqual(
    report.questions.map(({ title }) => title),
    Object.keys(people),
  );
  assert.match(questionOf(report, 'Generate new Dynex API key')?.because ?? '', /one of the Secrets nqba-secrets-dynex-a/);
  assert.match(questionOf(report, revoke)?.because ?? '', /: The old key \(of Secret nqba-secrets\) is revoked/);
  assert.deepEqual(inputsOf(rehearsed, 'dynexKey').at(-1), { secret: 'nqba-secrets', revoked: true });
  assert.deepEqual([report.outcome, report.followUps], ['done', []]);
  const [said] = inputsOf<{ text: string }>(rehearsed, 'remark');
  assert.equal(said?.text, `Quantum API Key Rotation: done. The key comes from Secret ${secret}; the old one is refused.`);
});

test('without a new key nothing is changed', async () => {
  const rehearsed = await rotated({ people: { 'Generate new Dynex API key': 'no new key' } });
  assert.deepEqual([effects(rehearsed, 'useSecret'), rehearsed.report.outcome], [[], 'done']);
});

test('a key that is not in use everywhere, or with which jobs fail, revokes nothing', async () => {
  const worlds = {
    'Update deployment: which key is in use': finding('faulty', {}, 'none from it.'),
    'Verify quantum jobs still work: jobs': finding('faulty', {}, '12 of 60 succeeded.'),
    'Verify quantum jobs still work: canary': finding('unknown', {}, 'NQBA_API_URL is not set.'),
  };
  for (const [title, found] of Object.entries(worlds)) {
    const { report } = await rotated({ world: { [title]: found } });
    assert.equal(questionOf(report, revoke), undefined, title);
    assert.match(report.followUps[0]?.confirm ?? '', /Revoke neither key before this is clear\./);
    assert.ok(report.followUps[0]?.confirm.startsWith(found.evidence));
  }
});

test('an old key that Dynex still accepts is a follow-up', async () => {
  const still = finding('faulty', {}, 'Dynex accepts the key: 200.');
  const { report } = await rotated({
    world: { 'Verify quantum jobs still work: the old key is refused': still, useSecret: done() },
  });
  assert.match(report.followUps[0]?.confirm ?? '', /^Dynex accepts the key: 200\. Revoke it in the Dynex portal\.$/);
});
