// An incident that begins like an earlier one, on a real Temporal: what it takes over, what it does, and what it stands beside.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { outputs } from '../../client/cli/outputs.ts';
import { eventually } from '../support/eventually.ts';
import { runbooks } from '../client/command-line.ts';
import { quickPlatform, startWorker } from '../client/scripted-worker.ts';
import { startTemporal } from '../client/temporal-server.ts';

let server: Awaited<ReturnType<typeof startTemporal>>;
let stopWorker: () => Promise<void>;
let run: ReturnType<typeof runbooks>;
let connection: Connection;

before(async () => {
  server = await startTemporal();
  stopWorker = await startWorker(server.environment.TEMPORAL_ADDRESS);
  run = runbooks({ ...server.environment, RUNBOOKS_PLATFORM: quickPlatform() });
  connection = await Connection.connect({ address: server.environment.TEMPORAL_ADDRESS });
});
after(async () => {
  await connection.close();
  await stopWorker();
  await server.stop();
});

/** On a cluster of its own, so that incidents of other tests are not in its way. */
const opening = (cluster: string, ...more: string[]) =>
  runbooks({ ...server.environment, RUNBOOKS_PLATFORM: quickPlatform(cluster) })(
    'open',
    'dynex-outage',
    '--because',
    'a test',
    '--as',
    'ann',
    '-o',
    'json',
    ...more,
  );

async function opened(cluster: string, ...more: string[]) {
  const { code, stdout, stderr } = await opening(cluster, ...more);
  assert.equal(code, 0, stderr);
  return outputs.open.parse(JSON.parse(stdout));
}

const shown = async (name: string) => outputs.show.parse(JSON.parse((await run('show', name, '-o', 'json')).stdout));

async function answer(name: string, question: string, choice: string) {
  await eventually(async () => assert.ok((await shown(name)).questions.some(({ id }) => id === question)), { within: 20_000 });
  assert.equal((await run('decide', name, question, choice, '--as', 'ann')).code, 0);
}

async function asksForTheCause(cluster: string): Promise<string> {
  const { incident } = await opened(cluster);
  await eventually(async () => assert.equal((await shown(incident)).questions.length, 1), { within: 20_000 });
  return incident;
}

async function closes(name: string) {
  await answer(name, 'what-is-the-cause', 'Dynex Platform Issue');
  await answer(name, 'gradual-rollback-100', 'approve');
  await eventually(async () => assert.equal((await shown(name)).open, false), { within: 60_000 });
}

const from = 'Test Connectivity';
const breakerOf = ({ steps = [] }: Awaited<ReturnType<typeof shown>>) =>
  steps.find(({ title }) => title === 'Activate Circuit Breaker');

/** Types of the activities that an execution scheduled. */
async function did(workflowId: string, runId: string) {
  const { events } = await new Client({ connection }).workflow.getHandle(workflowId, runId).fetchHistory();
  return (events ?? []).flatMap(one => one.activityTaskScheduledEventAttributes?.activityType?.name ?? []);
}

describe('runbooks open --like', () => {
  test('begins where a closed incident came to a step, and does nothing again that stands before', async () => {
    const earlier = await asksForTheCause('one');
    await closes(earlier);
    const { incident, like, workflowId } = await opened('one', '--like', earlier, '--from', from);
    assert.deepEqual([like?.incident, like?.from, like?.again], [earlier, from, []]);
    assert.deepEqual(like?.taken.slice(-2), ['Check Dynex Status Page', 'Review Recent Changes']);
    await eventually(async () => assert.equal((await shown(incident)).questions.length, 1), { within: 20_000 });
    const [now, then] = [await shown(incident), await shown(earlier)];
    assert.deepEqual([workflowId, now.like], [then.workflowId, { incident: earlier, from }]);
    const scheduled = new Set(await did(now.workflowId, now.runId));
    const before = ['setFallback', 'page', 'declareIncident', 'dynexStatus', 'rollouts'];
    assert.deepEqual(
      [...before, 'probeDynex', 'dynexKey'].filter(type => scheduled.has(type)),
      ['probeDynex', 'dynexKey'],
    );
    assert.deepEqual(breakerOf(now), { ...breakerOf(then), key: breakerOf(then)?.key.replace(then.runId, now.runId) });
    await closes(incident);
    const begun = new RegExp(`Continues ${earlier}: every step before “${from}”`);
    assert.match((await run('report', incident)).stdout, begun);
  });

  test('stands beside an incident that is still open', async () => {
    const earlier = await asksForTheCause('two');
    const beside = await opened('two', '--like', earlier, '--from', 'Check Credentials');
    assert.deepEqual([beside.result, beside.incident === earlier], ['opened', false]);
    assert.equal(beside.workflowId, `incident:dynex-outage:two:${beside.incident}`);
    assert.equal((await shown(earlier)).open, true);
    await eventually(async () => assert.equal((await shown(beside.incident)).questions.length, 1), { within: 20_000 });
  });

  test('changes nothing where the record has no such step, another incident is open, or no incident is named', async () => {
    const earlier = await asksForTheCause('three');
    const other = await asksForTheCause('four');
    const before = (await run('list', '--all', '-o', 'json')).stdout;
    const refused = await opening('three', '--like', earlier, '--from', 'Wake the mayor');
    assert.equal(refused.code, 4);
    assert.match(refused.stderr, /has no step “Wake the mayor”\. Its steps are:\n {2}Declare Incident\n/);
    const all = await opening('three', '--like', earlier);
    assert.equal(all.code, 4);
    assert.match(all.stderr, /Every step of .* succeeded: name the step to begin with/);
    const taken = await opening('four', '--like', earlier, '--from', 'Check Credentials');
    assert.equal(taken.code, 4);
    assert.match(taken.stderr, new RegExp(`${other} is open on four: close or cancel it first`));
    assert.equal((await opening('three', '--like', 'nothing', '--from', 'x')).code, 3);
    const alone = await opening('three', '--from', 'Check Credentials');
    assert.equal(alone.code, 2);
    assert.match(alone.stderr, /Name the incident of the step with --like/);
    const names = (text: string) => outputs.list.parse(JSON.parse(text)).incidents.map(({ name }) => name);
    assert.deepEqual(names((await run('list', '--all', '-o', 'json')).stdout), names(before));
  });
});
