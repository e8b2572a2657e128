// What carries `until` ends by itself: the call says when, and a workflow of its own takes it back, whatever became of the incident.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  aReceipt,
  aStart,
  aTakeBack,
  anAlert,
  callOf,
  done,
  effects,
  minutes,
  planned,
  questionOf,
  refused,
  type Rehearsing,
  rehearsal,
  stepOf,
  threeAtNight,
} from '../../support/rehearsing.ts';
import { trial } from '../../support/trial/rehearsing.ts';

const inMinutes = (count: number) => new Date(threeAtNight + minutes(count)).toISOString();
const untils = (rehearsed: Awaited<ReturnType<typeof trial>>) =>
  effects(rehearsed, 'setFallback').map(({ args }) => callOf(args).until);

test('the call says until when, counted from the try at the pace of the platform', async () => {
  assert.deepEqual(untils(await trial('briefly')), [inMinutes(30)]);
  assert.deepEqual(untils(await trial('briefly', { args: [aStart(anAlert(), 1 / 60)] })), [inMinutes(0.5)]);
});

test('a time of the calendar is said as it is', async () => {
  assert.deepEqual(untils(await trial('untilNoon')), ['2026-11-24T12:00:00.000Z']);
});

test('what is approved late lasts as long as what is approved at once', async () => {
  const decide = { question: 'activate-circuit-breaker', choice: 'approve', by: 'ann' };
  const messages = [{ after: minutes(20), signal: 'decide', args: [decide] }];
  const rehearsed = await trial('briefly', { world: { setFallback: [planned('approval'), done()] }, messages });
  assert.deepEqual(untils(rehearsed), [inMinutes(30), inMinutes(50)]);
});

const start = aTakeBack({ at: inMinutes(30) });
const title = 'Undo: Activate Circuit Breaker';
const back = done(aReceipt({ note: 'QUANTUM_BACKEND is dynex again', takeBack: undefined }));
const due = (answers: unknown, more: Rehearsing = {}) =>
  rehearsal({ type: 'takeBack', args: [start], world: { takeBack: answers }, people: {}, messages: [], ...more });
const after = (rehearsed: Awaited<ReturnType<typeof due>>) => (effects(rehearsed, 'takeBack')[0]?.at ?? 0) - threeAtNight;

for (const rollOver of [false, true])
  test(`it waits for its time, and takes back without anybody${rollOver ? ', though the server wants it shorter' : ''}`, async () => {
    const rehearsed = await due(back, { rollOver });
    assert.equal(after(rehearsed), minutes(30));
    assert.equal(rehearsed.report.outcome, 'QUANTUM_BACKEND is dynex again');
    assert.deepEqual(effects(rehearsed, 'page'), []);
  });

test('what lasts a day is announced at half time, with the commands that end it now and never', async () => {
  const remarks = ({ args }: { args: unknown[] }) => String(Reflect.get(Object(args[0]), 'text'));
  const day = { args: [{ ...start, at: inMinutes(1440) }], atMost: minutes(1500) };
  const rehearsed = await due(back, day);
  const [said, ...more] = effects(rehearsed, 'remark');
  assert.ok(said);
  assert.deepEqual([said.at - threeAtNight, more], [minutes(720), []]);
  assert.match(remarks(said), /half of its time is over, and in 12 h .*runbooks ack take-back-.*runbooks cancel take-back-/);
  assert.equal(after(rehearsed), minutes(1440));
  assert.equal(rehearsed.report.outcome, 'QUANTUM_BACKEND is dynex again');
  assert.deepEqual(effects(rehearsed, 'page'), []);

  const now = { after: minutes(5), signal: 'acknowledge', args: [{ by: 'ann' }] };
  assert.deepEqual(effects(await due(back, { ...day, messages: [now], people: { [title]: 'approve' } }), 'remark'), []);
  assert.deepEqual(effects(await due(back), 'remark'), [], 'half an hour is short');
});

test('an announcement that no one takes holds no undo', async () => {
  const rehearsed = await rehearsal({
    type: 'takeBack',
    args: [{ ...start, at: inMinutes(240) }],
    world: { takeBack: back, remark: refused('Slack answered 503.', true) },
    people: {},
    messages: [],
  });
  assert.equal(after(rehearsed), minutes(240));
  assert.equal(stepOf(rehearsed.report, title)?.state, 'done');
});

test('a time that is past is now', async () => {
  assert.equal(after(await due(back, { args: [{ ...start, at: inMinutes(-10) }] })), 0);
});

test('whoever acknowledges it wants it now, and is there to be asked', async () => {
  const now = { after: minutes(5), signal: 'acknowledge', args: [{ by: 'ann' }] };
  const rehearsed = await due([planned('moved'), back], { messages: [now], people: { [title]: 'approve' } });
  assert.equal(after(rehearsed), minutes(5));
  assert.deepEqual(effects(rehearsed, 'page'), []);
});

for (const [what, answer, kind] of [
  ['is held', planned('held'), 'held'],
  ['finds that somebody has changed the object since', planned('moved'), 'plan'],
  ['would not be admitted', refused('exceeded quota', true), 'stuck'],
] as const)
  test(`one that falls due and ${what} changes nothing: it asks, and pages up the ladder`, async () => {
    const rehearsed = await due(answer, { atMost: minutes(120) });
    assert.equal(questionOf(rehearsed.report, title)?.kind, kind);
    const called = effects(rehearsed, 'page').map(({ args }) => Reflect.get(Object(args[0]), 'roles'));
    assert.deepEqual(called.slice(0, 3), [['primary'], ['secondary'], ['escalation']]);
    assert.equal(rehearsed.report.severity, 'P1');
    assert.equal(effects(rehearsed, 'takeBack').length, 1);
  });

test('released, a held one takes back', async () => {
  const messages = [{ after: minutes(60), signal: 'release', args: [{ by: 'ann' }] }];
  const { report } = await due([planned('held'), back], { messages });
  assert.equal(stepOf(report, title)?.state, 'done');
});

test('cancelled before its time, nothing is taken back, and it says who wanted it so', async () => {
  const messages = [{ after: minutes(5), signal: 'cancel', args: [{ by: 'ann', reason: 'it stays' }] }];
  const rehearsed = await due(back, { messages });
  assert.deepEqual(effects(rehearsed, 'takeBack'), []);
  assert.equal(rehearsed.report.outcome, 'cancelled by ann (it stays)');
});
