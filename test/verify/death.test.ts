// One incident, its worker killed sixteen times and Temporal twice: the same effects, once each.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Platform } from '../support/practice.ts';

let platform: Platform;
before(async () => {
  platform = await Platform.start({ rollOverAfter: 60 });
});
after(() => platform?.stop());

/** A server that dies six times in a minute stays down, so each death has its time; each comes a little later in what goes on. */
const apart = 12_500;

async function kill(times: number, already: number) {
  for (let time = already; time < already + times; time += 1) {
    await pause(70 * time);
    await platform.killWorker();
    if (time % 8 === 7) await platform.killTemporal();
    await pause(apart);
  }
}

test('sixteen deaths of the worker and two of Temporal over one incident: one page, one post, one publication, a restart a stage', async () => {
  const since = new Date();
  await platform.set('dynex', 'down');
  const incident = await platform.open(since);
  await kill(5, 0);
  const cause = await incident.asked('What is the cause?');
  await incident.decide(cause.id, 'Dynex Platform Issue', 'ann');
  await platform.set('dynex', 'healthy');
  await kill(5, 5);
  const plan = await incident.asked('Gradual Rollback: 100%');
  await incident.decide(plan.id, 'approve', 'ann');
  await kill(6, 10);
  await platform.deliver(since, new Date());
  const report = await incident.until('closed', found => (found.state === 'closed' ? found : undefined));
  assert.equal(report.outcome, 'recovered');
  const writes = await platform.writes(since);
  assert.deepEqual(
    writes.map(({ resource, name }) => `${resource} ${name}`),
    ['configmaps nqba-config', 'deployments nqba-worker', 'configmaps nqba-config', 'deployments nqba-worker'],
  );
  const messages = platform.messages(since);
  const count = (system: string, says: RegExp) => messages.filter(one => one.system === system && says.test(one.text)).length;
  assert.deepEqual(
    [count('pagerduty', /^triggered/), count('slack', /^P1 /), count('statuspage', /\(investigating\)/)],
    [1, 1, 1],
  );
});
