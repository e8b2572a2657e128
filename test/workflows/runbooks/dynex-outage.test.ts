import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  aReceipt,
  aStart,
  alertEnds,
  callOf,
  done,
  effects,
  finding,
  inputsOf,
  minutes,
  planned,
  questionOf,
  refused,
  rehearsal,
  stepOf,
  threeAtNight,
  usual,
} from '../../support/rehearsing.ts';

test('a platform outage is ridden out on the classical solvers, and the way back is approved', async () => {
  const { report, closed } = await rehearsal();
  assert.equal(closed, true);
  assert.equal(report.outcome, 'recovered');
  assert.equal(questionOf(report, 'What is the cause?')?.suggest, 'Dynex Platform Issue');
  assert.equal(questionOf(report, 'Gradual Rollback: 100%')?.answer?.choice, 'approve');
  assert.equal(report.questions.length <= 3, true);
});

test('the investigation looks at four things, the changes as they were before the alert, and the question quotes what decides', async () => {
  const rehearsed = await rehearsal({
    world: {
      dynexStatus: finding('faulty', { incident: 'x' }, 'Dynex says: major outage'),
      rollouts: finding('healthy', { change: null }, 'Nothing was changed in two hours'),
    },
  });
  const found = (title: string) => [title, stepOf(rehearsed.report, title)?.evidence];
  assert.deepEqual(
    [found('Check Dynex Status Page'), found('Review Recent Changes')],
    [
      ['Check Dynex Status Page', 'Dynex says: major outage'],
      ['Review Recent Changes', 'Nothing was changed in two hours'],
    ],
  );
  const [looked] = inputsOf<{ workloads: string[]; before: string }>(rehearsed, 'rollouts');
  assert.deepEqual(looked, {
    workloads: ['api', 'worker', 'batch'],
    before: aStart().alert.startsAt,
    alert: aStart().alert.name,
  });
  const asked = questionOf(rehearsed.report, 'What is the cause?');
  assert.match(asked?.because ?? '', /Dynex says: major outage/);
  assert.match(asked?.evidence ?? asked?.because ?? '', /nothing was changed shortly before the alert/i);
});

test('while Dynex is down customers hear what to expect, and its status page is watched until it says that it works', async () => {
  const rehearsed = await rehearsal({
    world: { 'Monitor Dynex status page': finding('healthy', {}, 'All systems operational') },
  });
  const mails = inputsOf<{ text: string; to?: string }>(rehearsed, 'tellCustomers').filter(({ text }) => text === 'dynex-eta');
  assert.deepEqual(mails, [{ text: 'dynex-eta', to: 'all customers' }]);
  assert.equal(stepOf(rehearsed.report, 'Monitor Dynex status page')?.evidence, 'All systems operational');
  const [looked, restored] = ['Monitor Dynex status page', 'Gradual Rollback: 100%'].map(title =>
    rehearsed.ran.findIndex(one => one.title === title),
  );
  assert.ok((looked ?? -1) >= 0 && (looked ?? 0) < (restored ?? 0), 'the way back waits for the status page');
});

test('while Dynex is down the record says how many jobs succeed on the classical solvers', async () => {
  const title = 'Continue using classical fallback';
  const fails = finding('faulty', {}, '12 of 40 jobs succeeded on the classical solvers');
  const { report, ran } = await rehearsal({ world: { [title]: fails } });
  assert.deepEqual([stepOf(report, title)?.state, stepOf(report, title)?.evidence], ['faulty', fails.evidence]);
  assert.deepEqual(ran.find(one => one.title === title)?.args[0], { solver: 'classical', successRate: 0.95 });
});

test('every effect has its own key, which begins with the incident and names phase, title and occurrence', async () => {
  const rehearsed = await rehearsal();
  const keys = effects(rehearsed, 'setFallback').map(({ args }) => callOf(args).key);
  const [incident] = keys[0]?.split('/') ?? [];
  assert.deepEqual(
    [...new Set(keys)],
    [`${incident}/Immediate Response/Activate Circuit Breaker/1`, `${incident}/Recovery/Gradual Rollback: 100%25/1`],
  );
});

test('a dead pager delays nothing: it is on the list of what is not delivered, and delivered when it is back', async () => {
  let back = false;
  const { report, ran } = await rehearsal({
    world: {
      page: ({ at }: { at: number }) => {
        back = at > Date.parse('2026-11-24T03:05:00Z');
        return back
          ? done(aReceipt({ changes: [], effect: { measured: 'nothing to measure', text: 'queued' } }))
          : new Error('503');
      },
    },
  });
  const breaker = ran.find(({ type }) => type === 'setFallback');
  assert.equal(breaker?.at, Date.parse('2026-11-24T03:00:00Z'));
  assert.equal(stepOf(report, 'Notify Team')?.state, 'done');
  assert.deepEqual(report.undelivered, []);
});

