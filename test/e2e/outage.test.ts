import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Following } from '../../lab/guide/following.ts';
import { type Chain, notRun, startChain } from '../support/chain/chain.ts';
import { loud } from '../support/chain/prometheus.ts';
import { eventually } from '../support/eventually.ts';
import { Platform } from '../support/practice.ts';

let platform: Platform;
before(async () => {
  platform = await Platform.start();
});
after(() => platform?.stop());

const byHand = {
  opens: (since: Date) => platform.open(since),
  ends: (incident: Following, since: Date) => platform.seeThrough(incident, since),
};

/** One outage from alert to closed, and what others recorded of it. */
async function outage(during: () => Promise<void> = async () => undefined, alert = byHand) {
  const since = new Date();
  await platform.set('dynex', 'down');
  const incident = await alert.opens(since);
  await incident.until('the breaker at work', ({ steps }) => steps.find(({ title }) => title === 'Activate Circuit Breaker'));
  await during();
  const report = await alert.ends(incident, since);
  const writes = await platform.writes(since);
  const messages = platform.messages(since);
  const of = (system: string) => messages.filter(message => message.system === system);
  return { report, writes, of };
}

const rollouts = (writes: { resource: string }[]) => writes.filter(({ resource }) => resource === 'deployments').length;
/** Pages of the first level: how far it goes up from there depends on how fast this machine is. */
const triggered = (pages: { text: string }[]) =>
  pages.filter(({ text }) => text.startsWith('triggered') && !text.includes('no one was reached')).length;
const created = (publications: { text: string }[]) => publications.filter(({ text }) => text.includes('(investigating)')).length;
const told = (posts: { text: string }[]) => posts.filter(({ text }) => text.startsWith('Asked: '));
/** The message of the incident; later it says how far the incident has come. */
const posted = (posts: { text: string }[]) =>
  posts.filter(({ text }) => text.startsWith('P1 ') && !text.includes('State: ')).length;

let keysOfTheFirst: string[] = [];

test('an outage goes from alert to closed though the worker is killed in its middle: one page, one post, one publication, a restart a stage', async () => {
  const { report, writes, of } = await outage(() => platform.killWorker());
  assert.equal(report.outcome, 'recovered');
  assert.deepEqual([rollouts(writes), triggered(of('pagerduty')), posted(of('slack')), created(of('statuspage'))], [2, 1, 1, 1]);
  const questions = told(of('slack')).map(({ text }) => text.split('\n')[0]);
  assert.equal(questions.includes(`Asked: What is the cause? (P1 ${report.incident}, for commander)`), true);
  assert.equal(new Set(questions).size, questions.length, 'a question is told twice');
  const tickets = of('tickets').map(({ text }) => text);
  assert.deepEqual(tickets, ['#1 opened by nqba-runbooks: Update Documentation']);
  const address = 'https://github.com/nqba/operations/issues/1';
  assert.deepEqual(
    report.followUps.map(({ ticket }) => ticket?.href),
    [address],
  );
  const [shown, page] = [await platform.cli('show', report.incident), await platform.cli('report', report.incident)];
  assert.deepEqual([shown.stdout.includes(address), page.stdout.includes(address)], [true, true]);
  keysOfTheFirst = [...of('slack'), ...of('pagerduty'), ...of('statuspage'), ...of('tickets')].map(({ key }) => key);
});

