/** Each credential of a run is searched for in everything that the run has left behind or shows: none is there. */

import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { Hono } from 'hono';
import { inOrder } from '../../lab/in-order.ts';
import { practiceSystems } from '../../lab/stand-ins/index.ts';
import { listen } from '../../lab/stand-ins/listen.ts';
import { serveMail } from '../../lab/stand-ins/mail.ts';
import { surroundings } from '../../lab/stand-ins/stand-in.ts';
import { webhook } from '../../lab/stand-ins/webhook.ts';
import { groups } from '../../worker/variables.ts';
import type { Report } from '../../workflows/contract/index.ts';
import { type Canaries, found, type Place } from '../support/canaries.ts';
import { canariesOf, canariesOfCluster, canary, variablesOf, writeRoles } from '../support/credentials.ts';
import { temporal } from '../support/temporal-cli.ts';
import { Tour } from '../support/touring.ts';
import { metricsAt, tracesOf } from '../support/traces.ts';

/** Credentials that this run does not have, with the reason. */
const unset: Record<string, string> = {
  PROMETHEUS_TOKEN: 'PROMETHEUS_PASSWORD takes its place',
  CELERY_BROKER_URL: 'REDIS_URL takes its place',
  INTAKE_TOKEN_ALERTMANAGER: 'INTAKE_TOKEN takes its place',
  INTAKE_TOKEN_GRAFANA: 'INTAKE_TOKEN takes its place',
  INTAKE_TOKEN_ALERTS: 'INTAKE_TOKEN takes its place',
};
const observed = ['billing-drift', 'ipfs-pin-failures', 'authentication-failures', 'quota-exhaustion'];
const newKey = canary('dnx_new');

interface Run {
  tour: Tour;
  /** What webhooks and mails said. */
  received: string[];
  stop(): Promise<void>;
}

let run: Run;
/** What commands printed. */
const printed: string[] = [];

before(async () => {
  run = await inOrder(async keep => {
    const dir = mkdtempSync(join(tmpdir(), 'nqba-secrets-'));
    await keep(Promise.resolve({ stop: async () => rmSync(dir, { recursive: true, force: true }) }));
    const received: string[] = [];
    const around = surroundings({ record: ({ text }) => received.push(text) });
    const [hook, user] = [canary('hook'), { name: 'runbooks', password: canary('mail') }];
    const hooks = await listen('webhook', webhook(around, [hook]), 0);
    await keep(Promise.resolve({ stop: hooks.close }));
    const mail = await serveMail(around, { mailboxes: ['mia@nqba.example'], user });
    await keep(Promise.resolve({ stop: mail.close }));
    writeRoles(join(dir, 'roles.json'));
    const variables = variablesOf({ webhook: hooks.url, hook, mail: mail.url, user }, join(dir, 'roles.json'));
    const tour = await keep(Tour.start(['quantum-api-key-rotation'], { peers: true, variables }));
    return { tour, received };
  });
});
after(() => run?.stop());

async function canaries(): Promise<Canaries> {
  const { environment, practice } = run.tour.platform;
  const secrets = groups().flatMap(({ variables }) => variables.filter(({ secret }) => secret).map(({ name }) => name));
  const present = secrets.filter(name => environment[name] !== undefined);
  assert.deepEqual(new Set([...present, ...Object.keys(unset)]), new Set(secrets), 'each credential is set, or has a reason');
  const all = {
    ...canariesOf(environment, [...present, 'WALT_WEBHOOK_URL']),
    ...(await canariesOfCluster(practice)),
  };
  assert.ok(Object.values(all).includes(newKey), 'the new key is in its Secret');
  for (const [name, value] of Object.entries(all)) assert.ok(value.length >= 16, `${name} is too short to be searched for`);
  assert.equal(new Set(Object.values(all)).size, Object.keys(all).length, 'two credentials have one value');
  return all;
}

async function places(): Promise<Place[]> {
  const told = { name: 'webhooks and mails', pieces: run.received.map(text => Buffer.from(text)) };
  return [
    ...(await tracesOf(run.tour.platform)),
    told,
    { name: 'the command line', pieces: printed.map(text => Buffer.from(text)) },
  ];
}

const inEvery = async (state: string) => {
  for (const system of practiceSystems) await run.tour.platform.set(system, state);
};

const isUnknown = ({ state }: Report['steps'][number]) => state === 'unknown';

