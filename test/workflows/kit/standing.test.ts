// A change of ours that stands is never forgotten: whatever people skipped, undid or left, the incident says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message, Rehearsal } from '../../../worker/rehearsal/rehearse.ts';
import type { Attempt } from '../../../worker/rehearsal/virtual-server.ts';
import {
  alertEnds,
  aReceipt,
  aTakeBack,
  done,
  effects,
  finding,
  inputsOf,
  minutes,
  questionOf,
  refused,
  rehearsal,
  stepOf,
} from '../../support/rehearsing.ts';
import { trial } from '../../support/trial/rehearsing.ts';

const asked = 'Changes of this incident still stand';
const undo = 'Undo: Activate Circuit Breaker';
const stands = (keys = ['k']) => finding('faulty', { standing: keys }, 'Still in effect: “a change” (ConfigMap nqba-config).');
const gone = finding('healthy', { standing: [] }, 'No change of this incident is still in effect.');

/** The breaker stands until it is taken back, wherever that happens. */
function breaker() {
  let isOpen = true;
  return {
    standing: () => (isOpen ? stands() : gone),
    takeBack: () => {
      isOpen = false;
      return done(aReceipt({ note: 'restored', takeBack: undefined }));
    },
  };
}

const told = (rehearsed: Rehearsal) => inputsOf<{ summary: string; resolved?: boolean }>(rehearsed, 'resolveIncident');

test('an incident whose change still stands does not recover, whatever its own check says: people restore it or leave it', async () => {
  const rehearsed = await trial('mitigating', { world: breaker(), atMost: minutes(180) });
  assert.equal(rehearsed.closed, false);
  assert.notEqual(rehearsed.report.state, 'resolved');
  const question = questionOf(rehearsed.report, asked);
  assert.deepEqual(question?.choices, ['restore them now', 'close: leave them standing']);
  assert.match(question?.because ?? '', /Activate Circuit Breaker: ConfigMap nqba-platform\/nqba-config.*runbooks undo/);
});

test('restored as people ordered, it recovers; each change is taken back once', async () => {
  const rehearsed = await trial('mitigating', { world: breaker(), people: { [asked]: 'restore them now' } });
  assert.equal(rehearsed.report.outcome, 'recovered');
  assert.equal(effects(rehearsed, 'takeBack').length, 1);
  assert.equal(rehearsed.report.standing, undefined);
});

test('people who order it again are asked again where the first try was skipped, also across roll-overs', async () => {
  for (const rollOver of [false, true]) {
    const { standing, takeBack } = breaker();
    let tries = 0;
    const failing = () => ((tries += 1) === 1 ? refused('the API server is away', true) : takeBack());
    const { report } = await trial('mitigating', {
      world: { standing, takeBack: failing },
      people: { [asked]: ['restore them now', 'restore them now'], [undo]: 'skip' },
      rollOver,
    });
    assert.equal(report.outcome, 'recovered', `rolling over: ${rollOver}`);
    const states = report.steps.filter(({ title }) => title === undo).map(({ state }) => state);
    assert.deepEqual(states, ['skipped', 'done']);
  }
});

test('an order restores what stands, and nothing that is meant to stay until people decide', async () => {
  const stays = aTakeBack().takeBack;
  const { standing, takeBack } = breaker();
  const rehearsed = await trial('mitigating', {
    world: {
      standing: () => (standing() === gone ? gone : stands(['another'])),
      takeBack,
      setFallback: done(aReceipt({ takeBack: stays })),
    },
    people: { [asked]: ['restore them now'] },
    atMost: minutes(180),
  });
  assert.deepEqual(effects(rehearsed, 'takeBack'), []);
});

test('what people skipped when they ordered it is tried again when they cancel and undo', async () => {
  const { standing, takeBack } = breaker();
  let tries = 0;
  const failing = () => ((tries += 1) === 1 ? refused('the API server is away', true) : takeBack());
  const messages = [alertEnds(10), { after: minutes(60), signal: 'cancel', args: [{ by: 'ann' }] }];
  const { report } = await trial('mitigating', {
    world: { standing, takeBack: failing },
    people: { [asked]: ['restore them now'], [undo]: 'skip', 'Undo or leave?': 'undo' },
    messages,
  });
  assert.deepEqual(
    report.steps.filter(({ title }) => title === undo).map(({ state }) => state),
    ['skipped', 'done'],
  );
  assert.equal(report.standing, undefined);
});

