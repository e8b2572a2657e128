// Operations on a real server: started with typed flags, by schedules that are code, and refused in the same words by hand.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { outputs } from '../../../client/cli/outputs.ts';
import { eventually } from '../../support/eventually.ts';
import { done, finding } from '../../support/rehearsing.ts';
import type { Ended } from '../command-line.ts';
import { runbooks } from '../command-line.ts';
import { quickPlatform, startWorker } from '../scripted-worker.ts';
import { startTemporal } from '../temporal-server.ts';

let server: Awaited<ReturnType<typeof startTemporal>>;
let stopWorker: () => Promise<void>;
let run: (...args: string[]) => Promise<Ended>;
let connection: Connection;
let client: Client;

const checks = ['nodes', 'pods', 'usage', 'services', 'scaling', 'rolloutStatus', 'probe', 'solvers', 'queue', 'knownFaults'];
const world = Object.fromEntries(checks.map(type => [type, finding('healthy')]));

before(async () => {
  server = await startTemporal();
  stopWorker = await startWorker(server.environment.TEMPORAL_ADDRESS, { ...world, raiseFloor: done() });
  run = runbooks({ ...server.environment, RUNBOOKS_PLATFORM: quickPlatform() });
  connection = await Connection.connect({ address: server.environment.TEMPORAL_ADDRESS });
  client = new Client({ connection });
});
after(async () => {
  await connection.close();
  await stopWorker();
  await server.stop();
});

const shown = async (name: string) => outputs.show.parse(JSON.parse((await run('show', name, '-o', 'json')).stdout));
const ends = (name: string) => eventually(async () => assert.equal((await shown(name)).outcome, 'done'));

describe('an operation', () => {
  test('is started with its flags, found, answered and reported', async () => {
    const started = await run('start', 'quantum-workload-scaling', '--workers', '8', '--as', 'ann', '-o', 'json');
    assert.deepEqual([started.code, started.stderr], [0, '']);
    const { operation: name, workflowId } = outputs.start.parse(JSON.parse(started.stdout));
    assert.equal(workflowId, `operation:${name}`);
    await eventually(async () => assert.equal((await shown(name)).questions.length, 1));
    await eventually(async () => {
      const { incidents } = outputs.list.parse(JSON.parse((await run('list', '-o', 'json')).stdout));
      const [found] = incidents.filter(one => one.name === name);
      assert.deepEqual([found?.severity, found?.state, found?.waitingFor], ['P3', 'running', ['primary']]);
    });
    const { questions } = await shown(name);
    assert.equal((await run('decide', name, questions[0]?.id ?? '', 'scale', '--as', 'ann')).code, 0);
    await ends(name);
    const { stdout } = await run('report', name);
    assert.match(stdout, /Started by ann/);
    assert.doesNotMatch(stdout, /Post-mortem|Checklist/);
  });

  test('is refused in the same words on the command line and by hand in Temporal', async () => {
    const because = 'workers is a whole number from 2 to 10, not 99';
    const typed = await run('start', 'quantum-workload-scaling', '--workers', '99');
    assert.deepEqual([typed.code, typed.stderr], [2, `Not started: ${because}.\n`]);
    const byHand = client.workflow.execute('quantumWorkloadScaling', {
      workflowId: 'operation:by-hand',
      taskQueue: 'nqba-runbooks',
      args: [{ input: { workers: 99 } }],
    });
    await assert.rejects(byHand, ({ cause }) => String(cause.message) === `Nothing begins: ${because}`);
  });

  test('that there is not, that is an incident, or that is not written is refused with what to type', async () => {
    assert.equal((await run('start', 'nonsense')).code, 3);
    const incident = await run('start', 'dynex-outage');
    assert.deepEqual([incident.code, /runbooks open dynex-outage/.test(incident.stderr)], [4, true]);
    const opened = await run('open', 'morning-health-check', '--because', 'why not');
    assert.deepEqual([opened.code, /runbooks start morning-health-check/.test(opened.stderr)], [4, true]);
  });
});

describe('schedules', () => {
  const differing = async () => {
    const { code, stdout } = await run('schedules', 'diff', '-o', 'json');
    return [
      code,
      outputs['schedules-diff']
        .parse(JSON.parse(stdout))
        .differences.filter(({ name }) => name === 'morning-health-check')
        .map(({ what, text }) => [what, text]),
    ];
  };

  test('are created once, and a change by hand is named and set back', async () => {
    assert.deepEqual(await differing(), [1, [['missing', 'the server has no such schedule']]]);
    assert.match(
      (await run('schedules', 'apply')).stdout,
      /^morning-health-check: created\.\n {2}jitter 0 s: .*\n {2}overlap SKIP: /,
    );
    assert.deepEqual(await differing(), [0, []]);
    assert.match((await run('schedules', 'apply')).stdout, /^(.+: unchanged\.\n)+$/);

    await client.schedule.getHandle('morning-health-check').update(({ spec: _, ...rest }) => ({
      ...rest,
      spec: { timezone: 'Europe/Berlin', calendars: [{ hour: 10 }] },
      policies: { ...rest.policies, overlap: 'ALLOW_ALL' },
    }));
    const text = [
      'time is 10:00 every day, Europe/Berlin, the catalog says 09:00 every day, UTC',
      'overlap is ALLOW_ALL, the catalog says SKIP',
    ].join('; ');
    assert.deepEqual(await differing(), [1, [['changed', text]]]);
    const [first] = (await run('schedules', 'apply')).stdout.split('\n');
    assert.equal(first, `morning-health-check: set back (${text}).`);
    assert.deepEqual(await differing(), [0, []]);
  });

  test('are paused with a reason, which apply leaves, and resumed', async () => {
    assert.equal((await run('schedules', 'pause', 'morning-health-check', '--reason', 'rebuilt', '--as', 'ann')).code, 0);
    assert.deepEqual(await differing(), [1, [['paused', 'it is paused: ann: rebuilt']]]);
    await run('schedules', 'apply');
    assert.match((await run('schedules', 'list')).stdout, /morning-health-check +09:00 every day, UTC +- .*ann: rebuilt/);
    await run('schedules', 'resume', 'morning-health-check', '--reason', 'it is up', '--as', 'ann');
    assert.deepEqual(await differing(), [0, []]);
    const unknown = await run('schedules', 'pause', 'nonsense', '--reason', 'x');
    assert.equal(unknown.code, 3);
    assert.match(unknown.stderr, /no schedule nonsense\. These operations have one: morning-health-check/);
  });

  test('start an operation now, named by its time', async () => {
    assert.equal((await run('schedules', 'trigger', 'morning-health-check')).code, 0);
    await eventually(async () => {
      const { incidents } = outputs.list.parse(JSON.parse((await run('list', '--all', '-o', 'json')).stdout));
      const [found] = incidents.filter(({ type }) => type === 'morningHealthCheck');
      assert.match(found?.name ?? '', /^morning-health-check-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      await ends(found?.name ?? '');
    });
  });
});