test('an outage is worked through, with pages by webhook, by mail and by PagerDuty', async () => {
  const { tour, received } = run;
  await tour.platform.set('dynex', 'down');
  const incident = await tour.alerted('DynexHealthCheckFailed');
  const cause = await incident.asked('What is the cause?');
  await incident.decide(cause.id, 'Dynex Platform Issue', 'ann');
  await tour.platform.set('dynex', 'healthy');
  const { outcome } = await tour.closed(incident, { alert: 'DynexHealthCheckFailed' });
  assert.equal(outcome, 'recovered');
  assert.ok(received.length >= 2, `${received.length} pages`);
  printed.push(await tour.said('show', incident.name), await tour.said('report', incident.name));
});

test('a key is replaced', async () => {
  const { tour } = run;
  const secret = 'nqba-secrets-dynex-a';
  const operation = await tour.started('quantum-api-key-rotation');
  const named = await operation.asked('Generate new Dynex API key');
  const config = new KubeConfig();
  config.loadFromFile(tour.platform.practice.cluster.kubeconfigs.you);
  const body = { metadata: { name: secret }, stringData: { 'dynex-api-key': newKey } };
  await config.makeApiClient(CoreV1Api).createNamespacedSecret({ namespace: 'nqba-platform', body });
  const says = { question: named.id, choice: 'secret name', text: secret, by: 'ann' };
  await tour.platform.temporal.tell(await operation.incident(), 'decide', says);
  const revoke = 'Verify quantum jobs still work: revoke the old key';
  await tour.answering(operation, ({ questions }) => questions.some(({ title }) => title === revoke));
  await tour.platform.set('dynex', 'unauthorised');
  await tour.answering(operation, ({ state }) => state === 'closed');
  await tour.platform.set('dynex', 'healthy');
  printed.push(await tour.said('show', operation.name));
});

test('each other system is asked: while it answers, and while it does not know us, answers nonsense or is not there', async () => {
  const { tour } = run;
  for (const runbook of observed) {
    const incident = await tour.opened(runbook);
    await incident.asked('What is the cause?');
    printed.push(await tour.said('show', incident.name));
  }
  const whole = await tour.started('morning-health-check');
  await tour.answering(whole, ({ state }) => state === 'closed');
  printed.push(await tour.said('show', whole.name));
  for (const state of ['unauthorised', 'garbage', 'refused']) {
    await inEvery(state);
    const operation = await tour.started('morning-health-check');
    await operation.until('three checks that fail', ({ steps }) => (steps.filter(isUnknown).length >= 3 ? true : undefined));
    const { stdout, stderr } = await tour.platform.cli('doctor');
    printed.push(await tour.said('show', operation.name), stdout, stderr);
  }
  await inEvery('healthy');
});

test('no credential stands anywhere', async () => {
  const all = await places();
  for (const { name, pieces } of all)
    assert.ok(
      pieces.some(piece => piece.length > 0),
      `nothing was read of ${name}`,
    );
  assert.deepEqual(found(await canaries(), all), []);
});

test('the same search finds what is planted in each of these places', async () => {
  const { platform } = run.tour;
  const { practice, environment } = platform;
  const planted = canary('planted');
  const note = JSON.stringify({ by: 'ann', text: Buffer.from(`a:${planted}`).toString('base64') });
  const start = ['start', '--type', 'dynexOutage', '--workflow-id', 'planted', '--task-queue', 'unpolled'];
  await temporal(environment, ...start, '--static-summary', `the key is ${planted}`, '--memo', `incident="${planted}"`);
  await temporal(environment, 'signal', '--workflow-id', 'planted', '--name', 'note', '--input', note);
  for (const log of ['worker.log', 'intake.log'])
    appendFileSync(join(practice.dir, 'logs', log), `${encodeURIComponent(planted)}\n`);
  appendFileSync(join(practice.dir, 'temporal', 'temporal.log'), planted);
  writeFileSync(join(environment.ARTIFACTS ?? '', 'planted'), planted);
  appendFileSync(environment.MESSAGES ?? '', planted);
  run.received.push(planted);
  printed.push(planted);
  const app = new Hono().get('/metrics', c => c.text(`# TYPE planted gauge\nplanted{key="${planted}"} 1\n`));
  const served = await listen('metrics', app, 0);
  const exposed = await metricsAt('the metrics', `${served.url}/metrics`).finally(() => void served.close());
  const all = await places();
  const expected = [...all.map(({ name }) => name).filter(name => !name.startsWith('the metrics')), 'the metrics'];
  assert.deepEqual(
    found({ planted }, [...all, exposed]),
    expected.map(name => `planted in ${name}`),
  );
});
