/** Quantum jobs are held: by themselves only while most fail, for half an hour of an incident in all, and as loud as a P1. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { metricsText } from '../../../worker/metrics.ts';
import type { Alert, StepReport } from '../../../workflows/contract/index.ts';
import { explanationOf } from '../../../workflows/kit/record/explained.ts';
import { because, done, planned } from '../outcomes.ts';
import { hub } from './hub.ts';

const minute = 60_000;
const key = (step: string) => `run-1/Immediate Response/${step}/1`;

test('held at once where most jobs fail: no job starts on Dynex, and it ends after half an hour', async () => {
  const { quantum, states, ends, intakeNow, clock } = hub();
  states.dynex = 'down';
  const began = clock.now();
  const { changes, effect, note, takeBack } = done(await quantum.setIntake({ percent: 0 }, { key: key('Pause') }));
  assert.deepEqual(changes, [{ target: 'Job hub intake', field: 'percent', before: '100', after: '0' }]);
  assert.equal(effect.measured, 'whole', effect.text);
  assert.match(effect.text, /3 of 3 asked have an intake of 0%\. 0 jobs started on Dynex/);
  assert.match(note, /No one was paged about it: no way to page is connected/);
  assert.deepEqual([await intakeNow(), takeBack?.action], [{ percent: 0 }, 'setIntake']);
  assert.equal(ends[0]?.at, new Date(began + 30 * minute).toISOString());
});

test('Prometheus reads whether we hold it, so that an alert about jobs that wait is silent for that long', async () => {
  const { quantum, states, deps } = hub();
  const { kubernetes: _, ...systems } = deps.systems;
  const held = async () => /\{kind="held-intake"\} (\d)/.exec(await metricsText({ systems, platform: deps.platform }))?.[1];
  assert.equal(await held(), '0');
  states.dynex = 'down';
  done(await quantum.setIntake({ percent: 0 }, { key: key('Pause') }));
  assert.equal(await held(), '1');
  done(await quantum.setIntake({ percent: 100 }, { key: key('All') }));
  assert.equal(await held(), '0');
});

test('jobs that wait are explained by it, and not once all are let in', () => {
  const alert: Alert = {
    name: 'JobQueueDeep',
    status: 'firing',
    fingerprint: 'de3b',
    startsAt: '2026-11-24T02:11:13Z',
    labels: {},
    annotations: {},
    source: 'alertmanager',
  };
  const of = { phase: '', key: '', because: '', evidence: '', began: '', state: 'done' } as const;
  const step = (percent: number): StepReport => ({
    ...of,
    changes: [],
    title: `Let in ${percent}%`,
    action: { type: 'setIntake', input: { percent } },
  });
  const explained = (...percents: number[]) => explanationOf({ steps: percents.map(step) }, alert);
  assert.deepEqual(
    [explained(0), explained(0, 25), explained(0, 100), explained()],
    ['Let in 0%', 'Let in 25%', undefined, undefined],
  );
});

test('where waits are shorter it is measured, and paged, before it ends', async () => {
  const { quantum, states, ends, clock } = hub({ pace: 1 / 60 });
  states.dynex = 'down';
  const { effect } = done(await quantum.setIntake({ percent: 0 }, { key: key('Pause') }));
  assert.equal(effect.measured, 'whole', effect.text);
  assert.ok(clock.now() < Date.parse(ends[0]?.at ?? ''), `measured at ${clock.now()}, ended at ${ends[0]?.at}`);
});

test('it pages as loudly as a P1, once, and the end of the incident ends the page', async () => {
  const { quantum, comms, states, paged } = hub({ paging: true });
  states.dynex = 'down';
  const call = { key: key('Pause') };
  for (const _ of [1, 2]) done(await quantum.setIntake({ percent: 0 }, call));
  const pages = paged.filter(({ system }) => system === 'pagerduty');
  assert.equal(new Set(pages.map(({ key: page }) => page)).size, 1);
  assert.match(pages[0]?.text ?? '', /P1 Dynex Outage, 100% of the quantum jobs are held without approval/);
  await comms.resolveIncident({ summary: 'jobs succeed' }, { key: 'run-1/Announce/1' });
  const resolved = paged.slice(pages.length).filter(({ key: page }) => page === pages[0]?.key);
  assert.equal(resolved.length, 1, JSON.stringify(paged));
});

test('where neither is measured it is asked, judged again, and applied once it is', async () => {
  const { quantum, states, intakeNow } = hub();
  const outcome = await quantum.setIntake({ percent: 0 }, { key: key('Pause') });
  assert.equal(because(outcome), 'not confirmed');
  assert.deepEqual(await intakeNow(), { percent: 100 });
  states.dynex = 'down';
  assert.equal(done(await quantum.setIntake({ percent: 0 }, { key: key('Pause') })).changes.length, 1);
});

test('stages let in more without a question under the same record, and may go back to what was held before', async () => {
  const { quantum, states, ends, intakeNow } = hub();
  states.dynex = 'down';
  done(await quantum.setIntake({ percent: 0 }, { key: key('Pause') }));
  states.dynex = 'healthy';
  for (const percent of [10, 25, 10])
    done(await quantum.setIntake({ percent }, { key: key(`Stage ${percent} ${Math.random()}`) }));
  assert.deepEqual([await intakeNow(), ends.length], [{ percent: 10 }, 1]);
  done(await quantum.setIntake({ percent: 100 }, { key: key('All') }));
  assert.deepEqual(await intakeNow(), { percent: 100 });
});

test('half an hour is all that an incident has without approval, whichever step asks; another incident has its own', async () => {
  const { quantum, states, clock, ends } = hub();
  states.dynex = 'down';
  done(await quantum.setIntake({ percent: 0 }, { key: key('Pause') }));
  done(await quantum.setIntake({ percent: 100 }, { key: key('All') }));
  await clock.sleep(10 * minute);
  done(await quantum.setIntake({ percent: 50 }, { key: key('Again') }));
  assert.equal(ends[1]?.at, ends[0]?.at);
  done(await quantum.setIntake({ percent: 100 }, { key: key('All again') }));
  await clock.sleep(30 * minute);
  const outcome = await quantum.setIntake({ percent: 0 }, { key: key('Late') });
  assert.equal(because(outcome), 'approval');
  const { digest, consequences } = planned(outcome);
  assert.equal(consequences[1], 'It ends after a day at the latest.');
  done(await quantum.setIntake({ percent: 0 }, { key: key('Late'), approved: digest }));
  assert.ok(Date.parse(ends[2]?.at ?? '') - clock.now() > 23 * 60 * minute);
});

test('what someone else has set is theirs, and raising never lowers', async () => {
  const { quantum, deps, intakeNow } = hub();
  await deps.systems.api?.setIntake({ percent: 40 });
  assert.equal(because(await quantum.setIntake({ percent: 100 }, { key: key('All') })), 'approval');
  const { changes, note } = done(await quantum.setIntake({ percent: 25, raise: true }, { key: key('Stage') }));
  assert.deepEqual([changes, note, await intakeNow()], [[], 'The intake stays 40%. Nothing was changed.', { percent: 40 }]);
});

test('a platform that does not offer it, or is not connected, leaves it to people with what to paste', async () => {
  const { quantum, states } = hub();
  states.api = 'unsupported';
  const outcome = await quantum.setIntake({ percent: 0 }, { key: key('Pause') });
  assert.ok('byHand' in outcome);
  assert.match(outcome.byHand.because ?? '', /does not offer GET \/api\/v1\/qih\/intake to operators \(404\)/);
  assert.match(outcome.byHand.paste, /curl -X PUT .*\{"percent": 0\}/);
  const unconnected = await hub({ without: ['api'] }).quantum.setIntake({ percent: 0 }, { key: key('Pause') });
  assert.ok('byHand' in unconnected);
  await assert.rejects(quantum.setIntake({ percent: 101 }, { key: key('Pause') }), { type: 'BadInput' });
});

test('the incident has recovered once all jobs are let in and canaries are right on every solver', async () => {
  const { observe, deps, states } = hub();
  const asked = { of: 'quantum-job-failures' };
  assert.equal((await observe.recovered(asked)).verdict, 'healthy');
  await deps.systems.api?.setIntake({ percent: 50 });
  const held = await observe.recovered(asked);
  assert.deepEqual([held.verdict, (await observe.recovered({ ...asked, symptom: true })).verdict], ['faulty', 'healthy']);
  assert.match(held.evidence, /The intake is 50%/);
  states.api = 'down';
  assert.equal((await observe.recovered(asked)).verdict, 'unknown');
});