test('a pager that stays dead is in the report', async () => {
  const { report, closed } = await rehearsal({ world: { page: new Error('PagerDuty answered 503') } });
  assert.equal(closed, true);
  assert.deepEqual(
    report.undelivered.map(({ system }) => system),
    ['pager', 'pager (commander)'],
  );
  assert.equal(report.times.paged, undefined);
});

test('once jobs were measured on the classical solvers the public page says so, with their share', async () => {
  const rehearsed = await rehearsal({ world: { 'Activate Circuit Breaker: measured': finding('healthy', { share: 0.8 }) } });
  const { ran, report } = rehearsed;
  const [text] = ran.filter(({ title }) => title === 'Update Status Page: measured');
  const page = { component: 'quantum', status: 'degraded_performance' };
  assert.deepEqual(text?.args[0], { ...page, text: 'quantum-fallback', share: 0.8 });
  assert.equal(stepOf(report, 'Update Status Page: measured')?.state, 'done');
  assert.ok((text?.at ?? 0) >= threeAtNight + minutes(10), 'it waits until the watch has ended');
});

test('the public page says that quantum works again only once all jobs were measured there', async () => {
  const { ran } = await rehearsal();
  const at = (title: string) => ran.findIndex(one => one.title === title);
  const last = ran[at('Update Status Page: operational')];
  assert.deepEqual(last?.args[0], { component: 'quantum', status: 'operational', text: 'dynex-resolved' });
  assert.ok(at('Update Status Page: operational') > at('Verify Quantum Jobs Resume'));
  assert.ok(at('Verify Quantum Jobs Resume') > at('Gradual Rollback: 100%'));
});

test('the second public text waits for the measurement, and says nothing where less than half was measured', async () => {
  const { report } = await rehearsal({ world: { 'Activate Circuit Breaker: measured': finding('faulty', { share: 0.2 }) } });
  assert.equal(stepOf(report, 'Update Status Page: measured'), undefined);
});

test('a breaker that moved only a part is amber, and says which workload did not move', async () => {
  const part = done(aReceipt({ effect: { measured: 'part', text: 'batch did not move: it does not read the ConfigMap' } }));
  const { report } = await rehearsal({ world: { 'Activate Circuit Breaker': part } });
  assert.equal(stepOf(report, 'Activate Circuit Breaker')?.state, 'part');
  assert.match(stepOf(report, 'Activate Circuit Breaker')?.evidence ?? '', /batch did not move/);
});

test('a breaker without effect is stuck, and measured again under the same key', async () => {
  const none = done(aReceipt({ effect: { measured: 'none', text: '0 of 5 jobs' } }));
  const rehearsed = await rehearsal({
    world: { 'Activate Circuit Breaker': [none, done()] },
    people: { ...usual, 'Activate Circuit Breaker': 'retry' },
  });
  assert.equal(
    new Set(
      effects(rehearsed, 'setFallback')
        .slice(0, 2)
        .map(({ args }) => callOf(args).key),
    ).size,
    1,
  );
  assert.equal(stepOf(rehearsed.report, 'Activate Circuit Breaker')?.state, 'done');
});

test('a retry after a definite “nothing done” has a new letter; one after an unknown outcome has not', async () => {
  const unknown = await rehearsal({
    world: { 'Activate Circuit Breaker': [refused('unclear', false), done()] },
    people: { ...usual, 'Activate Circuit Breaker': 'retry' },
  });
  const definite = await rehearsal({
    world: { 'Activate Circuit Breaker': [refused('exceeded quota', true), refused('exceeded quota', true), done()] },
    people: { ...usual, 'Activate Circuit Breaker': ['retry', 'retry'] },
  });
  const endings = (rehearsed: typeof unknown) =>
    effects(rehearsed, 'setFallback')
      .map(({ args }) => callOf(args).key.slice(-2))
      .slice(0, 3);
  assert.deepEqual(endings(unknown).slice(0, 2), ['/1', '/1']);
  assert.deepEqual(endings(definite), ['/1', '1b', '1c']);
});

