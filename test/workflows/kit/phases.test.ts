// The times of a phase: when it begins, when responders hear that it takes long, when it is overdue.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anAlert, aStart, effects, minutes, questionOf, type Rehearsing, stepOf } from '../../support/rehearsing.ts';
import { trial } from '../../support/trial/rehearsing.ts';

const decides = (after: number, question: string, choice: string) => ({
  after: minutes(after),
  signal: 'decide',
  args: [{ question, choice, by: 'ann' }],
});
const go = decides(40, 'go-or-no-go', 'go');
const inWindow = (messages: Rehearsing['messages'], change: Rehearsing = {}) =>
  trial('inWindow', { messages, atMost: minutes(200), ...change });

for (const rollOver of [false, true])
  test(`a phase begins no sooner than its time, ${rollOver ? 'and rolled over it waits on' : 'and its limits are times of their own'}`, async () => {
    const { report } = await inWindow([go], { rollOver });
    assert.deepEqual(
      report.phases.map(({ title, began, by }) => [title, began, by]),
      [
        ['Prepare', '2026-11-24T03:30:00.000Z', '2026-11-24T04:00:00.000Z'],
        ['Maintenance', '2026-11-24T04:00:00.000Z', '2026-11-24T06:00:00.000Z'],
      ],
    );
  });

test('responders hear once that it takes long, and it is overdue at its limit', async () => {
  const rehearsed = await inWindow([go]);
  const maintenance = rehearsed.report.phases.at(-1);
  assert.deepEqual(
    effects(rehearsed, 'remark').map(({ title }) => title),
    ['Maintenance takes long'],
  );
  assert.equal(maintenance?.warned, '2026-11-24T05:30:00.000Z');
  assert.equal(maintenance?.overdue?.slice(0, 19), '2026-11-24T06:00:00');
});

test('a phase that is over in time is not said to take long', async () => {
  const rehearsed = await inWindow([go, decides(100, 'maintenance-work-go', 'done')]);
  assert.deepEqual(effects(rehearsed, 'remark'), []);
  assert.equal(stepOf(rehearsed.report, 'Maintenance work: go')?.state, 'done');
});

test('a question with a time of its own expires then, and people are reminded on the way', async () => {
  const rehearsed = await inWindow([]);
  const asked = questionOf(rehearsed.report, 'Go or no-go?');
  assert.deepEqual([asked?.answer?.choice, asked?.answer?.at.slice(0, 19)], ['no-go', '2026-11-24T04:00:00']);
  assert.equal(asked?.reminded, 2);
});

test('only the wait for the world is paced: limits are for people', async () => {
  const { report } = await inWindow([], { args: [aStart(anAlert(), 1 / 60)], atMost: minutes(10) });
  assert.equal(report.phases[0]?.began, '2026-11-24T03:00:30.000Z');
  assert.equal(report.phases[0]?.by, '2026-11-24T04:00:00.000Z');
});
