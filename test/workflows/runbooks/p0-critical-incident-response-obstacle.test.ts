// What stands in the way of pods is watched beside the rounds of P0, and told once when it has gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import {
  firesAgain,
  holds,
  inTheWay,
  keptOut,
  missesOne,
  noClass,
  p0,
  podsOf,
  resolves,
  rollback,
  serves,
  stillDown,
  theObstacleHasGone,
  whatFitsStep,
} from '../../support/platform-down.ts';
import { finding, minutes, threeAtNight } from '../../support/rehearsing.ts';

const told = ({ ran }: Rehearsal, title: string) =>
  ran.filter(one => one.title === title).map(({ args: [input] }) => String(Reflect.get(Object(input), 'text')));

test('once the obstacle has gone the incident says so, and what makes the controller try now', async () => {
  const retry = {
    says: 'The obstacle has gone: it tries again by 03:51',
    by: '2026-11-24T03:51:00Z',
    command: 'kubectl annotate',
  };
  const world = {
    pods: finding('faulty', keptOut),
    [inTheWay]: finding('healthy', podsOf({ missing: 3, retry })),
    [serves]: finding('healthy'),
  };
  const rehearsed = await p0({ world, people: {}, takes: { [serves]: minutes(12) }, messages: [resolves(40)] });
  assert.deepEqual(told(rehearsed, theObstacleHasGone), [`${retry.says}. To retry at once: \`kubectl annotate\`.`]);
  assert.equal(rehearsed.report.outcome, 'recovered');
});

test('an obstacle that has gone before the first look is told too, while its pods are still missing', async () => {
  const retry = {
    says: 'The obstacle has gone: it tries again by 03:51',
    by: '2026-11-24T03:51:00Z',
    command: 'kubectl annotate',
  };
  const waiting = podsOf({ missing: 3, retry, workloads: [{ workload: 'api', ready: 0, wanted: 3, missing: 3, retry }] });
  const rehearsed = await p0({ world: { pods: finding('faulty', waiting), [inTheWay]: finding('healthy', waiting) } });
  assert.match(
    told(rehearsed, theObstacleHasGone)[0] ?? '',
    /^The obstacle has gone: .* To retry at once: `kubectl annotate`\.$/,
  );
});

test('pods that are there again before the controller was to try are told as well; where nothing stood in the way, nothing is', async () => {
  const there = finding('healthy', podsOf(), '3 of 3 ready');
  const hadOne = await p0({ world: { pods: finding('faulty', keptOut), [inTheWay]: there }, people: {} });
  assert.deepEqual(told(hadOne, theObstacleHasGone), ['PriorityClass nqba-critical no longer stands in the way. 3 of 3 ready']);
  assert.deepEqual(told(await p0({ world: { [inTheWay]: there } }), theObstacleHasGone), []);
});

test('an obstacle that comes after the alert has fired again is watched too, and told as gone', async () => {
  const rehearsed = await p0({
    world: {
      pods: [finding('healthy', podsOf({ ready: 5 })), finding('faulty', keptOut), finding('healthy', podsOf({ ready: 5 }))],
      [inTheWay]: finding('healthy', podsOf(), '3 of 3 ready'),
    },
    messages: [resolves(20), firesAgain(50), resolves(90, 50)],
    people: { [rollback]: ['approve', 'approve'] },
  });
  assert.deepEqual(told(rehearsed, theObstacleHasGone), [
    'PriorityClass nqba-critical no longer stands in the way. 3 of 3 ready',
  ]);
});

for (const rollOver of [false, true])
  test(`each round watches what is in the way then, of its workload${rollOver ? ', though the run rolls over' : ''}`, async () => {
    const [none, ofWorker] = [finding('healthy', podsOf()), finding('faulty', missesOne('worker', noClass))];
    const rehearsed = await p0({
      world: { pods: [ofWorker, ofWorker, none], [inTheWay]: [stillDown, none], [serves]: [stillDown, finding('healthy')] },
      takes: { [serves]: minutes(29), [inTheWay]: minutes(29) },
      messages: [resolves(70)],
      rollOver,
    });
    const watched = rehearsed.ran.filter(({ title }) => title === inTheWay);
    const input = { check: 'pods', input: { workloads: ['worker'], admission: true } };
    assert.ok(watched.length >= 2);
    for (const { args } of watched) assert.partialDeepStrictEqual(args[0], input);
    assert.equal(told(rehearsed, theObstacleHasGone).length, 1);
    assert.equal(rehearsed.report.outcome, 'recovered');
  });

test('a round does not wait for what is in the way of another workload: it begins a minute after recovery did not hold', async () => {
  const rehearsed = await p0({
    world: {
      pods: finding('faulty', missesOne('worker', noClass)),
      [inTheWay]: stillDown,
      [holds]: [stillDown, finding('healthy')],
    },
    takes: { [inTheWay]: minutes(29), [holds]: minutes(2) },
    messages: [resolves(70)],
  });
  const [first, second] = rehearsed.ran.filter(({ title }) => title === whatFitsStep).map(({ at }) => at - threeAtNight);
  assert.ok(first !== undefined && second !== undefined && second < minutes(10), `the second round began after ${second} ms`);
  const begun = rehearsed.ran.filter(({ title }) => title === inTheWay).map(({ at }) => at);
  assert.ok(
    begun.every((at, index) => index === 0 || at - (begun[index - 1] ?? 0) >= minutes(29)),
    'one watch at a time',
  );
});

test('the command that makes the controller try now is told once, however many rounds begin before it does', async () => {
  const retry = {
    says: 'The obstacle has gone: it tries again by 03:51',
    by: '2026-11-24T03:51:00Z',
    command: 'kubectl annotate',
  };
  const waiting = podsOf({ missing: 3, retry, workloads: [{ workload: 'api', ready: 0, wanted: 3, missing: 3, retry }] });
  const again = finding('faulty', keptOut);
  const rehearsed = await p0({
    world: {
      pods: [again, finding('faulty', waiting), finding('faulty', waiting), again, finding('faulty', waiting)],
      [inTheWay]: finding('healthy', waiting),
      [serves]: [stillDown, stillDown, stillDown, stillDown, finding('healthy')],
    },
    takes: { [serves]: minutes(29) },
    messages: [resolves(160)],
    atMost: minutes(300),
  });
  const once = `${retry.says}. To retry at once: \`kubectl annotate\`.`;
  assert.ok(rehearsed.ran.filter(({ title }) => title === whatFitsStep).length >= 5);
  assert.deepEqual(told(rehearsed, theObstacleHasGone), [once, once], 'once for each obstacle');
});
