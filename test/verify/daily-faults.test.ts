/** Five faults of different kinds on the practice platform, and the Morning Health Checks over them, by the records of tickets and Slack. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AppsV1Api, CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { z } from 'zod';
import { Following } from '../../lab/guide/following.ts';
import { until } from '../../lab/scenarios/ground.ts';
import { Issue } from '../../lab/stand-ins/github-issue.ts';
import type { Report } from '../../workflows/contract/index.ts';
import { areScaling, meteredCluster } from '../support/metered-cluster.ts';
import { Platform } from '../support/practice.ts';

let platform: Platform;
let metrics: Awaited<ReturnType<typeof meteredCluster>>;
before(async () => {
  platform = await Platform.start();
  metrics = await meteredCluster(platform.practice);
  await until('the autoscalers know the use of pods', () => areScaling(platform));
});
after(async () => {
  await platform?.stop();
  await metrics?.close();
});

const namespace = 'nqba-platform';
const strategic = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);

function cluster() {
  const config = new KubeConfig();
  config.loadFromFile(platform.practice.cluster.kubeconfigs.you);
  return { core: config.makeApiClient(CoreV1Api), apps: config.makeApiClient(AppsV1Api) };
}

/** As a kubelet reports it. */
const shortOfMemory = {
  type: 'MemoryPressure',
  status: 'True',
  reason: 'KubeletHasInsufficientMemory',
  message: 'kubelet has insufficient memory available',
  lastTransitionTime: new Date(),
};

/** Each report of kwok, every ten minutes, says that there is none. */
const reportPressure = () =>
  cluster().core.patchNodeStatus({ name: 'practice-main-2', body: { status: { conditions: [shortOfMemory] } } }, strategic);

/** Beside them a workload is off on purpose, which is no fault. */
async function plant() {
  const { core, apps } = cluster();
  await reportPressure();
  const hard = { 'limits.cpu': '15' };
  await core.patchNamespacedResourceQuota({ name: 'nqba-platform-quota', namespace, body: { spec: { hard } } }, strategic);
  const template = { spec: { containers: [{ name: 'worker', image: 'nqba/worker:1.2.3' }] } };
  await apps.patchNamespacedDeployment({ name: 'nqba-worker', namespace, body: { spec: { template } } }, strategic);
  const spec = { selector: { component: 'reports' }, ports: [{ port: 80 }] };
  await core.createNamespacedService({ namespace, body: { metadata: { name: 'nqba-reports' }, spec } });
  await apps.patchNamespacedDeployment({ name: 'nqba-worker-batch', namespace, body: { spec: { replicas: 0 } } }, strategic);
  await platform.set('dynex', 'down');
  await platform.set('grafana', 'down');
  await until('the quota refuses the new worker', async () => {
    const { status } = await apps.readNamespacedDeployment({ name: 'nqba-worker', namespace });
    return status?.conditions?.some(({ type, message }) => type === 'ReplicaFailure' && message?.includes('quota')) ?? false;
  });
}

/** By its ticket: the object and the number that decided. */
const planted: Record<string, RegExp> = {
  'Nodes are not ready': /1 of 4 nodes: practice-main-2 has MemoryPressure/,
  'The workers are not rolled out': /nqba-worker: .*exceeded quota: nqba-platform-quota, .*limits\.cpu=15.*0 of 2 updated/,
  'Services have no endpoint': /1 of 2 Services: nqba-reports has no endpoint/,
  'Quantum solvers do not answer as they should': /not closed in 3 of 3 pods\. nqba-api-\S+: OPEN, without quantum_dynex/,
  'Monitoring does not work': /Grafana answered 503/,
};
/** The practice platform has no TLS Secret. */
const standing = 'The Ingress leads nowhere, or its certificate ends soon';
const offered = [
  ['The workers are not rolled out', "Delayed Jobs lists this symptom: runbooks open delayed-jobs --because '…'"],
  ['Quantum solvers do not answer as they should', "Dynex Outage lists this symptom: runbooks open dynex-outage --because '…'"],
] as const;

/** What a command prints, which must succeed. */
async function said(...command: string[]): Promise<string> {
  const { stdout, stderr, code } = await platform.cli(...command);
  assert.equal(code, 0, `${command.join(' ')}: ${stderr}`);
  return stdout;
}

