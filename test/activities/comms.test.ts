/** What people receive: once, as text, and only what was measured; from stand-ins that refuse what the vendors refuse. */

import assert from 'node:assert/strict';
import test from 'node:test';
import type { Call, Outcome } from '../../workflows/contract/index.ts';
import { activitiesWith } from './bare.ts';
import { about, because, done, planned } from './outcomes.ts';
import { openedBy, running, vendors } from './vendors.ts';

const call = (step: string, incident = 'run-1'): Call => ({ key: `${incident}/${step}/1`, about });
const degraded = { component: 'quantum', status: 'degraded_performance', text: 'degraded' } as const;
const operational = { component: 'quantum', status: 'operational', text: 'dynex-resolved' } as const;

test('an incident is one living Slack message, however often it is declared', async () => {
  const { comms, messages } = vendors();
  await comms.declareIncident({ title: 'Dynex Outage' }, call('Declare Incident'));
  await comms.declareIncident({ title: 'Dynex Outage' }, call('Declare Incident'));
  await comms.resolveIncident({ summary: 'Dynex is back.' }, call('resolve'));
  const posts = messages.filter(({ system }) => system === 'slack');
  assert.deepEqual(
    posts.map(({ key }) => key),
    ['run-1', 'run-1'],
    'said once, then ended',
  );
  assert.match(posts[0]?.text ?? '', /^P1 Dynex Outage: dynex-outage-20261124-k7fp\nNo probe reaches Dynex/);
  assert.match(posts.at(-1)?.text ?? '', /^Resolved: .*\nDynex is back\./);
});

test('the living message says how far the incident has come, and asks no one to acknowledge what is acknowledged', async () => {
  const { comms, messages } = vendors();
  await comms.declareIncident({ title: 'Dynex Outage' }, call('Declare Incident'));
  const state = 'mitigated, incident commander: ann';
  const { key } = call('again');
  await comms.declareIncident({ title: 'Dynex Outage' }, { key, about: { ...about, state } });
  const [first = '', second = ''] = messages.map(({ text }) => text);
  assert.match(first, /Acknowledge: runbooks ack/);
  assert.match(second, /\nState: mitigated, incident commander: ann\n/);
  assert.doesNotMatch(second, /Acknowledge/);
});

test('an incident that is closed without a measured recovery is never told as resolved', async () => {
  const { comms, oncall, messages } = vendors();
  await comms.declareIncident({ title: 'Dynex Outage' }, call('Declare Incident'));
  await oncall.page({ roles: ['primary'] }, call('Notify Team'));
  await comms.resolveIncident({ summary: 'Dynex was retired.', resolved: false }, call('resolve'));
  const [slackText = '', page = ''] = ['slack', 'pagerduty'].map(
    name => messages.findLast(({ system }) => system === name)?.text,
  );
  assert.match(slackText, /^Closed, not resolved: P1 Dynex Outage: .*\nDynex was retired\./);
  assert.equal(page, 'resolved', 'the page has ended all the same');
});

for (const [resolved, note] of [
  [true, 'Resolved: Over.'],
  [false, 'Closed, not resolved: Over.'],
] as const)
  test(`the page that ends says “${note}”`, async () => {
    const events: unknown[] = [];
    const { comms } = activitiesWith({
      pagerduty: {
        url: 'http://pagerduty',
        routingKeys: () => 'key',
        fetch: async request => {
          events.push(await request.json());
          return Response.json({ status: 'success' }, { status: 202 });
        },
      },
    });
    await comms.resolveIncident({ summary: 'Over.', resolved }, call('resolve'));
    assert.deepEqual(events, [
      {
        routing_key: 'key',
        event_action: 'resolve',
        dedup_key: 'run-1/PAGERDUTY_ROUTING_KEY',
        payload: { summary: note, severity: 'info', source: 'nqba-runbooks' },
      },
    ]);
  });

test('the next incident posts and pages again', async () => {
  const { comms, oncall, messages } = vendors();
  for (const incident of ['run-1', 'run-2']) {
    await comms.declareIncident({ title: 'Dynex Outage' }, call('Declare Incident', incident));
    await oncall.page({ roles: ['primary', 'quantum'] }, call('Notify Team', incident));
  }
  assert.deepEqual(
    messages.map(({ system, key }) => `${system} ${key}`),
    ['slack run-1', 'pagerduty run-1/PAGERDUTY_ROUTING_KEY', 'slack run-2', 'pagerduty run-2/PAGERDUTY_ROUTING_KEY'],
  );
});

