import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { Client, Connection, type WorkflowFailedError } from '@temporalio/client';
import { binary } from '../../../lab/binaries.ts';
import { outputs } from '../../../client/cli/outputs.ts';
import { eventually } from '../../support/eventually.ts';
import type { Ended } from '../command-line.ts';
import { runbooks } from '../command-line.ts';
import { quickPlatform, startWorker } from '../scripted-worker.ts';
import { freePort, startTemporal } from '../temporal-server.ts';

let server: Awaited<ReturnType<typeof startTemporal>>;
let stopWorker: () => Promise<void>;
let run: (...args: string[]) => Promise<Ended>;
let environment: Record<string, string>;

before(async () => {
  server = await startTemporal();
  stopWorker = await startWorker(server.environment.TEMPORAL_ADDRESS);
  environment = { ...server.environment, RUNBOOKS_PLATFORM: quickPlatform() };
  run = runbooks(environment);
});
after(async () => {
  await stopWorker();
  await server.stop();
});

const hostile = 'jobs fail \u001b[2J\u001b]0;owned\u0007 <!channel> [x](http://e) <b>\nNeeds from you:       nothing';

const shown = async (name: string) => outputs.show.parse(JSON.parse((await run('show', name, '-o', 'json')).stdout));

async function openIncident(cluster: string): Promise<string> {
  const there = runbooks({ ...environment, RUNBOOKS_PLATFORM: quickPlatform(cluster) });
  const { code, stdout } = await there(
    'open',
    'dynex-outage',
    '--because',
    hostile,
    '--cluster',
    cluster,
    '--as',
    'ann',
    '-o',
    'json',
  );
  assert.equal(code, 0);
  const { incident, result } = outputs.open.parse(JSON.parse(stdout));
  assert.equal(result, 'opened');
  await eventually(async () => assert.notEqual((await shown(incident)).questions.length, 0));
  return incident;
}

