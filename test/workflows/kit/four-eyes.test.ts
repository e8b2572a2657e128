// Where money or data is at stake two persons must approve; one who must act alone breaks the glass.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callOf, done, effects, minutes, planned, questionOf, type Rehearsing } from '../../support/rehearsing.ts';
import { trial } from '../../support/trial/rehearsing.ts';

const title = 'Reverse incorrect charges';
const world = { [title]: [planned('approval'), done()] };
const decides = (after: number, change: object) => ({
  after: minutes(after),
  signal: 'decide',
  args: [{ question: 'reverse-incorrect-charges', choice: 'approve', by: 'ann', ...change }],
});
const charging = (...messages: Rehearsing['messages'] & object) => trial('charging', { world, messages, atMost: minutes(10) });
const approvals = (rehearsed: Awaited<ReturnType<typeof charging>>) =>
  effects(rehearsed, 'setFallback').flatMap(({ args }) => callOf(args).approved ?? []);

for (const rollOver of [false, true])
  test(`one approval is not enough, two persons are${rollOver ? ', and a roll-over loses no vote' : ''}`, async () => {
    const one = await trial('charging', { world, rollOver, messages: [decides(1, {})], atMost: minutes(5) });
    assert.equal(questionOf(one.report, title)?.answer, undefined);
    assert.deepEqual(approvals(one), []);
    const messages = [decides(1, {}), decides(2, { by: 'bob' })];
    const two = await trial('charging', { world, rollOver, messages, atMost: minutes(5) });
    assert.equal(questionOf(two.report, title)?.answer?.by, 'ann and bob');
    assert.deepEqual(approvals(two), ['d1']);
  });

test('a plan that is so small that one person is enough asks for no second one, and the next that is not does', async () => {
  const small = { summary: 'usd 1.00', changes: [], consequences: [], digest: 'd1', onePerson: true as const };
  const messages = [decides(1, {}), decides(3, {})];
  const rehearsed = await trial('charging', {
    world: { [title]: [planned('approval', small), done()] },
    messages,
    atMost: minutes(5),
  });
  assert.deepEqual(approvals(rehearsed), ['d1']);
  assert.equal(questionOf(rehearsed.report, title)?.answer?.by, 'ann');
  const large = { ...small, onePerson: undefined, digest: 'd2' };
  const grown = { [title]: [planned('approval', small), planned('moved', large), done()] };
  const asked = await trial('charging', { world: grown, messages, atMost: minutes(5) });
  assert.deepEqual(
    asked.report.questions.map(({ second }) => second),
    [undefined, 'management'],
  );
  assert.deepEqual(approvals(asked), ['d1'], 'one vote of two');
});

test('the second vote of one person is refused, however the name is written', async () => {
  const rehearsed = await charging(decides(1, {}), decides(2, { by: ' Ann ' }));
  assert.deepEqual(approvals(rehearsed), []);
  assert.match(rehearsed.report.refusals[0]?.because ?? '', /ann has approved; a second person/);
});

test('not to do it is one person’s word, also of one who had approved', async () => {
  const rehearsed = await charging(decides(1, {}), decides(2, { choice: 'skip' }));
  assert.equal(questionOf(rehearsed.report, title)?.answer?.choice, 'skip');
  assert.deepEqual(approvals(rehearsed), []);
});

test('a vote for another plan than the one asked does not count', async () => {
  const rehearsed = await charging(decides(1, {}), decides(2, { by: 'bob', digest: 'd0' }));
  assert.deepEqual(approvals(rehearsed), []);
});

test('the world has moved since the votes: both are asked again with the new plan', async () => {
  const moved = { summary: 'another', changes: [], consequences: [], digest: 'd2' };
  const rehearsed = await trial('charging', {
    world: { [title]: [planned('approval'), planned('moved', moved), done()] },
    messages: [decides(1, {}), decides(2, { by: 'bob' })],
    atMost: minutes(5),
  });
  const [, second] = rehearsed.report.questions;
  assert.deepEqual([second?.second, second?.votes, second?.answer], ['management', undefined, undefined]);
});

test('who breaks the glass decides alone: the owners are woken, and it stands in the report', async () => {
  const rehearsed = await charging(decides(1, { breakGlass: true, reason: 'bob is on a plane' }));
  assert.deepEqual(approvals(rehearsed), ['d1']);
  assert.deepEqual(
    rehearsed.report.brokenGlass?.map(({ by, title, reason }) => [by, title, reason]),
    [['ann', title, 'bob is on a plane']],
  );
  assert.deepEqual(
    effects(rehearsed, 'page').map(({ title: paged }) => paged),
    [`Page finance, management: asked “${title}”`, `Page finance, management: ann decided “${title}” alone; it needs two people`],
  );
});

test('the glass is not broken without a reason, nor where one person decides anyway', async () => {
  const { report } = await charging(
    decides(1, { breakGlass: true }),
    decides(2, { choice: 'skip', breakGlass: true, reason: 'x' }),
  );
  assert.match(report.refusals[0]?.because ?? '', /needs a reason/);
  assert.match(report.refusals[1]?.because ?? '', /needs only one approver/);
  assert.equal(questionOf(report, title)?.answer, undefined);
});

test('a question takes two who want the same; a vote may be changed until then', async () => {
  const skips = decides(1, { choice: 'skip' });
  const votes = (by: string, choice: string, after: number) => decides(after, { question: 'charge-again', choice, by });
  const one = await charging(skips, votes('ann', 'yes', 2), votes('bob', 'yes', 3));
  assert.equal(questionOf(one.report, 'Charge again?')?.answer?.by, 'ann and bob');
  const refused = await charging(skips, votes('ann', 'yes', 2), votes('bob', 'no', 3));
  assert.deepEqual([questionOf(refused.report, 'Charge again?')?.answer?.by, refused.report.refusals], ['bob', []]);
});

test('silence is not the second vote', async () => {
  const messages = [decides(1, { choice: 'skip' }), decides(2, { question: 'charge-again', choice: 'yes' })];
  const { report } = await trial('charging', { world, messages, atMost: minutes(70) });
  assert.deepEqual(
    [questionOf(report, 'Charge again?')?.answer?.choice, questionOf(report, 'Charge again?')?.answer?.by],
    ['no', 'no one'],
  );
});