test('roles that share a routing key are one page; it ends with the incident', async () => {
  const { comms, oncall, texts } = vendors();
  await oncall.page({ roles: ['primary', 'quantum'] }, call('Notify Team'));
  await oncall.page({ roles: ['primary', 'quantum'] }, call('Notify Team'));
  await comms.resolveIncident({ summary: 'Over.' }, call('resolve'));
  const pages = texts().filter(text => text.startsWith('pagerduty'));
  assert.match(pages[0] ?? '', /triggered \(error\): P1 Dynex Outage: No probe reaches Dynex/);
  assert.match(pages.at(-1) ?? '', /resolved/);
  assert.equal(pages.filter(text => text.includes('resolved')).length, 1);
});

test('a role that nothing reaches is named', async () => {
  const { oncall } = vendors();
  const { note } = done(await oncall.page({ roles: ['primary', 'finance'] }, call('Notify Team')));
  assert.match(note, /No one can be paged as finance/);
  assert.ok('byHand' in (await oncall.page({ roles: ['finance'] }, call('Notify Finance'))));
});

test('the page says degraded first, the measured share later, and is resolved once', async () => {
  const { comms, messages, world } = vendors();
  const routed = { ...degraded, text: 'quantum-fallback', share: 0.8399 } as const;
  const closed = { ...world };
  for (const step of ['a', 'b']) done(await comms.setStatusPage(degraded, call(step)));
  Object.assign(world, { pods: running('classical'), config: openedBy('run-1') });
  done(await comms.setStatusPage(routed, call('c')));
  Object.assign(world, closed);
  for (const step of ['d', 'e']) done(await comms.setStatusPage(operational, call(step)));
  assert.equal(messages.length, 3, 'the same state twice is published once');
  assert.deepEqual(new Set(messages.map(({ key }) => key)), new Set(['run-1']));
  const [first, second, third] = messages.map(({ text }) => text);
  assert.match(first ?? '', /\(investigating\).*degraded_performance.*We are investigating/);
  assert.doesNotMatch(first ?? '', /classical|%/);
  assert.match(second ?? '', /\(identified\).*100% of the jobs/);
  assert.match(third ?? '', /\(resolved\).*operational/);
});

test('what the page says already is not said again, and another number is no news', async () => {
  const { comms, messages, world, clock } = vendors();
  Object.assign(world, { pods: running('classical'), config: openedBy('run-1') });
  let times = 0;
  const publish = async (input: Parameters<typeof comms.setStatusPage>[0], incident?: string) => {
    await clock.sleep(60_000);
    done(await comms.setStatusPage(input, call(`Update Status Page ${(times += 1)}`, incident)));
  };
  const routed = { ...degraded, text: 'quantum-fallback', share: 0.9 } as const;
  for (const input of [degraded, degraded, routed, { ...routed, share: 0.8 }]) await publish(input);
  assert.equal(messages.length, 2);
  const worse = { ...degraded, status: 'major_outage' } as const;
  for (const input of [worse, degraded, degraded]) await publish(input);
  assert.equal(messages.length, 4, 'the same words in another state are news');
  await publish(degraded, 'run-2');
  assert.equal(messages.length, 5, 'another incident speaks for itself');
});

test('once the fallback is undone the page says again what it said before, so that it claims no routed jobs', async () => {
  const { comms, messages, world } = vendors();
  done(await comms.setStatusPage(degraded, call('Update Status Page')));
  const closed = { ...world };
  Object.assign(world, { pods: running('classical'), config: openedBy('run-1') });
  done(await comms.setStatusPage({ ...degraded, text: 'quantum-fallback', share: 0.9 }, call('measured')));
  Object.assign(world, closed);
  assert.equal(done(await comms.setStatusPage(degraded, call('Update Status Page: again'))).note, 'Status page updated.');
  assert.equal(messages.length, 3);
  assert.match(messages[2]?.text ?? '', /We are investigating/);
  assert.doesNotMatch(messages[2]?.text ?? '', /routed|classical/);
});

test('a share that nobody measured is never published', async () => {
  const { comms, messages } = vendors();
  const input = { ...degraded, text: 'quantum-fallback' } as const;
  await assert.rejects(comms.setStatusPage(input, call('Update Status Page')), { type: 'BadInput' });
  assert.equal(messages.length, 0);
});

test('what no written runbook publishes is a draft: it is published once people approve it', async () => {
  const { comms, messages } = vendors();
  const outage = { component: 'api', status: 'major_outage', text: 'outage' } as const;
  const { digest: approved } = planned(await comms.setStatusPage(outage, call('Update status page')));
  assert.equal(messages.length, 0);
  done(await comms.setStatusPage(outage, { ...call('Update status page'), approved }));
  assert.match(messages[0]?.text ?? '', /\(investigating\)\. API: major_outage\. We are investigating reports/);
});