test('a stuck breaker does not hold up the investigation when its five minutes are over', async () => {
  const { report } = await rehearsal({
    world: { 'Activate Circuit Breaker': refused('Kubernetes is unreachable', false) },
    messages: [],
    atMost: minutes(20),
  });
  assert.equal(stepOf(report, 'Activate Circuit Breaker')?.state, 'waiting');
  assert.equal(stepOf(report, 'Check Credentials')?.state, 'unknown');
  assert.notEqual(report.phases[0]?.overdue, undefined);
});

test('a step that was left stuck is withdrawn when the incident closes: nothing changes after its last claim', async () => {
  const { report, closed } = await rehearsal({
    world: { 'Activate Circuit Breaker': refused('Kubernetes is unreachable', false) },
    messages: [alertEnds(60)],
  });
  assert.deepEqual([closed, report.outcome], [true, 'recovered']);
  const { choices, withdrawn } = questionOf(report, 'Activate Circuit Breaker') ?? {};
  assert.deepEqual([choices, withdrawn], [['retry', 'skip', 'done by hand'], 'the incident closes']);
});

test('a step done by hand stands in the report with the words of who did it', async () => {
  const people = { ...usual, 'Activate Circuit Breaker': 'done by hand' };
  const { report } = await rehearsal({ world: { 'Activate Circuit Breaker': refused('403', true) }, people });
  assert.deepEqual(
    [stepOf(report, 'Activate Circuit Breaker')?.state, stepOf(report, 'Activate Circuit Breaker')?.because],
    ['by hand', 'done by hand (ann)'],
  );
});

test('a plan that moved is asked again; the first approval does not count for it', async () => {
  const { report } = await rehearsal({
    world: { 'Gradual Rollback: 100%': rollbackThatMoved },
    people: { ...usual, 'Gradual Rollback: 100%': ['approve', 'approve'] },
  });
  const asked = report.questions.filter(({ title }) => title === 'Gradual Rollback: 100%');
  assert.deepEqual(
    asked.map(({ plan }) => plan?.digest),
    ['first', 'second'],
  );
});

const rollbackThatMoved = ({ args }: { args: unknown[] }) => {
  const { approved } = callOf(args);
  if (approved === 'second') return done();
  return approved === 'first' ? planned('moved', { ...planOf('second') }) : planned('approval', planOf('first'));
};

const planOf = (digest: string) => ({ summary: digest, changes: [], consequences: [], digest });

test('a relapse at the way back opens the breaker again and asks for the cause again', async () => {
  const people = {
    ...usual,
    'What is the cause?': ['Dynex Platform Issue', 'Dynex Platform Issue'],
    'Gradual Rollback: 100%': ['approve', 'approve'],
  };
  const { report } = await rehearsal({
    world: { 'Verify Quantum Jobs Resume': [finding('faulty'), finding('healthy')] },
    people,
  });
  assert.equal(stepOf(report, 'Activate Circuit Breaker: relapse')?.state, 'done');
  const asked = report.questions.filter(({ title }) => title === 'What is the cause?');
  assert.equal(asked.length, 2);
  assert.equal(asked[1]?.suggest, undefined);
});

test('nobody answers for the cause: after four hours it is worked on by hand, and nothing is changed', async () => {
  const rehearsed = await rehearsal({ people: {}, messages: [], atMost: minutes(300) });
  assert.equal(questionOf(rehearsed.report, 'What is the cause?')?.answer?.choice, 'none of these (I will fix it manually)');
  assert.equal(questionOf(rehearsed.report, 'Resolve by hand')?.answer, undefined);
  assert.equal(effects(rehearsed, 'setFallback').length, 1);
});

test('where we observe, nothing is asked for but the cause, and every change is a would-have', async () => {
  const rehearsed = await rehearsal({
    world: { setFallback: planned('observe'), setStatusPage: planned('observe') },
    people: { 'What is the cause?': 'Dynex Platform Issue' },
  });
  assert.equal(rehearsed.report.outcome, 'observed');
  assert.equal(stepOf(rehearsed.report, 'Activate Circuit Breaker')?.state, 'would have');
  assert.deepEqual(
    rehearsed.report.questions.map(({ title }) => title),
    ['What is the cause?'],
  );
  assert.equal(
    effects(rehearsed, 'setFallback')
      .slice(1)
      .every(({ args }) => callOf(args).dryRun),
    true,
  );
});

test('a system that is not connected leaves its words ready to paste, and blocks nothing', async () => {
  const { report } = await rehearsal({ world: { declareIncident: { byHand: { system: 'Slack', paste: 'P1: Dynex Outage' } } } });
  assert.deepEqual(report.byHand, [{ step: 'Declare Incident', system: 'Slack', paste: 'P1: Dynex Outage' }]);
  assert.equal(report.outcome, 'recovered');
});
