// A key that a person pastes into a signal: Temporal's history keeps it, and nothing of ours repeats it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstLines } from '../../../client/cli/first-lines.ts';
import type { Job } from '../../../worker/rehearsal/sandbox.ts';
import { json, signalled, updated } from '../../support/payloads.ts';
import { inputsOf, minutes, questionOf, threeAtNight } from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

const key = `dnx_live_${'4f9a7c21'.repeat(4)}`;
const cause = { question: 'what-is-the-cause', choice: 'Dynex Platform Issue', by: 'ann' };

const sent: Record<string, [name: string, payload: unknown]> = {
  'as the text of an answer': ['decide', { ...cause, text: key }],
  'as the choice': ['decide', { ...cause, choice: key }],
  'as the question': ['decide', { ...cause, question: key }],
  'as the reason': ['acknowledge', { by: 'ann', reason: `it is ${key}` }],
  'as a note': ['note', { by: 'ann', text: `the new one: ${key}` }],
  'as a phase': ['extend', { by: 'ann', phase: key, minutes: 5, reason: 'why' }],
  'in a field that no message has': ['note', { by: 'ann', text: 'the new key', value: { key } }],
  'in more than is read': ['note', { by: 'ann', text: `${'the new one is '.repeat(400)}${key}` }],
  'in a message of another name': ['notes', { by: 'ann', text: key }],
};

const says = (job: Job) => ({ jobs: [{ after: minutes(2), job }], people: {}, atMost: minutes(5) });
const at = new Date(threeAtNight + minutes(2)).toISOString();
const remarksOf = (rehearsed: Awaited<ReturnType<typeof trialOutage>>) =>
  inputsOf<{ text: string }>(rehearsed, 'remark').map(({ text }) => text);

for (const [how, [name, payload]] of Object.entries(sent))
  test(`pasted ${how}, it is refused, and people are told at once to rotate it`, async () => {
    const rehearsed = await trialOutage(says(signalled(name, json(JSON.stringify(payload)))));
    const { report, board, ran, tasks } = rehearsed;
    const [refusal, ...others] = report.refusals;
    assert.deepEqual([refusal?.at, refusal?.by, refusal?.what, others], [at, 'ann', name, []]);
    assert.match(
      refusal?.because ?? '',
      /^it looks like a secret \(\d+ characters\), and Temporal’s history keeps it: rotate it now/,
    );
    const [told, ...more] = remarksOf(rehearsed);
    assert.match(
      told ?? '',
      new RegExp(`^A key was pasted: rotate it now\\. ann sent it as “${name}”, and Temporal’s history keeps it`),
    );
    assert.deepEqual(more, []);
    assert.equal(questionOf(report, 'What is the cause?')?.answer, undefined);
    const shown = firstLines({ name: 'x', report, now: threeAtNight });
    const everything = JSON.stringify([report, board, shown, ran, tasks]);
    assert.equal(everything.includes('4f9a7c21'), false, 'it is repeated nowhere');
  });

for (const [what, text] of [
  ['no object', JSON.stringify(key)],
  ['broken JSON', `{"by":"ann","text":"${key}`],
  ['not quoted', key],
] as const)
  test(`pasted as ${what}, it is refused without the name of a person, and repeated nowhere`, async () => {
    const rehearsed = await trialOutage(says(signalled('note', json(text))));
    const { report, ran, tasks } = rehearsed;
    assert.deepEqual([report.refusals[0]?.by, report.refusals[0]?.what], ['unknown', 'note']);
    assert.match(remarksOf(rehearsed)[0] ?? '', /^A key was pasted: rotate it now\. Someone sent it as “note”/);
    assert.equal(JSON.stringify([report, ran, tasks]).includes('4f9a7c21'), false);
  });

test('a name that is the key is no name', async () => {
  const { report } = await trialOutage(says(signalled('acknowledge', json(JSON.stringify({ by: key })))));
  assert.deepEqual([report.refusals[0]?.by, report.commander], ['unknown', undefined]);
});

test('broken JSON without a secret is refused without being repeated', async () => {
  const { report } = await trialOutage(says(signalled('note', json('Hunter2!'))));
  assert.equal(report.refusals[0]?.because, 'the payload is not valid JSON');
});

test('as an update nothing of it enters the history, in whichever field it is', async () => {
  for (const [how, [name, payload]] of Object.entries(sent).filter(([, [name]]) => name !== 'notes')) {
    const { doUpdate } = updated(name, json(JSON.stringify(payload)));
    const rehearsed = await trialOutage(says({ doUpdate: { ...doUpdate, runValidator: true } }));
    const [response] = rehearsed.tasks.flat().flatMap(({ updateResponse }) => updateResponse ?? []);
    assert.match(response?.rejected?.message ?? '', /^it looks like a secret/, how);
    assert.deepEqual([rehearsed.report.refusals, remarksOf(rehearsed)], [[], []], how);
  }
});

test('the digest of a plan is no secret', async () => {
  const { report } = await trialOutage(
    says(signalled('decide', json(JSON.stringify({ ...cause, digest: '4f9a7c21'.repeat(8) })))),
  );
  assert.equal(report.refusals[0]?.because, 'this question has no plan: answer without a digest');
});