describe('an incident on a terminal', () => {
  test('is opened, listed, shown, answered once and reported', async () => {
    const name = await openIncident('one');
    const { incidents } = outputs.list.parse(JSON.parse((await run('list', '-o', 'json')).stdout));
    assert.deepEqual(
      incidents.filter(incident => incident.name === name).map(({ severity, cluster }) => [severity, cluster]),
      [['P1', 'one']],
    );
    assert.match((await run('list')).stdout, new RegExp(`^${name} +P1 `, 'm'));

    const [question] = (await shown(name)).questions;
    assert.deepEqual([question?.id, question?.answered, question?.by], ['what-is-the-cause', null, null]);
    assert.equal((await run('decide', name, 'nobody-asked', 'yes')).code, 4);
    assert.equal((await run('decide', name, 'what-is-the-cause', 'The weather')).code, 4);
    const decided = await run('decide', name, 'what-is-the-cause', 'Dynex Platform Issue', '--as', 'ann', '--reason', 'seen');
    assert.deepEqual([decided.code, decided.stderr], [0, '']);
    const again = await run('decide', name, 'what-is-the-cause', 'Dynex Platform Issue', '--as', 'bob', '-o', 'json');
    assert.equal(again.code, 4);
    assert.equal(outputs.decide.parse(JSON.parse(again.stdout)).accepted, false);

    await eventually(async () => assert.equal((await shown(name)).questions.length, 2));
    const { questions, refusals } = await shown(name);
    assert.deepEqual([questions[0]?.answered, questions[0]?.by], ['Dynex Platform Issue', 'ann']);
    assert.equal(refusals?.length, 3);
    assert.notEqual(questions[1]?.plan?.digest, undefined);

    const markdown = await run('report', name);
    assert.match(markdown.stdout, /^# Dynex Outage: /);
    assert.equal(outputs.report.parse(JSON.parse((await run('report', name, '-o', 'json')).stdout)).incident, name);
    assert.equal((await run('cancel', name)).code, 2);
    assert.equal((await run('cancel', name, '--reason', 'test')).code, 0);
    await eventually(async () => assert.equal((await shown(name)).questions.at(-1)?.id, 'undo-or-leave'));
  });

  test('answers in its first four lines what is asked at night, whatever the alert says', async () => {
    const name = await openIncident('two');
    const { stdout } = await run('show', name.slice(0, -1));
    const lines = stdout.split('\n');
    assert.match(lines[0] ?? '', /^Customer impact: +P1, the alert fired \d+ s ago: /);
    assert.match(lines[1] ?? '', /^What it did: +Activate Circuit Breaker \(whole: /);
    assert.match(lines[2] ?? '', new RegExp(`runbooks decide ${name} what-is-the-cause 'Dynex Platform Issue' --as YOU`));
    assert.match(lines[3] ?? '', /^If you do nothing: +at .* the answer is “none of these \(I will fix it manually\)”/);
    assert.doesNotMatch(stdout.replaceAll('\n', ''), /\p{Cc}/u);
    assert.equal(lines.filter(line => line.startsWith('Needs from you')).length, 1);
    const { stdout: markdown } = await run('report', name);
    assert.doesNotMatch(markdown, /<!channel>|<b>|[^\\]\[x\]\(/);
  });

  test('is acknowledged, by whoever is named', async () => {
    const name = await openIncident('three');
    assert.equal((await run('ack', name, '--as', 'ann')).code, 0);
    assert.equal((await shown(name)).commander, 'ann');
  });

  test('that does not progress says so, since when, and what fixes it', async () => {
    const client = new Client({ connection: await Connection.connect({ address: server.environment.TEMPORAL_ADDRESS }) });
    const began = Date.now();
    await client.workflow.start('noSuchRunbook', { taskQueue: 'nqba-runbooks', workflowId: 'incident:broken', args: [] });
    await eventually(async () => {
      const { notProgressing } = await shown('incident:broken');
      assert.match(notProgressing?.error ?? '', /noSuchRunbook/);
      assert.match(notProgressing?.fix ?? '', /temporal workflow reset --workflow-id incident:broken /);
      assert.ok(Date.parse(notProgressing?.since ?? '') >= began);
    });
    assert.match((await run('show', 'incident:broken')).stdout, /Needs from you:       stuck since /);
    await client.workflow.getHandle('incident:broken').terminate();
    await client.connection.close();
  });

  test('that was started with what is no start says why it failed, and the next one opens under its id', async () => {
    const workflowId = 'incident:dynex-outage:four';
    const client = new Client({ connection: await Connection.connect({ address: server.environment.TEMPORAL_ADDRESS }) });
    for (const [type, id] of [
      ['dynexOutage', workflowId],
      ['takeBack', 'take-back:wrong'],
    ] as const) {
      const bad = await client.workflow.start(type, { taskQueue: 'nqba-runbooks', workflowId: id, args: [{ version: 7 }] });
      await assert.rejects(
        bad.result(),
        ({ cause }: WorkflowFailedError) => cause?.message.startsWith('Nothing begins: the version') ?? false,
      );
      await eventually(async () =>
        assert.match((await run('show', id)).stdout, /ended it as failed.*: Nothing begins: the version is 1/),
      );
    }
    await client.connection.close();
    assert.equal((await shown(await openIncident('four'))).workflowId, workflowId);
  });
});

describe('an incident that Temporal ended', () => {
  const temporal = async (...args: string[]) =>
    promisify(execFile)(await binary('temporal', { say: () => undefined }), [
      ...args,
      '--address',
      environment.TEMPORAL_ADDRESS ?? '',
    ]);

  test('says so, what it left changed as far as its record knows, and the command that takes it back', async () => {
    const name = await openIncident('terminated');
    const { workflowId } = await shown(name);
    await temporal('workflow', 'terminate', '--workflow-id', workflowId);
    const [broken, , wants, silence] = (await run('show', name)).stdout.split('\n');
    assert.match(broken ?? '', /^Customer impact: +P1, the alert fired \d+ s ago: /);
    assert.match(wants ?? '', new RegExp(`^Needs from you:       it was terminated at .* ConfigMap .* runbooks undo ${name}`));
    assert.match(silence ?? '', /^If you do nothing: +nothing continues/);
    assert.equal((await shown(name)).status, 'TERMINATED');
    assert.match((await run('list', '--all')).stdout, new RegExp(`^${name} .* terminated `, 'm'));
    assert.match((await run('ack', name)).stderr, /is closed/);
  });

  test('by a reset is marked in the list; its name means the run that goes on', async () => {
    const name = await openIncident('reset');
    const before = await shown(name);
    const reset = ['workflow', 'reset', '--workflow-id', before.workflowId, '--type', 'FirstWorkflowTask', '--reason', 'test'];
    await temporal(...reset);
    const runs = async () => outputs.list.parse(JSON.parse((await run('list', '--all', '-o', 'json')).stdout)).incidents;
    await eventually(async () => {
      const marks = (await runs()).filter(incident => incident.name === name).map(({ open, replaced }) => [open, replaced]);
      assert.deepEqual(marks, [
        [true, undefined],
        [false, true],
      ]);
    });
    const now = await shown(name);
    assert.deepEqual([now.open, now.runId === before.runId], [true, false]);
    assert.equal((await shown(name.slice(0, -1))).runId, now.runId);
    assert.match((await run('list', '--all')).stdout, new RegExp(`^${name} .* reset: ${before.runId}`, 'm'));
    assert.match((await run('show', before.runId)).stdout, new RegExp(`nothing here: .* runbooks show ${name}`));
  });
});

describe('the exit code', () => {
  test('is 3 where there is no such incident or runbook', async () => {
    assert.equal((await run('show', 'nothing')).code, 3);
    assert.equal((await run('open', 'nothing', '--because', 'x')).code, 3);
  });

  test('is 4 where a runbook is not opened but started', async () => {
    const { code, stderr } = await run('open', 'log-review', '--because', 'x');
    assert.equal(code, 4);
    assert.match(stderr, /Log Review is an operation.*runbooks start log-review/);
  });

  test('is 5 while Temporal cannot be reached', async () => {
    const away = runbooks({ ...environment, TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` });
    const { code, stderr } = await away('list');
    assert.equal(code, 5);
    assert.match(stderr, /^Temporal at 127\.0\.0\.1:\d+ gave no answer/);
  });

  test('is 5 where Temporal has no such namespace, and 2 where its address is none', async () => {
    const lost = await runbooks({ ...environment, TEMPORAL_NAMESPACE: 'nowhere' })('list');
    assert.equal(lost.code, 5);
    assert.match(lost.stderr, /^Temporal at \S+ answered: Namespace not found: 'nowhere'\. Set TEMPORAL_NAMESPACE\.$/m);
    const { code, stderr } = await runbooks({ ...environment, TEMPORAL_ADDRESS: 'http://127.0.0.1:1' })('list');
    assert.equal(code, 2);
    assert.match(stderr, /^Temporal cannot be reached as it is configured: Invalid address/);
  });

  test('is 3 for the report of nothing, and 1 where the store of reports cannot be read', async () => {
    for (const text of ['', 'nothing', '../..']) assert.equal((await run('report', text)).code, 3);
    const { code, stderr } = await runbooks({ ...environment, ARTIFACTS: '/dev/null' })('report', 'nothing');
    assert.equal(code, 1);
    assert.match(stderr, /^The artifact store failed: .* ARTIFACTS names/);
  });
});