test('the status that every incident drafts names its component, and so does its end', async () => {
  const { comms, messages } = vendors();
  const begins = { component: 'billing', status: 'degraded_performance', text: 'investigating' } as const;
  const { digest: approved } = planned(await comms.setStatusPage(begins, call('Update status page: draft')));
  assert.equal(messages.length, 0);
  done(await comms.setStatusPage(begins, { ...call('Update status page: draft'), approved }));
  assert.match(messages[0]?.text ?? '', /\(investigating\)\. Billing: degraded_performance\. We are investigating a problem/);
  const ends = { component: 'billing', status: 'operational', text: 'resolved' } as const;
  const plan = planned(await comms.setStatusPage(ends, call('Update status page: end of the draft')));
  assert.equal(messages.length, 1);
  done(await comms.setStatusPage(ends, { ...call('Update status page: end of the draft'), approved: plan.digest }));
  assert.match(messages[1]?.text ?? '', /\(resolved\)\. Billing: operational\. The problem with Billing is resolved/);
});

test('a page that says nothing of an outage has nothing to take back', async () => {
  const { comms, messages } = vendors();
  const again = { component: 'api', status: 'operational', text: 'works-again' } as const;
  assert.equal(done(await comms.setStatusPage(again, call('Update status page'))).note, 'The status page shows this already.');
  assert.equal(messages.length, 0);
});

test('the public page is held and observed like a change of the platform; responders are told all the same', async () => {
  const { comms, messages } = vendors({ hold: 'legal asks' });
  assert.equal(because(await comms.setStatusPage(degraded, call('Update Status Page'))), 'held');
  const observing = vendors({});
  assert.equal(because(await observing.comms.setStatusPage(degraded, call('Update Status Page'))), 'observe');
  await comms.declareIncident({ title: 'Dynex Outage' }, call('Declare Incident'));
  assert.deepEqual(
    messages.map(({ system }) => system),
    ['slack'],
  );
});

test('what is not connected is ready to paste', async () => {
  const { comms, oncall } = activitiesWith({});
  const pasted = async (outcome: Promise<Outcome>) => {
    const answer = await outcome;
    return 'byHand' in answer ? `${answer.byHand.system}: ${answer.byHand.paste}` : JSON.stringify(answer);
  };
  assert.match(await pasted(comms.declareIncident({ title: 'Dynex Outage' }, call('a'))), /^Slack: #nqba-incidents\nP1 Dynex/);
  assert.match(await pasted(oncall.page({ roles: ['primary'] }, call('b'))), /^PagerDuty: Page primary: P1 Dynex Outage/);
  assert.match(await pasted(comms.setStatusPage(degraded, call('c'))), /^status page: Quantum computing: degraded_performance/);
  assert.match(
    await pasted(comms.tellCustomers({ text: 'dynex-eta' }, call('d'))),
    /^customers by mail: Subject: Quantum computing: our provider is working on it/,
  );
});

test('mail to customers is sent by a person, whatever is connected', async () => {
  const told = await vendors().comms.tellCustomers({ text: 'dynex-eta' }, call('Customer Communication'));
  assert.equal('byHand' in told && told.byHand.because, 'mail to customers is sent by a person');
});

test('labels that hold markup, mentions, ANSI or line breaks are text wherever they are read', async () => {
  const evil = '<!channel> <https://x|y> & \u001b[31mred\u001b[0m\nP0 <script>alert(1)</script> {{ $labels }} rate(x[5m])';
  const { comms, oncall, messages } = vendors();
  const bad = { key: 'run-1/a/1', about: { ...about, summary: evil } };
  await comms.declareIncident({ title: evil }, bad);
  await oncall.page({ roles: ['primary'] }, bad);
  const [slackText = '', page = ''] = messages.map(({ text }) => text);
  assert.match(slackText, /&lt;!channel&gt; &lt;https:\/\/x\|y&gt; &amp;/);
  assert.doesNotMatch(slackText.replace(/<http[^>]*Temporal UI>/, ''), /[<>]|[^\P{Cc}\n]/u);
  assert.equal(slackText.split('\n').length, 6, 'a label makes no line of its own');
  assert.doesNotMatch(page, /\p{Cc}/u);
});

for (const [state, type] of [
  ['down', 'Unreachable'],
  ['refused', 'Unreachable'],
  ['garbage', 'Unreachable'],
  ['unauthorised', 'Unauthorised'],
  ['slow', 'Unreachable'],
] as const)
  test(`a status page that is ${state} is said to be so, and is tried again unless it knows us not`, async () => {
    const { comms, states } = vendors();
    states.statuspage = state;
    const nonRetryable = type === 'Unauthorised';
    await assert.rejects(comms.setStatusPage(degraded, call('a')), { type, nonRetryable });
  });

test('a PagerDuty that is down does not keep the Slack message from being resolved', async () => {
  const { comms, states, texts } = vendors();
  await comms.declareIncident({ title: 'Dynex Outage' }, call('Declare Incident'));
  states.pagerduty = 'down';
  await assert.rejects(comms.resolveIncident({ summary: 'Over.' }, call('resolve')), { type: 'Unreachable' });
  assert.match(texts().at(-1) ?? '', /^slack: Resolved/);
});
