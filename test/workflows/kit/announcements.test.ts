// Each question is announced at once, and once; what is bounded is who is paged for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Severity } from '../../../workflows/contract/index.ts';
import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import { callOf, effects, minutes, questionOf, refused, threeAtNight } from '../../support/rehearsing.ts';
import { trial, trialOutage } from '../../support/trial/rehearsing.ts';

const says = (after: number, signal: string, change: object = {}) => ({
  after: minutes(after),
  signal,
  args: [{ by: 'ann', reason: 'no customer can work', ...change }],
});
const decides = (after: number, question: string, choice: string) => says(after, 'decide', { question, choice });
const notes = (...at: number[]) => at.map(minute => says(minute, 'note', { text: 'at work' }));

/** Minute and title of everything that people are told of questions, by type. */
const told = (rehearsed: Rehearsal, type = 'announce'): [number, string][] =>
  effects(rehearsed, type)
    .filter(({ attempt }) => attempt === 1)
    .map(({ at, title }) => [Math.round((at - threeAtNight) / 60_000), title]);

const asking = (messages: ReturnType<typeof says>[] = [], change: object = {}) =>
  trial('asking', { messages, atMost: minutes(20), ...change });

const plan = 'Ask finance: Reverse incorrect charges';
const refund = 'Ask finance: Refund?';
const vendor = 'Ask quantum: Tell the vendor?';

for (const rollOver of [false, true])
  test(`each question is announced at once, and once${rollOver ? ', also over a roll-over' : ''}`, async () => {
    const messages = [decides(4, 'refund', 'no'), decides(6, 'reverse-incorrect-charges', 'skip')];
    const rehearsed = await asking(messages, { rollOver });
    assert.deepEqual(told(rehearsed), [
      [0, refund],
      [0, 'Ask finance: Refund more?'],
      [0, vendor],
      [0, plan],
    ]);
    assert.equal(questionOf(rehearsed.report, 'Refund more?')?.expires, '2026-11-24T04:00:00.000Z');
  });

test('a step that is stuck 30 seconds after another question of its role is announced within the minute', async () => {
  const rehearsed = await asking([], {
    world: { 'Reverse incorrect charges': refused('exceeded quota', true) },
    takes: { 'Reverse incorrect charges': 30_000 },
  });
  const { announced = '' } = questionOf(rehearsed.report, 'Reverse incorrect charges') ?? {};
  assert.equal(Date.parse(announced) - threeAtNight, 30_000);
  const sent = effects(rehearsed, 'announce').find(({ title }) => title === plan);
  assert.equal((sent?.at ?? Number.POSITIVE_INFINITY) - threeAtNight < 60_000, true);
  assert.deepEqual(
    told(rehearsed, 'page').filter(([, title]) => title.startsWith('Page finance')),
    [[0, 'Page finance: asked “Refund?”']],
    'one page for both',
  );
});

test('people are reminded once at half and once at four fifths of its life, and when it expires the next rung hears of it', async () => {
  const messages = [says(1, 'acknowledge'), ...notes(8, 16, 24, 32, 40, 48, 56)];
  const rehearsed = await asking(messages, { atMost: minutes(62) });
  const reminded = told(rehearsed).filter(([, title]) => title.startsWith('Remind quantum'));
  assert.deepEqual(
    reminded.map(([at]) => at),
    [30, 48],
  );
  assert.deepEqual(told(rehearsed, 'page').at(-1), [60, 'Page secondary: no one answered “Refund?”']);
});

test('who a question is for is woken while not acknowledged', async () => {
  const pages = told(await asking([], { atMost: minutes(2) }), 'page');
  assert.deepEqual(pages.slice(1), [
    [0, 'Page finance: asked “Refund?”'],
    [0, 'Page quantum: asked “Tell the vendor?”'],
  ]);
});

test('nobody is woken who acted in the last ten minutes, and after that they are, once for all that is asked of them', async () => {
  const heard = await asking([says(0, 'acknowledge'), ...notes(9)], { atMost: minutes(16) });
  assert.deepEqual(told(heard, 'page').slice(1), []);
  const silent = await asking([says(0, 'acknowledge'), ...notes(4)], { atMost: minutes(31) });
  const pages = told(silent, 'page').filter(([, title]) => title.includes('asked'));
  assert.deepEqual(pages, [
    [30, 'Page finance: still asked “Refund?”'],
    [30, 'Page quantum: still asked “Tell the vendor?”'],
  ]);
});

test('the ladder calls for a commander, so what is asked of the commander wakes nobody else', async () => {
  const rehearsed = await trialOutage({ messages: [], people: {}, atMost: minutes(4) });
  assert.deepEqual(told(rehearsed), [[0, 'Ask commander: What is the cause?']]);
  assert.deepEqual(told(rehearsed, 'page'), [[0, 'Notify Team']]);
});

test('the questions of a P2 wake nobody', async () => {
  const severity: Severity = 'P2';
  const rehearsed = await asking([says(0, 'severity', { severity })], { atMost: minutes(16), takes: { 'Notify Team': 0 } });
  assert.deepEqual(
    told(rehearsed, 'page').filter(([at]) => at > 0),
    [],
  );
});

test('the message says what is asked and the line that answers it, and carries a key of its own', async () => {
  const rehearsed = await asking([says(0, 'acknowledge'), ...notes(9)]);
  const messages = effects(rehearsed, 'announce').map(({ args }) => Reflect.get(Object(args[0]), 'question'));
  assert.match(messages[0].command, /^runbooks decide dynex-outage-20261124-k7fp refund 'yes' --as YOU$/);
  assert.deepEqual(messages.at(-1).plan, [
    'nqba-worker restarts',
    'ConfigMap nqba-platform/nqba-config QUANTUM_BACKEND: classical → dynex',
  ]);
  const keys = effects(rehearsed, 'announce').map(({ args }) => callOf(args).key);
  assert.equal(new Set(keys).size, 4);
});

test('what is settled before it could be told is told no more', async () => {
  const messages = [says(0, 'acknowledge'), decides(3, 'refund', 'no'), decides(3, 'reverse-incorrect-charges', 'skip')];
  const rehearsed = await asking(messages, { world: { announce: new Error('Slack answered 503') } });
  const late = rehearsed.ran.filter(({ title, at }) => title === refund && at > threeAtNight + minutes(4));
  assert.deepEqual(late, []);
  assert.equal(questionOf(rehearsed.report, 'Refund?')?.answer?.choice, 'no');
});
