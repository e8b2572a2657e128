/** The silence of a maintenance window, in a real Alertmanager: `amtool` says what is there, and what stays loud. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { connectAll } from '../../../activities/connectors/index.ts';
import { createActivities } from '../../../activities/index.ts';
import { outsideProbes, staysLoud } from '../../../workflows/catalog/index.ts';
import type { TakeBack } from '../../../workflows/contract/index.ts';
import { notRun, type RealAlertmanager, startWithClient } from '../../support/amtool.ts';
import { eventually } from '../../support/eventually.ts';
import { aPlatform, armed, running } from '../bare.ts';
import { because, done, planned } from '../outcomes.ts';

const clock = { now: Date.now, sleep: (ms: number) => pause(ms / 10) };
const folder = () => mkdtempSync(join(tmpdir(), 'nqba-artifacts-'));
const work = ['JobQueueDeep', 'NQBAWorkerDown'];
const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString();
const key = () => `run-${crypto.randomUUID()}/Maintenance window/Silence planned alerts/1`;

/** A worker; another one with the same folder goes on where it died. */
function worker(url: string, artifacts = folder(), alerts = work) {
  const ordered: { takeBack: TakeBack; at: string }[] = [];
  const { observe, kubernetes } = createActivities({
    platform: { ...aPlatform, maintenance: { alerts } },
    systems: connectAll({ artifacts: { folder: artifacts }, kubernetes: { fetch: armed }, silences: { url } }, clock),
    ...clock,
    running,
    takeBackLater: async order => void ordered.push(order),
  });
  return { ...observe, undo: kubernetes.takeBack, ordered, artifacts };
}

/** A worker that no Alertmanager is connected to. */
function unconnected(platform: typeof aPlatform) {
  const systems = connectAll({ artifacts: { folder: folder() }, kubernetes: { fetch: armed } }, clock);
  return createActivities({ platform, systems, ...clock, running });
}