test('to leave changes standing takes a reason', async () => {
  const decision = { question: 'changes-of-this-incident-still-stand', choice: 'close: leave them standing', by: 'ann' };
  const messages = [alertEnds(10), { after: minutes(60), signal: 'decide', args: [decision] }];
  const { report, closed } = await trial('mitigating', { world: breaker(), messages, atMost: minutes(120) });
  assert.equal(closed, false);
  assert.equal(report.refusals[0]?.because, 'this answer needs a reason');
});

test('an obstacle that comes and goes is one question', async () => {
  const faulty = finding('faulty', {}, '0 of 20 jobs succeeded on Dynex');
  const healthy = finding('healthy', {}, '20 of 20 jobs succeeded on Dynex');
  const recovered = ({ at }: Attempt) => (Math.floor(at / minutes(20)) % 2 === 0 ? faulty : healthy);
  const { report } = await trial('mitigating', { world: { ...breaker(), recovered }, atMost: minutes(180) });
  const titles = report.questions.map(({ title }) => title);
  assert.deepEqual(titles.toSorted(), [asked, 'Recovery is not measured']);
});

test('a try whose object cannot be read may have changed something: it is not recovered, and the report says so', async () => {
  const unread = finding('unknown', { standing: [] }, 'Not checked: the API server does not answer.');
  const { report } = await trial('mitigating', {
    world: { standing: unread, setFallback: refused('no answer', false) },
    people: { 'Activate Circuit Breaker': 'skip', 'Recovery is not measured': 'close: no mitigation was possible' },
  });
  assert.match(report.recovery?.evidence ?? '', /^Could not check whether changes of this incident still stand/);
  assert.match(report.standing?.[0] ?? '', /^Could not check whether .* Not checked: the API server does not answer\.$/);
});

test('left standing, that is its outcome: the report, and what responders are told, name the change and the command', async () => {
  const rehearsed = await trial('mitigating', { world: breaker(), people: { [asked]: 'close: leave them standing' } });
  const { report } = rehearsed;
  assert.match(report.outcome ?? '', /^close: leave them standing: /);
  assert.deepEqual(report.standing, ['Activate Circuit Breaker: ConfigMap nqba-platform/nqba-config']);
  const [ending] = told(rehearsed);
  assert.equal(ending?.resolved, false);
  assert.match(ending?.summary ?? '', /Still standing: Activate Circuit Breaker.*runbooks undo dynex-outage-20261124-k7fp/);
});

test('objects that cannot be read are not believed to be restored', async () => {
  const unknown = finding('unknown', { standing: [] }, 'Not checked: the API server does not answer.');
  const { closed, report } = await trial('mitigating', { world: { standing: unknown }, atMost: minutes(180) });
  assert.equal(closed, false);
  assert.notEqual(questionOf(report, asked), undefined);
});

test('a change that somebody restores by hand withdraws the question', async () => {
  const { report } = await trial('mitigating', { world: { standing: [stands(), stands(), gone] } });
  assert.equal(questionOf(report, asked)?.withdrawn, 'recovery is measured');
  assert.equal(report.outcome, 'recovered');
});

test('an incident that is cancelled and left names what stands', async () => {
  const messages = [{ after: minutes(4), signal: 'cancel', args: [{ by: 'ann', falseAlarm: true }] }, alertEnds(10)];
  const rehearsed = await trial('mitigating', { world: breaker(), messages, people: { 'Undo or leave?': 'leave' } });
  assert.equal(rehearsed.report.outcome, 'cancelled by ann as a false alarm: leave');
  assert.equal(rehearsed.report.standing?.length, 1);
  assert.match(told(rehearsed)[0]?.summary ?? '', /Still standing/);
});

test('a change whose answer was lost is found on its object when people cancel, and undone as they say', async () => {
  const lost = aReceipt().takeBack;
  let isOpen = true;
  const standing = ({ args: [input] }: Attempt) => {
    const [tried] = JSON.parse(JSON.stringify(input)).tried ?? [];
    const found = isOpen && tried ? [{ ...lost, key: tried.key }] : [];
    return isOpen ? finding('faulty', { standing: found.map(({ key }) => key), found }) : gone;
  };
  const takeBack = () => {
    isOpen = false;
    return done(aReceipt({ note: 'restored', takeBack: undefined }));
  };
  const messages = [{ after: minutes(4), signal: 'cancel', args: [{ by: 'ann' }] }, alertEnds(10)];
  const rehearsed = await trial('mitigating', {
    world: { standing, takeBack, setFallback: refused('no answer', false) },
    messages,
    people: { 'Undo or leave?': 'undo' },
  });
  assert.equal(effects(rehearsed, 'takeBack').length, 1);
  assert.equal(rehearsed.report.outcome, 'cancelled by ann: undo');
  assert.equal(rehearsed.report.standing, undefined);
});

