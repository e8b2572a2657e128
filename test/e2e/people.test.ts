import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Following } from '../../lab/guide/following.ts';
import { eventually } from '../support/eventually.ts';
import { Platform } from '../support/practice.ts';

let platform: Platform;
let incident: Following;
const since = new Date();

before(async () => {
  platform = await Platform.start();
  await platform.set('dynex', 'down');
  incident = await platform.open(since);
});
after(() => platform?.stop());

const base64 = (text: string) => Buffer.from(text).toString('base64');
const payload = (encoding: string, data: string) => ({ metadata: { encoding: base64(encoding) }, data: base64(data) });
const good = '{"question":"what-is-the-cause","choice":"Dynex Platform Issue","by":"ann"}';

const wrong: [string, unknown[]][] = [
  ['broken JSON', [payload('json/plain', '{"question": "what-')]],
  ['no payload', []],
  ['two payloads', [payload('json/plain', good), payload('json/plain', good)]],
  ['binary/null', [payload('binary/null', '')]],
  ['an unknown encoding', [payload('json/protobuf', '{}')]],
  ['1 MiB of text', [payload('json/plain', JSON.stringify({ question: 'q', choice: 'x'.repeat(1024 * 1024), by: 'mallory' }))]],
];

for (const [what, payloads] of wrong)
  test(`a decision with ${what} over the server's own HTTP API is refused and recorded, and wedges nothing`, async () => {
    const { workflowId } = await incident.incident();
    const before = (await incident.report()).refusals.length;
    const answer = await platform.signalOverHttp(workflowId, 'decide', JSON.stringify({ input: { payloads } }));
    assert.equal(answer.status, 200, await answer.text());
    const refusals = await incident.until(
      'the refusal',
      report => (report.refusals.length > before ? report.refusals : undefined),
      20_000,
    );
    assert.equal(refusals.length, before + 1);
  });

test('the next good decision is accepted', async () => {
  const question = await incident.asked('What is the cause?');
  const { workflowId } = await incident.incident();
  await platform.signalOverHttp(workflowId, 'decide', JSON.stringify({ input: { payloads: [payload('json/plain', good)] } }));
  assert.equal((await incident.answered(question.id)).answer?.by, 'ann');
});

test('a decision twice, for nothing asked, or for no choice is refused by the command line with exit code 4', async () => {
  for (const [question, choice] of [
    ['what-is-the-cause', 'Authentication Issue'],
    ['who-are-you', 'yes'],
  ] as const) {
    const { code } = await platform.cli('decide', incident.name, question, choice, '--as', 'bob');
    assert.equal(code, 4, question);
  }
});

test('approving while everything is held changes nothing and loses nothing, through the death of the worker', async () => {
  await platform.set('dynex', 'healthy');
  const plan = await incident.asked('Gradual Rollback: 100%');
  const { code, stderr } = await platform.cli('hold', '--all', '--reason', 'not now', '--as', 'ann');
  assert.equal(code, 0, stderr);
  const held = new Date();
  await incident.decide(plan.id, 'approve', 'ann');
  const waiting = await incident.until('the held step', ({ questions }) =>
    questions.find(({ kind, answer }) => kind === 'held' && !answer),
  );
  await platform.killWorker();
  assert.equal(waiting.title, 'Gradual Rollback: 100%');
  assert.deepEqual(await platform.writes(held), []);
});

test('without its ConfigMap everything is held; released, the approved way back is done though every mode only observes', async () => {
  const deleted = new Date();
  await platform.hold(undefined);
  const before = await incident.asked('Gradual Rollback: 100%');
  await incident.decide(before.id, 'release', 'ann');
  const again = await incident.until('held again', ({ questions }) =>
    questions.find(({ id, kind, answer }) => kind === 'held' && id !== before.id && !answer),
  );
  assert.match(again.because ?? '', /held|ConfigMap|missing/i);
  const { code, stderr } = await platform.cli('release', '--all', '--as', 'ann');
  assert.equal(code, 0, stderr);
  await incident.until('the way back', ({ steps }) =>
    steps.find(({ title, state }) => title === 'Gradual Rollback: 100%' && ['done', 'part'].includes(state)),
  );
  const written = (await platform.writes(deleted)).map(({ resource, name }) => `${resource} ${name}`);
  assert.deepEqual(written, ['configmaps nqba-config', 'deployments nqba-worker']);
});

/** At once: the incident recovers within seconds, and one that has recovered asks nothing. */
async function cancelAndUndo(open: Following, firedAt: Date, beforeItEnds: () => Promise<unknown>) {
  const { workflowId } = await open.incident();
  const cancelling = payload('json/plain', '{"by":"ann","reason":"next test"}');
  await platform.signalOverHttp(workflowId, 'cancel', JSON.stringify({ input: { payloads: [cancelling] } }));
  const choice = await open.asked('Undo or leave?');
  await open.decide(choice.id, 'undo', 'ann');
  await beforeItEnds();
  await platform.deliver(firedAt, new Date());
  await open.until('closed', ({ state }) => (state === 'closed' ? state : undefined));
}

/** The incident that runs now, whichever the intake named when its alert came. */
async function running(): Promise<Following> {
  const [open] = (await platform.temporal.list()).filter(({ workflowId }) => workflowId.startsWith('incident:'));
  assert.ok(open);
  assert.equal(open.cluster, 'nqba-production');
  return new Following(platform.temporal, open.name);
}

let next: Following;
const nextSince = new Date();

test('an alert that fires while the report of a closed incident is kept opens the next one, which acts', async () => {
  const reports = join(platform.environment.ARTIFACTS ?? '', 'reports');
  writeFileSync(reports, 'a file where the folder belongs: no report can be kept yet');
  await cancelAndUndo(incident, since, async () => {
    await platform.hold({ 'mode.dynex-outage': 'supervised' });
    await platform.set('dynex', 'down');
  });
  nextSince.setTime(Date.now());
  const { name } = await platform.open(nextSince);
  assert.equal(name, incident.name, 'it comes before the former one has closed');
  rmSync(reports);
  await eventually(async () => assert.ok((await platform.writes(nextSince)).length > 0));
  next = await running();
  assert.notEqual(next.name, incident.name);
  const { outcome, alerts } = await incident.report();
  assert.match(outcome ?? '', /^cancelled by ann/);
  assert.deepEqual(
    alerts.filter(({ startsAt }) => startsAt === nextSince.toISOString()),
    [],
  );
});

test('a hold during the rollout of the breaker stops what was not yet written', async () => {
  await cancelAndUndo(next, nextSince, () => platform.set('dynex', 'down'));
  const again = new Date();
  await platform.open(again);
  await eventually(async () => assert.ok((await platform.writes(again)).length > 0), { every: 10 });
  await platform.hold({ hold: 'stop' });
  const stopped = new Date(Date.now() + 200);
  await platform.killWorker();
  const last = await running();
  await last.until('the breaker settled or held', ({ steps }) =>
    steps.find(({ title, state }) => title === 'Activate Circuit Breaker' && state !== 'running'),
  );
  assert.deepEqual(await platform.writes(stopped), []);
});
