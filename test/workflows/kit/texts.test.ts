// A name that people give is checked to look like one; silence is never a name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerLine } from '../../../client/cli/question-lines.ts';
import { json, updated } from '../../support/payloads.ts';
import { minutes, questionOf, stepOf } from '../../support/rehearsing.ts';
import { trial } from '../../support/trial/rehearsing.ts';

const question = 'which-secret-holds-the-new-key';
const says = (after: number, change: object) => ({
  after: minutes(after),
  signal: 'decide',
  args: [{ question, choice: 'secret name', by: 'ann', ...change }],
});
const asked = 'Which Secret holds the new key?';

for (const rollOver of [false, true]) {
  const how = rollOver ? ', and over a roll-over' : '';

  test(`the name is what the runbook goes on with${how}`, async () => {
    const { report } = await trial('naming', { rollOver, messages: [says(1, { text: 'nqba-secrets-2' })], atMost: minutes(5) });
    assert.deepEqual(questionOf(report, asked)?.choices, ['secret name', 'by hand']);
    assert.equal(stepOf(report, 'Check Credentials: nqba-secrets-2')?.state, 'unknown');
  });

  test(`nobody gives a name: after its hour the answer is otherwise${how}`, async () => {
    const { report } = await trial('naming', { rollOver, messages: [], atMost: minutes(65) });
    assert.equal(questionOf(report, asked)?.answer?.by, 'no one');
    assert.notEqual(stepOf(report, 'Check Credentials: by hand'), undefined);
  });

  test(`a task that nobody confirms in time becomes a follow-up, and the runbook goes on${how}`, async () => {
    const { report } = await trial('confirming', { rollOver, messages: [], atMost: minutes(35) });
    assert.deepEqual(report.followUps, [{ title: 'Tell the vendor', owner: 'quantum', confirm: 'The vendor has a ticket' }]);
    assert.equal(
      questionOf(report, 'Tell the vendor')?.because,
      'Confirm with “done” once this is true: The vendor has a ticket',
    );
    assert.equal(stepOf(report, 'Tell the vendor')?.state, 'withdrawn');
    assert.notEqual(stepOf(report, 'Check Credentials'), undefined);
  });
}

test('a person may say that there is none', async () => {
  const { report } = await trial('naming', { messages: [says(1, { choice: 'by hand' })], atMost: minutes(5) });
  assert.notEqual(stepOf(report, 'Check Credentials: by hand'), undefined);
});

const wrong = ['Nqba_Secrets', 'a b', '-a', 'a-', 'a..b', 'a'.repeat(64), 'x'.repeat(254), 'sk_live_51H', 'a/b', '$(id)', 'a\n'];

for (const text of [undefined, ...wrong])
  test(`${JSON.stringify(text)} is no name of a Secret: refused, and still asked`, async () => {
    const { report } = await trial('naming', { messages: [says(1, { text })], atMost: minutes(5) });
    assert.equal(questionOf(report, asked)?.answer, undefined);
    assert.match(report.refusals[0]?.because ?? '', /the name of a Secret|looks like a secret/);
  });

test('as an update it never enters the history, for it may be the key itself', async () => {
  const said = { question, choice: 'secret name', by: 'ann' };
  const update = (text: string) => {
    const { doUpdate } = updated('decide', json(JSON.stringify({ ...said, text })));
    return { after: minutes(1), job: { doUpdate: { ...doUpdate, runValidator: true } } };
  };
  const { tasks, report } = await trial('naming', { jobs: [update('Hunter2!')], messages: [], atMost: minutes(5) });
  const responses = tasks.flat().flatMap(({ updateResponse }) => updateResponse ?? []);
  assert.deepEqual(
    responses.map(({ accepted, rejected }) => [accepted ?? undefined, rejected?.message?.slice(0, 45)]),
    [[undefined, 'the text (8 characters) is not the name of a ']],
  );
  assert.deepEqual([report.refusals, questionOf(report, asked)?.answer], [[], undefined]);
  const good = await trial('naming', { jobs: [update('nqba-secrets-2')], messages: [], atMost: minutes(5) });
  assert.notEqual(stepOf(good.report, 'Check Credentials: nqba-secrets-2'), undefined);
});

test('the board and show say how a name is given', async () => {
  const { report, board } = await trial('naming', { messages: [], atMost: minutes(1) });
  assert.match(board, /which-secret-holds-the-new-key 'secret name' --text NAME --as YOU/);
  const [asked] = report.questions;
  assert.match(asked ? answerLine('naming-1', asked) : '', /which-secret-holds-the-new-key <choice> --text NAME --as YOU/);
});
