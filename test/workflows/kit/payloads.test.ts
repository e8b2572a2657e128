// Nothing a person sends can wedge an incident: driven through the SDK's own sandbox, as raw bytes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultPayloadConverter } from '@temporalio/common';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { interceptorModules, workflowsPath } from '../../../worker/bundle.ts';
import { rehearse, Sandbox } from '../../../worker/rehearsal/rehearse.ts';
import { payloadConverter } from '../../../workflows/kit/incident/payloads.ts';
import { activityNames } from '../../../workflows/catalog/activities.ts';
import { decision, json, noDecisions, signalled, updated } from '../../support/payloads.ts';
import { aStart, minutes, questionOf, threeAtNight } from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

const good = json(decision({ by: 'ann' }));

for (const [what, payloads] of Object.entries(noDecisions))
  test(`a signal with ${what} is refused and recorded, and the next good decision is accepted`, async () => {
    const { report } = await trialOutage({
      people: {},
      jobs: [
        { after: minutes(1), job: signalled('decide', ...payloads) },
        { after: minutes(2), job: signalled('decide', good) },
      ],
      atMost: minutes(5),
    });
    assert.equal(report.refusals.length, 1);
    assert.equal(report.refusals[0]?.at, new Date(threeAtNight + minutes(1)).toISOString());
    assert.equal((report.refusals[0]?.because ?? '').length > 0, true);
    assert.equal(questionOf(report, 'What is the cause?')?.answer?.by, 'ann');
  });

test('all of them in one task are refused one by one, and the good one among them wins', async () => {
  const all = Object.values(noDecisions).map(payloads => signalled('decide', ...payloads));
  const jobs = [...all.slice(0, 12), signalled('decide', good), ...all.slice(12)].map(job => ({ after: minutes(1), job }));
  const { report } = await trialOutage({ people: {}, jobs, atMost: minutes(5) });
  assert.equal(report.refusals.length, all.length);
  assert.equal(questionOf(report, 'What is the cause?')?.answer?.by, 'ann');
});

test('the same things as an update fail it alone, and say why', async () => {
  for (const [what, payloads] of Object.entries(noDecisions)) {
    const jobs = [{ after: minutes(1), job: updated('decide', ...payloads) }];
    const { tasks, report } = await trialOutage({ people: {}, jobs, atMost: minutes(2) });
    const failures = tasks.flat().flatMap(({ updateResponse }) => updateResponse?.rejected ?? []);
    assert.deepEqual(
      failures.map(({ message, applicationFailureInfo }) => [message, applicationFailureInfo?.type]),
      report.refusals.map(({ because }) => [because, 'Refused']),
      what,
    );
    assert.equal(failures.length, 1, what);
  }
});

test('every other message is as patient', async () => {
  const jobs = ['alert', 'acknowledge', 'release', 'cancel'].flatMap(name =>
    ['broken JSON', 'no payload', 'binary/null', 'a list', 'an empty object'].map(what => ({
      after: minutes(1),
      job: signalled(name, ...(noDecisions[what] ?? [])),
    })),
  );
  const { report } = await trialOutage({ jobs });
  assert.equal(report.refusals.length, jobs.length);
  assert.equal(report.outcome, 'recovered');
});

test('without the converter in the bundle one broken payload fails the workflow task', async () => {
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: interceptorModules,
    logger: new DefaultLogger('ERROR'),
  });
  const init = { type: 'dynexOutage', workflowId: 'w', runId: 'unprotected', args: [aStart()], at: threeAtNight };
  const jobs = [{ after: 500, job: signalled('decide', ...(noDecisions['broken JSON'] ?? [])) }];
  const world = () => ({ result: undefined });
  await assert.rejects(rehearse(await Sandbox.load(code, activityNames), { init, world, jobs }), /workflow task failed: .*JSON/);
});

const values = {
  nothing: undefined,
  null: null,
  'a text': 'Störung “Dynex” – 🔥',
  'half a character': '\ud83d',
  bytes: new Uint8Array([1, 2, 255]),
  'a record': { steps: [{ title: 'Declare Incident', changes: [] }], at: 1.5, absent: undefined },
};
for (const [what, value] of Object.entries(values))
  test(`${what} is written byte for byte as Temporal’s own converter writes it, and read as it reads it`, () => {
    const [mine, theirs] = [payloadConverter.toPayload(value), defaultPayloadConverter.toPayload(value)];
    assert.deepEqual(plain(mine), plain(theirs));
    assert.deepEqual(payloadConverter.fromPayload(theirs), defaultPayloadConverter.fromPayload(theirs));
  });

const plain = ({ metadata, data }: ReturnType<typeof payloadConverter.toPayload>) =>
  [metadata?.['encoding'], data].map(bytes => bytes && Buffer.from(bytes).toString('hex'));
