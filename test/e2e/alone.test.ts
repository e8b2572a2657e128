import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Following } from '../../lab/guide/following.ts';
import { results, setSystem } from '../../lab/guide/outage.ts';
import type { Report } from '../../workflows/contract/index.ts';
import { cluster, type Elsewhere, startElsewhere } from './elsewhere.ts';

let platform: Elsewhere;
let report: Report;
before(async () => {
  platform = await startElsewhere();
});
after(() => platform?.stop());

const recorded = readFileSync('lab/guide/dynex-health-check-failed.json', 'utf8').replaceAll('nqba-production', cluster);

/** One delivery as Alertmanager sends it. */
async function deliver(startsAt: string, endsAt?: string) {
  const { INTAKE_URL = '', INTAKE_TOKEN } = platform.environment;
  const body = recorded
    .replaceAll('STARTS_AT', startsAt)
    .replaceAll('ENDS_AT', endsAt ?? '0001-01-01T00:00:00Z')
    .replaceAll('STATUS', endsAt ? 'resolved' : 'firing');
  const answer = await fetch(INTAKE_URL, { method: 'POST', headers: { authorization: `Bearer ${INTAKE_TOKEN}` }, body });
  assert.equal(answer.status, 200);
  return results.parse(await answer.json()).alerts[0]?.incident ?? '';
}

test('with a cluster and Prometheus alone, an outage of a platform that shares no name with NQBA goes from alert to closed', async () => {
  const fired = new Date().toISOString();
  await setSystem(platform.environment, 'dynex', 'down');
  const incident = new Following(platform.client, await deliver(fired));
  const cause = await incident.asked('What is the cause?');
  assert.equal(cause.suggest, 'Dynex Platform Issue');
  await incident.decide(cause.id, 'Dynex Platform Issue', 'ann');
  await setSystem(platform.environment, 'dynex', 'healthy');
  const wayBack = await incident.asked('Gradual Rollback: 100%');
  await incident.decide(wayBack.id, 'approve', 'ann');
  await incident.until('resolved', ({ state }) => (state === 'resolved' || state === 'closed' ? state : undefined));
  await deliver(fired, new Date().toISOString());
  report = await incident.until('closed', found => (found.state === 'closed' ? found : undefined));
  assert.equal(report.outcome, 'recovered');
});

const stepOf = (title: string) => report.steps.find(step => step.title === title);

test('the breaker moved every job there, and the way back brought every job back: both measured whole', () => {
  for (const [title, solver] of [
    ['Activate Circuit Breaker', 'classical_dimod'],
    ['Gradual Rollback: 100%', 'quantum_dynex'],
  ] as const) {
    const { state, effect } = stepOf(title) ?? {};
    assert.deepEqual([title, state, effect?.measured], [title, 'done', 'whole'], effect?.text);
    assert.match(effect?.text ?? '', new RegExp(`^(\\d+) of \\1 jobs started since ran on ${solver} \\(100%\\)`));
  }
});

test('only what the description names was written, and the setting is what it was', async () => {
  const once = ['patch configmaps acme/switches', 'patch deployments acme/day-cruncher', 'patch deployments acme/night-cruncher'];
  assert.deepEqual(await platform.written(), [...once, ...once]);
  const switches = await platform.switches();
  assert.deepEqual([switches?.['solver.backend'], switches?.['solver.quantum']], ['dynex', 'true']);
});

test('nobody was told anything by us; all of it is ready to paste', () => {
  assert.equal(platform.messages(), '');
  const listed = report.byHand.map(({ step, system }) => `${system}: ${step}`);
  assert.deepEqual(listed.toSorted(), [
    'PagerDuty: Notify Team',
    'PagerDuty: Page escalation: no one was reached as secondary',
    'PagerDuty: Page management: no one was reached as escalation',
    'PagerDuty: Page secondary: no one was reached as primary, quantum',
    'Slack: Announce the resolution',
    'Slack: Declare Incident',
    'customers by mail: Communicate with customers: first message',
    'customers by mail: Customer Communication',
    'customers by mail: Update customers on expected resolution time',
    'status page: Update Status Page',
    'status page: Update Status Page: measured',
    'status page: Update Status Page: operational',
  ]);
  assert.deepEqual(report.undelivered, []);
});

test('what was not connected is said where it was left out', () => {
  const { state, evidence } = stepOf('Gradual Rollback: canary') ?? {};
  assert.equal(state, 'unknown');
  assert.match(evidence ?? '', /The NQBA API is not connected, so no canary ran/);
  assert.equal(stepOf('Check Dynex Status Page')?.state, 'faulty');
  assert.equal(report.recovery?.verdict, 'healthy');
  assert.match(report.recovery?.evidence ?? '', /From outside: the probe succeeds\. Not checked: Dynex is not connected/);
});

test('no name of NQBA stands in the record', () => {
  assert.doesNotMatch(JSON.stringify(report), /nqba-(platform|worker|api|config|secrets|production|incidents)/);
});