/** Nothing of ours stands between the series and the intake. */
describe('with Prometheus, the shipped rules and two Alertmanagers with the route of the README', { skip: notRun }, () => {
  let chain: Chain;
  before(async () => {
    chain = await startChain(platform);
  });
  after(() => chain?.stop());

  const firing = (alert: string) => chain.ask(`max_over_time(ALERTS{alertname="${alert}",alertstate="firing"}[1h])`);

  const opens = () =>
    eventually(async () => {
      const [open] = (await platform.temporal.list()).filter(({ workflowId }) => workflowId.startsWith('incident:'));
      assert.ok(open);
      return new Following(platform.temporal, open.name);
    });

  async function ends(incident: Following) {
    await eventually(async () => assert.equal((await firing(loud)).length, 1));
    await platform.bringBack(incident);
    return incident.until('closed', report => (report.state === 'closed' ? report : undefined));
  }

  test('the same outage a second time is told and fixed once again, and shares no key with the first', async () => {
    const { report, writes, of } = await outage(undefined, { opens, ends });
    assert.equal(report.outcome, 'recovered');
    assert.deepEqual(
      [rollouts(writes), triggered(of('pagerduty')), posted(of('slack')), created(of('statuspage'))],
      [2, 1, 1, 1],
    );
    assert.deepEqual(
      of('tickets').map(({ text }) => text),
      ['#2 opened by nqba-runbooks: Update Documentation'],
    );
    const keys = [...of('slack'), ...of('pagerduty'), ...of('statuspage'), ...of('tickets')].map(({ key }) => key);
    assert.deepEqual(
      keys.filter(key => keysOfTheFirst.includes(key)),
      [],
    );
  });

  test('both Alertmanagers delivered, without a failure, and it was one incident', async () => {
    assert.ok((await chain.delivered()).every(bodies => bodies > 0));
    const incidents = (await platform.temporal.list({ all: true })).filter(({ workflowId }) =>
      workflowId.startsWith('incident:'),
    );
    assert.equal(incidents.length, 2);
  });

  test('our own mitigation did not fire the rule about fallbacks, which would have fired without its clause', async () => {
    assert.deepEqual(await firing('QuantumFallbackRateHigh'), []);
  });

  test('a critical alert that no runbook takes pages once with what was found around it, and its page ends with it', async () => {
    const since = new Date();
    const alerts = [{ alertname: 'EtcdInsufficientMembers', namespace: 'nqba-platform' }];
    const of = (system: string) => platform.messages(since).filter(message => message.system === system);
    /** Of whatever page names it, and what became of that. */
    const pages = () => {
      const named = of('pagerduty').filter(({ text }) => text.includes('EtcdInsufficientMembers'));
      const keys = new Set(named.map(({ key }) => key));
      return of('pagerduty').flatMap(({ key, text }) => (keys.has(key) ? [text.split(' ')[0]] : []));
    };
    const before = await chain.delivered();
    await chain.tell({ alerts });
    await eventually(() => assert.deepEqual(pages(), ['triggered']));
    await eventually(() =>
      assert.match(of('slack').at(-1)?.text ?? '', /: Around EtcdInsufficientMembers: .*pods of nqba-platform/),
    );
    await eventually(async () => {
      const delivered = await chain.delivered();
      assert.ok(delivered.every((bodies, index) => bodies > (before[index] ?? 0)));
    });
    await chain.tell({ alerts, ended: true });
    await eventually(() => assert.deepEqual(pages(), ['triggered', 'resolved']));
  });
});

test('where the runbook observes, the whole incident writes nothing and says what it would have done', async () => {
  const since = new Date();
  await platform.hold({ 'mode.dynex-outage': null });
  await platform.set('dynex', 'down');
  const incident = await platform.open(since);
  const cause = await incident.asked('What is the cause?');
  await incident.decide(cause.id, 'Dynex Platform Issue', 'ann');
  await platform.set('dynex', 'healthy');
  await incident.until('recovery', ({ state }) => (state === 'resolved' || state === 'closed' ? state : undefined));
  await platform.deliver(since, new Date());
  const report = await incident.until('closed', found => (found.state === 'closed' ? found : undefined));
  assert.equal(report.outcome, 'observed');
  const wouldHave = report.steps.filter(({ state }) => state === 'would have').map(({ title }) => title);
  assert.equal(wouldHave.includes('Activate Circuit Breaker'), true);
  assert.deepEqual(await platform.writes(since), []);
  assert.deepEqual(
    platform.messages(since).filter(({ system }) => system === 'statuspage'),
    [],
  );
});
