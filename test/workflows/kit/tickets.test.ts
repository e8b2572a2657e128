// Follow-ups become tickets where the start says so: each once, by the outbox, and the record has their addresses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attempt } from '../../../worker/rehearsal/virtual-server.ts';
import type { FollowUp, Receipt } from '../../../workflows/contract/index.ts';
import {
  aStart,
  callOf,
  done,
  effects,
  finding,
  inputsOf,
  minutes,
  planned,
  rehearsal,
  type Rehearsing,
  threeAtNight,
} from '../../support/rehearsing.ts';
import { trialOutage } from '../../support/trial/rehearsing.ts';

interface Filed {
  followUp: FollowUp;
  number: number;
}

const start = aStart();
const args = [{ ...start, platform: { ...start.platform, tickets: true } }];
const receipt = (note: string, link = 'https://github.com/nqba/operations/issues/7'): Receipt => ({
  note,
  link,
  changes: [],
  effect: { measured: 'nothing to measure', text: 'Accepted.' },
});
const opened = done(receipt('Opened #7.'));
const outage = (rehearsing: Rehearsing = {}) =>
  trialOutage({ args, ...rehearsing, world: { fileTicket: opened, ...rehearsing.world } });

for (const how of [{}, { rollOver: true }, { evictEvery: 1 }]) {
  test(`a follow-up is filed once, and its address stands in the record ${JSON.stringify(how)}`, async () => {
    const rehearsed = await outage(how);
    assert.deepEqual(inputsOf<Filed>(rehearsed, 'fileTicket'), [
      { followUp: { title: 'Update Documentation', owner: 'commander', confirm: 'The post-mortem is published' }, number: 1 },
    ]);
    const [followUp] = rehearsed.report.followUps;
    assert.deepEqual(followUp?.ticket, { href: 'https://github.com/nqba/operations/issues/7', text: 'Opened #7.' });
    assert.equal(rehearsed.closed, true);
  });
}

test('without a word in the start nothing is filed, and the record has no trace of it', async () => {
  const rehearsed = await trialOutage({ world: { fileTicket: new Error('is not asked') } });
  assert.deepEqual(effects(rehearsed, 'fileTicket'), []);
  assert.deepEqual(rehearsed.report.followUps, [
    { title: 'Update Documentation', owner: 'commander', confirm: 'The post-mortem is published' },
  ]);
});

test('while GitHub is out of order the incident goes on; every attempt has one key, and it is filed in the end', async () => {
  const outAtFirst = ({ at }: Attempt) => (at < threeAtNight + minutes(40) ? new Error('503') : opened);
  const rehearsed = await outage({ world: { fileTicket: outAtFirst } });
  const keys = rehearsed.ran.filter(({ type }) => type === 'fileTicket').map(({ args: given }) => callOf(given).key);
  assert.equal(new Set(keys).size, 1);
  assert.match(keys[0] ?? '', /\/Tickets\/1$/);
  assert.equal(rehearsed.closed, true);
});

test('a token that is refused closes no incident late: the ticket is listed as not delivered', async () => {
  const { report, closed } = await outage({ world: { fileTicket: new Error('401') } });
  assert.equal(closed, true);
  assert.deepEqual(report.undelivered, [{ system: 'tickets (commander: Update Documentation)', because: '401' }]);
  assert.equal(report.followUps[0]?.ticket, undefined);
});

test('a runbook that only observes files its follow-ups all the same', async () => {
  const fileTicket = ({ args: given }: Attempt) => (callOf(given).dryRun ? new Error('a dry run') : opened);
  const { report } = await outage({ world: { fileTicket, setFallback: planned('observe') } });
  assert.deepEqual([report.mode, report.outcome, report.followUps[0]?.ticket?.text], ['observe', 'observed', 'Opened #7.']);
});

test('the Morning Health Check has one ticket for an owner and reason, and closes that of a fault that is gone, and that of accepted faults', async () => {
  const since = '2026-11-22T09:00:00Z';
  const healthy = ['nodes', 'pods', 'usage', 'services', 'scaling', 'rolloutStatus', 'probe', 'solvers'];
  const known = {
    faults: [{ owner: 'operations', reason: 'Nodes are not ready', since, times: 3 }],
    gone: ['Pods are not ready'],
    line: { since: undefined, isOver: true },
  };
  const world = {
    ...Object.fromEntries(healthy.map(type => [type, finding('healthy')])),
    nodes: finding('faulty', {}, 'node-3 is not Ready.'),
    knownFaults: finding('faulty', known),
    documentReview: finding('healthy'),
    fileTicket: opened,
  };
  const { platform } = start;
  const morning = (tickets?: true) =>
    rehearsal({
      type: 'morningHealthCheck',
      workflowId: 'operation:morning-health-check-2026-11-24T03:00:00Z',
      args: [{ version: 1, input: {}, platform: { ...platform, tickets } }],
      messages: [],
      world,
    });
  const filed = inputsOf<Filed>(await morning(true), 'fileTicket').map(({ followUp }) => followUp);
  const key = (title: string) => ({ title, owner: 'operations', recurs: `morning-health-check/operations/${title}` });
  assert.partialDeepStrictEqual(filed, [
    { ...key('Nodes are not ready'), since },
    { ...key('Accepted faults'), confirm: 'No fault is accepted any more.', over: true },
    { ...key('Pods are not ready'), over: true },
  ]);
  const { report } = await morning();
  assert.deepEqual(
    report.followUps.map(({ title }) => title),
    ['Nodes are not ready'],
  );
});