describe('without an Alertmanager', () => {
  const { silence } = worker('http://127.0.0.1:1');
  const refused = (alerts: 'planned' | string[], until: string | undefined, message: RegExp) =>
    assert.rejects(silence({ alerts }, { key: key(), ...(until && { until }) }), { type: 'BadInput', message });

  test('P0, proofs of detection and outside probes are refused, and so is what is no whole name', async () => {
    for (const name of ['NQBAAPIDown', 'PodCrashLooping', 'Watchdog', 'DatasourceNoData', ...outsideProbes])
      await refused(['JobQueueDeep', name], hours(1), new RegExp(`^${name} is never silenced`));
    for (const name of ['.*', 'Job.*', 'a|Watchdog', '', 'x'.repeat(300)]) await refused([name], hours(1), /whole alerts/);
    await refused(
      Array.from({ length: 21 }, (_, index) => `Alert${index}`),
      hours(1),
      /at most 20/,
    );
    await assert.rejects(
      worker('http://x', folder(), ['Watchdog']).silence({ alerts: 'planned' }, { key: key(), until: hours(1) }),
      {
        message: /detection works/,
      },
    );
  });

  test('a silence without an end, and one of a window that is over, are refused', async () => {
    await refused('planned', undefined, /ends by itself/);
    await refused('planned', hours(-1), /^The window ended at .*: nothing is silenced\.$/);
  });

  test('every shipped rule that asks a probe, and every one of P0, stays loud', () => {
    const rule = z.looseObject({
      alert: z.string().optional(),
      expr: z.string(),
      labels: z.record(z.string(), z.string()).default({}),
    });
    const rules = z.object({ groups: z.array(z.object({ rules: z.array(rule) })) });
    const file = join(import.meta.dirname, '../../../deploy/prometheus/rules/nqba-runbooks.yaml');
    const all = rules.parse(parse(readFileSync(file, 'utf8'))).groups.flatMap(group => group.rules);
    const loud = all.filter(
      ({ alert, expr, labels }) => alert !== undefined && (expr.includes('probe_success') || labels['priority'] === 'P0'),
    );
    assert.ok(loud.length > 5);
    for (const { alert = '' } of loud) assert.ok(staysLoud(alert), alert);
    for (const alert of aPlatform.maintenance.alerts) assert.equal(staysLoud(alert), undefined, alert);
  });

  test('what is not connected is text to paste, and a list without an alert silences nothing', async () => {
    const { observe } = unconnected({ ...aPlatform, maintenance: { alerts: work } });
    const outcome = await observe.silence({ alerts: 'planned' }, { key: key(), until: '2999-11-29T04:00:00Z' });
    assert.match(JSON.stringify(outcome), /amtool silence add .*--end=2999-11-29T04:00:00\.000Z 'alertname=~\\"JobQueueDeep\|/);
    const none = await worker('http://x', folder(), []).silence({ alerts: 'planned' }, { key: key(), until: hours(1) });
    assert.match(JSON.stringify(none), /names no alert, so none is silenced/);
  });
});

describe('in Alertmanager', { skip: notRun }, () => {
  let real: RealAlertmanager;
  before(async () => {
    real = await startWithClient();
  });
  after(() => real?.stop());

  test('the planned alerts are silent until the end of the window, a P0 of the same name and another cluster are not', async () => {
    const { silence, ordered, undo } = worker(real.url);
    const [call, until] = [key(), hours(2)];
    const plan = planned(await silence({ alerts: 'planned' }, { key: call, until, dryRun: true }));
    assert.deepEqual(await real.silences(), []);
    const receipt = done(await silence({ alerts: 'planned' }, { key: call, until }));
    assert.deepEqual(receipt.changes, plan.changes);
    assert.equal(receipt.effect.measured, 'whole');
    const [made, ...others] = await real.silences();
    assert.deepEqual([made?.createdBy, Date.parse(made?.endsAt ?? ''), others], ['nqba-runbooks', Date.parse(until), []]);
    assert.deepEqual(
      ordered.map(({ at }) => at),
      [until],
    );

    const ours = { cluster: aPlatform.cluster };
    await real.fires(
      { alertname: 'JobQueueDeep', ...ours, priority: 'P2' },
      { alertname: 'NQBAWorkerDown' },
      { alertname: 'NQBAWorkerDown', ...ours, priority: 'P0' },
      { alertname: 'JobQueueDeep', cluster: 'another' },
      { alertname: 'Watchdog', ...ours },
      { alertname: 'JobQueueDeepest', ...ours },
    );
    assert.deepEqual(await real.loud(), ['JobQueueDeep', 'JobQueueDeepest', 'NQBAWorkerDown', 'Watchdog']);

    const { takeBack } = receipt;
    const undone = done(await undo({ takeBack: takeBack ?? assert.fail() }, { key: `${call}/Undo` }));
    assert.equal(undone.effect.measured, 'whole');
    assert.deepEqual(await real.silences(), []);
    assert.equal((await real.loud()).length, 6);
  });

  test('twice is once: a retry, a worker whose answer was lost, and a later end find the same silence', async () => {
    const { silence, artifacts } = worker(real.url);
    const [call, until] = [key(), hours(1)];
    const input = { alerts: ['QuotaRefusals'] };
    done(await silence(input, { key: call, until }));
    const [first] = await real.silences();
    const again = done(await worker(real.url, artifacts).silence(input, { key: call, until }));
    assert.equal(again.changes.length, 2);
    // Another key, as after a roll-over of the window: nothing is left to do.
    const joined = done(await worker(real.url).silence(input, { key: key(), until }));
    assert.deepEqual(joined.changes, []);
    assert.deepEqual(
      (await real.silences()).map(({ id }) => id),
      [first?.id],
    );
    const later = hours(1.5);
    done(await silence(input, { key: call.replace(/1$/, '2'), until: later }));
    assert.deepEqual(
      (await real.silences()).map(({ endsAt }) => Date.parse(endsAt)),
      [Date.parse(later)],
    );
    const ended = done(await silence({ alerts: 'none' }, { key: call.replace(/1$/, '3') }));
    assert.deepEqual([ended.effect.measured, await real.silences()], ['whole', []]);
    assert.match(done(await silence({ alerts: 'none' }, { key: call.replace(/1$/, '4') })).note, /nothing was changed/);
  });

  test('people are asked where a planned alert fires already, and where the silence is long', async () => {
    const { silence } = worker(real.url);
    await real.fires({ alertname: 'BillingChargesFailing' });
    const outcome = await silence({ alerts: ['BillingChargesFailing'] }, { key: key(), until: hours(1) });
    assert.deepEqual([because(outcome), planned(outcome).changes.length], ['approval', 2]);
    assert.equal(because(await silence({ alerts: ['QuotaRefusals'] }, { key: key(), until: hours(5) })), 'approval');
    assert.deepEqual(await real.silences(), []);
  });

  test('the line to paste ends the silence of this cluster, and none of another on the same Alertmanager', async () => {
    const clusters = ['nqba.prod', 'nqba.prod.eu', 'nqba-prod', 'eu.nqba.prod'];
    const pasted = async (cluster: string, alerts: 'planned' | 'none') => {
      const { observe } = unconnected({ ...aPlatform, cluster, maintenance: { alerts: work } });
      const outcome = await observe.silence({ alerts }, { key: key(), until: hours(1) });
      return 'byHand' in outcome ? outcome.byHand.paste : assert.fail(JSON.stringify(outcome));
    };
    for (const cluster of clusters) await real.paste(await pasted(cluster, 'planned'));
    assert.equal((await real.silences()).length, clusters.length);
    const ended = async (cluster: string) => {
      await real.paste(await pasted(cluster, 'none'));
      return (await real.silences()).map(({ comment }) => comment.replace(/^.* of /, '')).toSorted();
    };
    assert.deepEqual(await ended('nqba.prod'), ['eu.nqba.prod.', 'nqba-prod.', 'nqba.prod.eu.']);
    assert.deepEqual(await ended('nqba-prod'), ['eu.nqba.prod.', 'nqba.prod.eu.']);
    for (const cluster of ['nqba.prod.eu', 'eu.nqba.prod']) await ended(cluster);
    assert.deepEqual(await real.silences(), []);
  });

  test('it ends by itself at its time, though no worker lives', async () => {
    const { silence } = worker(real.url);
    const until = new Date(Date.now() + 2_000).toISOString();
    done(await silence({ alerts: ['QuotaRefusals'] }, { key: key(), until }));
    assert.equal((await real.silences()).length, 1);
    await eventually(async () => assert.deepEqual(await real.silences(), []));
    assert.ok(Date.now() >= Date.parse(until));
  });

  test('where people have made it longer the way back asks, and a silence of theirs is left alone', async () => {
    const { silence, undo } = worker(real.url);
    const call = key();
    const { takeBack = assert.fail() } = done(await silence({ alerts: ['QuotaRefusals'] }, { key: call, until: hours(1) }));
    const [ours] = await real.silences();
    await real.amtool('silence', 'update', '--duration=3h', ours?.id ?? '');
    await real.amtool('silence', 'add', '--author=ann', '--comment=mine', '--duration=1h', 'alertname=QuotaRefusals');
    const asked = await undo({ takeBack }, { key: `${call}/Undo` });
    assert.equal(because(asked), 'approval');
    done(await undo({ takeBack }, { key: `${call}/Undo`, approved: planned(asked).digest }));
    assert.deepEqual(
      (await real.silences()).map(({ createdBy }) => createdBy),
      ['ann'],
    );
  });
});
