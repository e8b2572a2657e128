/** PagerDuty's webhook ends the escalation: real intake, page activity and workflow, PagerDuty's stand-in, in virtual time up to the end of Investigation. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TemporalUnreachable } from '../../../client/errors.ts';
import type { Listed } from '../../../client/incident.ts';
import { pagerduty } from '../../../lab/stand-ins/pagerduty.ts';
import { idOf } from '../../../lab/stand-ins/pagerduty/rest.ts';
import { type Message, surroundings } from '../../../lab/stand-ins/stand-in.ts';
import { Play } from '../../../worker/rehearsal/rehearse.ts';
import type { Attempt } from '../../../worker/rehearsal/virtual-server.ts';
import { activitiesWith } from '../../activities/bare.ts';
import { eventually } from '../../support/eventually.ts';
import { aStart, dynexDown, loaded, minutes, threeAtNight, worldOf } from '../../support/rehearsing.ts';
import { headers, subscribed } from '../webhook-subscription.ts';
import { intake } from './edge.ts';

const runId = '0190b2a4-7c1e-7d33-9f0a-5b2c8d4e6f10';
const workflowId = 'incident:dynex-outage:nqba-production';
const incident: Listed = {
  name: 'dynex-outage-20261124-k7fp',
  workflowId,
  runId,
  type: 'dynexOutage',
  taskQueue: 'nqba-runbooks',
  open: true,
  status: 'RUNNING',
  opened: '2026-11-24T03:00:00Z',
  waitingFor: [],
};

/** An outage that no one answers, its pages in PagerDuty, and PagerDuty's webhook at the intake. */
async function paged() {
  const messages: (Message & { minute: number })[] = [];
  const [statuses, secrets]: [number[], string[]] = [[], []];
  const temporal = { isAway: false, isAsked: () => {} };
  const minute = () => Math.round((play.server.now - threeAtNight) / minutes(1));
  const edge = intake({
    pagerduty: {
      secrets,
      temporal: {
        byId: async () => (temporal.isAway ? Promise.reject(new TemporalUnreachable('Temporal gave no answer')) : incident),
        signal: async (_, name, said) => play.server.send(play.server.now, name, [said]),
      },
    },
  });
  const around = surroundings({
    now: () => play.server.now,
    record: message => messages.push({ ...message, minute: minute() }),
    sleep: () => new Promise(resolve => (temporal.isAsked = () => resolve(undefined))),
  });
  const vendor = pagerduty(around, async request => {
    const answer = await edge.app.fetch(request);
    statuses.push(answer.status);
    return answer;
  });
  // No answer is late: PagerDuty answers within the same virtual moment.
  const clock = { now: () => play.server.now, sleep: () => new Promise<void>(() => {}) };
  const routingKeys = () => '0123456789abcdef0123456789abcdef';
  const { oncall } = activitiesWith({ pagerduty: { url: 'http://pagerduty', routingKeys, fetch: vendor.fetch } }, clock);
  const scripted = worldOf(dynexDown);
  const page = async ({ args }: Attempt) => ({ result: await Reflect.apply(oncall.page, undefined, args) });
  const world = (attempt: Attempt) => (attempt.type === 'page' ? page(attempt) : scripted(attempt));
  const init = { type: 'dynexOutage', workflowId, runId, args: [aStart()], at: threeAtNight };
  const play: Play = new Play(await loaded(), { init, world, atMost: minutes(29) });

  secrets.push(await subscribed(vendor));
  return {
    temporal,
    statuses,
    until: async (minute: number) => {
      while ((play.next() ?? Number.POSITIVE_INFINITY) <= threeAtNight + minutes(minute)) await play.goOn();
    },
    /** On Ann's telephone. */
    acknowledge: async () => {
      const [{ key } = assert.fail('no page')] = messages;
      const change = JSON.stringify({ incident: { type: 'incident_reference', status: 'acknowledged' } });
      assert.equal((await vendor.request(`/incidents/${idOf(key)}`, { method: 'PUT', headers, body: change })).status, 200);
    },
    /** Minutes of the pages, by PagerDuty's record. */
    pages: () => [...new Set(messages.filter(({ text }) => text.startsWith('triggered')).map(one => one.minute))],
    end: () => play.end().finally(() => void play.dispose()),
  };
}

test('silence pages the next levels at 5 and 15 minutes', async () => {
  const { until, pages, end } = await paged();
  await until(29);
  assert.deepEqual(pages(), [0, 5, 15]);
  assert.equal((await end()).report.commander, undefined);
});

test('the webhook of an acknowledgement ends that: PagerDuty gets no further page, and the incident knows the person', async () => {
  const { until, acknowledge, statuses, pages, end } = await paged();
  await until(3);
  await acknowledge();
  await eventually(() => assert.deepEqual(statuses, [200]));
  await until(29);
  assert.deepEqual(pages(), [0]);
  const { commander, times } = (await end()).report;
  assert.deepEqual([commander, typeof times.acknowledged], ['Ann Lee', 'string']);
});

test('one that came while Temporal was down ends it once PagerDuty has sent it again', async () => {
  const { temporal, until, acknowledge, statuses, pages, end } = await paged();
  await until(3);
  temporal.isAway = true;
  await acknowledge();
  await eventually(() => assert.deepEqual(statuses, [503]));
  await until(6);
  temporal.isAway = false;
  await eventually(() => assert.deepEqual((temporal.isAsked(), statuses), [503, 200]));
  await until(29);
  assert.deepEqual(pages(), [0, 5]);
  assert.equal((await end()).report.commander, 'Ann Lee');
});