/** Tickets as ann reads them, by their title. */
async function tickets(): Promise<Map<string, Issue>> {
  const { TICKETS_URL: url, TICKETS_REPOSITORY: repository } = platform.environment;
  const headers = { authorization: 'Bearer as-ann' };
  const answer = await fetch(`${url}/repos/${repository}/issues?state=all&per_page=100`, { headers });
  const issues = z.array(Issue).parse(await answer.json());
  assert.equal(new Set(issues.map(({ title }) => title)).size, issues.length, 'each title once');
  return new Map(issues.map(issue => [issue.title, issue]));
}

/** A morning, started as a user does it: what Slack was sent, and what was done to tickets. */
async function morning() {
  const since = new Date();
  const name = /^(\S+): started/.exec(await said('start', 'morning-health-check', '--as', 'ann'))?.[1] ?? assert.fail();
  const sent = (system: string) => platform.messages(since).filter(one => one.system === system);
  const closed = ({ state }: Report) => (state === 'closed' ? state : undefined);
  await new Following(platform.temporal, name).until('its end', closed);
  const [message, ...more] = sent('slack').map(({ text }) => text);
  assert.deepEqual(more, []);
  const done = sent('tickets').map(({ text }) => /^#\d+ (\w+) by nqba-runbooks: (.*)$/.exec(text)?.slice(1) ?? assert.fail(text));
  const those = (what: string) => done.filter(([word]) => word === what).map(([, title = '']) => title);
  return { message: message ?? assert.fail('Slack was sent nothing'), lines: (message ?? '').split('\n'), those };
}

const all = [...Object.keys(planted), standing].toSorted();
const lineOf = (lines: string[], title: string) => lines.filter(line => line.includes(title));
const accepted = 'Nodes are not ready';

test('one fault is a sentence, and its ticket', async () => {
  const { lines, those } = await morning();
  assert.deepEqual(those('opened'), [standing]);
  assert.match(lines[1] ?? '', /^For operations: The Ingress leads nowhere/);
});

test('five more are a table: each has its ticket, with object and number, and the runbook that lists the symptom', async () => {
  await plant();
  const { message, lines, those } = await morning();
  assert.deepEqual([those('opened').toSorted(), those('edited')], [Object.keys(planted).toSorted(), [standing]]);
  assert.deepEqual([lines[1], lines.length], ['owner | follow-up | why', 8]);
  const opened = await tickets();
  const told = (title: string) => [opened.get(title)?.body ?? '', lineOf(lines, title).join()];
  for (const [title, evidence] of Object.entries(planted)) {
    for (const text of told(title)) assert.match(text, evidence);
    assert.deepEqual(
      opened
        .get(title)
        ?.labels.map(({ name }) => name)
        .toSorted(),
      ['nqba-runbooks', 'operations'],
    );
  }
  for (const [title, offer] of offered) for (const text of told(title)) assert.ok(text.includes(offer), text);
  assert.doesNotMatch(message, /worker-batch/);
});

test('the next morning rewrites the tickets, and opens none', async () => {
  const opened = await tickets();
  await reportPressure();
  const { those } = await morning();
  assert.deepEqual([those('opened'), those('edited').toSorted()], [[], all]);
  const again = await tickets();
  assert.equal(again.size, 6);
  for (const title of Object.keys(planted)) {
    assert.match(again.get(title)?.body ?? '', /Found 2 times, since \d{4}-\d\d-\d\d\./);
    assert.equal(again.get(title)?.number, opened.get(title)?.number);
  }
});

test('a fault that a person accepts is one line', async () => {
  const end = new Date(Date.now() + 86_400_000).toISOString();
  await said('accept', 'Nodes are', '--until', end, '--reason', 'a node is ordered', '--as', 'ann');
  await reportPressure();
  const { message, lines, those } = await morning();
  const folded = `${accepted} (until ${end.slice(0, 10)}, ann: a node is ordered)`;
  assert.deepEqual(lineOf(lines, accepted), [`operations | Accepted faults | ${folded}`]);
  assert.match(message, /Open faults: 5, new: 0; accepted: 1\./);
  assert.deepEqual(those('opened'), ['Accepted faults']);
  assert.deepEqual(
    those('edited').toSorted(),
    all.filter(title => title !== accepted),
  );
});

test('and is named again when that time is past, with its own ticket', async () => {
  const end = Date.now() + 30_000;
  await said('accept', accepted, '--until', new Date(end).toISOString(), '--reason', 'it comes today', '--as', 'ann');
  await until('the time is past', async () => Date.now() > end);
  await reportPressure();
  const { lines, those } = await morning();
  assert.deepEqual([those('closed'), those('opened'), those('edited').toSorted()], [['Accepted faults'], [], all]);
  assert.match(lineOf(lines, accepted).join(), /practice-main-2 has MemoryPressure.*Found 4 times/);
});