const undone = (after: number, key = 'k') => ({ after: minutes(after), signal: 'undone', args: [{ key, by: 'bob' }] });
const textsOf = (rehearsed: Rehearsal, type: string) => inputsOf<{ text: string }>(rehearsed, type).map(({ text }) => text);
const statements = (rehearsed: Rehearsal) => textsOf(rehearsed, 'setStatusPage');

test('a mitigation that is undone outside ends mitigated, and the page says again what it said before', async () => {
  const run = (messages: Message[]) => trial('stating', { messages, atMost: minutes(20), world: { standing: gone } });
  const before = await run([]);
  assert.deepEqual([before.report.state, statements(before)], ['mitigated', ['degraded', 'quantum-fallback']]);
  const after = await run([undone(15)]);
  assert.notEqual(after.report.state, 'mitigated');
  assert.equal(after.report.times.mitigated, undefined);
  assert.deepEqual(statements(after), ['degraded', 'quantum-fallback', 'degraded']);
  assert.deepEqual(textsOf(after, 'remark'), ['Activate Circuit Breaker: ConfigMap nqba-platform/nqba-config: undone by bob']);
});

test('a page that people leave when they cancel and undo does not claim the effect of what is undone', async () => {
  const notice = { ...aTakeBack().takeBack, key: 'notice' };
  const rehearsed = await trial('stating', {
    messages: [{ after: minutes(5), signal: 'cancel', args: [{ by: 'ann' }] }, alertEnds(10)],
    world: {
      setStatusPage: done(aReceipt({ takeBack: notice, effect: { measured: 'nothing to measure', text: 'sent' } })),
      standing: stands(['notice']),
      'Undo: Update Status Page: measured': refused('the page is away', true),
    },
    people: { 'Undo or leave?': 'undo', 'Undo: Update Status Page: measured': 'skip' },
  });
  assert.equal(rehearsed.closed, true);
  assert.deepEqual(statements(rehearsed), ['degraded', 'quantum-fallback', 'degraded']);
});

test('a change that this incident did not make is nothing to it', async () => {
  const { report } = await trial('stating', { messages: [undone(15, 'of another')], atMost: minutes(20) });
  assert.equal(report.state, 'mitigated');
});

test('a take-back tells the incident that its change is undone, and only then', async () => {
  const start = aTakeBack({ workflowId: 'incident:dynex-outage:nqba' });
  const run = (takeBack: unknown, people = {}) =>
    rehearsal({ type: 'takeBack', args: [start], world: { takeBack }, people, atMost: minutes(60) });
  const restored = await run(done(aReceipt({ note: 'restored', takeBack: undefined })));
  assert.deepEqual(JSON.parse(JSON.stringify(restored.signalled)), [
    {
      workflowId: 'incident:dynex-outage:nqba',
      name: 'undone',
      args: [{ key: start.takeBack.key, by: 'its time limit' }],
    },
  ]);
  const skipped = await run(refused('not now', true), { [undo]: 'skip' });
  assert.deepEqual(skipped.signalled, []);
});

test('after a round that did not help people may close it: nothing is claimed, and what stands is named', async () => {
  const faulty = finding('faulty', {}, '0 of 20 jobs succeeded on Dynex');
  const rehearsed = await trial('afterwards', {
    world: { jobs: faulty, recovered: faulty },
    people: { 'What is the cause?': ['Dynex Platform Issue', 'close: no mitigation was possible'], 'Anything to tell?': 'no' },
    atMost: minutes(600),
  });
  const choices = rehearsed.report.questions
    .filter(({ title }) => title === 'What is the cause?')
    .map(question => question.choices.includes('close: no mitigation was possible'));
  assert.deepEqual(choices, [false, true]);
  assert.match(rehearsed.report.outcome ?? '', /^close: no mitigation was possible: /);
  assert.deepEqual(told(rehearsed)[0]?.resolved, false);
  assert.notEqual(stepOf(rehearsed.report, 'Announce the resolution'), undefined);
});
