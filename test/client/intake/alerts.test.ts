import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Refused } from '../../../client/errors.ts';
import type { IntakeDeps } from '../../../client/intake/results.ts';
import { dynexDown, group } from './bodies.ts';
import { answer, intake, now, platform } from './edge.ts';

const resultOf = async (alert: unknown) => (await intake().results(alert))[0];

/** A Temporal that takes all but Watchdogs. */
const refusing = (error: Error): Pick<IntakeDeps, 'temporal'> => ({
  temporal: {
    openOrJoin: async (_, { name }) => ({ result: 'opened', incident: name, workflowId: 'incident:dynex-outage:x' }),
    resolve: async () => true,
    ready: async () => undefined,
    notice: async () => undefined,
    proveDetection: () => Promise.reject(error),
  },
});

describe('an alert', () => {
  test('of a runbook that this platform lacks the parts for opens nothing, and is answered with what is missing', async () => {
    const elsewhere = { ...platform, workloads: { ledger: { kind: 'StatefulSet', namespace: 'shop', name: 'ledger' } } };
    const { results, started } = intake({ platform: elsewhere });
    const [result] = await results(dynexDown);
    assert.deepEqual([result?.result, started], ['ignored', []]);
    assert.match(
      result?.reason ?? '',
      /^the runbook Dynex Outage \(dynex-outage\) is not available on this platform: its description has no section quantum and no workload api, worker, batch \(it has ledger\); the first level is told$/,
    );
  });

  test('that nobody knows is answered with the reason', async () => {
    const result = await resultOf({ ...dynexDown, labels: { alertname: 'Ghost', severity: 'critical' } });
    const reason = 'the catalog has no runbook for "Ghost"; the first level is told';
    assert.deepEqual([result?.result, result?.reason], ['ignored', reason]);
  });

  test('that no runbook is for is a notice to the first level if it is critical, and only then', async () => {
    const { results, noticed } = intake();
    const ghost = (severity: string, more = {}) => ({
      ...dynexDown,
      labels: { alertname: `Ghost${severity}`, severity },
      ...more,
    });
    await results(ghost('critical'), ghost('Critical', { status: 'resolved' }), ghost('warning'), ghost('info'));
    await results({ ...dynexDown, labels: { alertname: 'Watchdog', severity: 'critical' } });
    assert.deepEqual(
      noticed.map(({ name, status }) => [name, status]),
      [
        ['Ghostcritical', 'firing'],
        ['GhostCritical', 'resolved'],
      ],
    );
  });

  test('named Watchdog that Temporal refuses is quarantined, and the others of the body are delivered', async () => {
    const { temporal } = refusing(new Refused('it is too large'));
    const { results } = intake({ temporal });
    const answers = await results(dynexDown, { ...dynexDown, labels: { alertname: 'Watchdog', severity: 'none' } });
    assert.deepEqual(
      answers.map(({ result, reason }) => [result, reason]),
      [
        ['opened', 'Dynex Outage opened'],
        ['quarantined', 'it is too large'],
      ],
    );
  });

  test('named Watchdog proves that alerts come, one of a body, and its end proves nothing', async () => {
    const { metrics, results, proven } = intake();
    const dog = { ...dynexDown, labels: { alertname: 'Watchdog', severity: 'none' } };
    const answers = await results(dog, { ...dog, fingerprint: 'other' });
    assert.deepEqual([answers.map(({ result }) => result), proven.length], [['ignored', 'ignored'], 1]);
    await results({ ...dog, status: 'resolved' }, { ...dog, labels: { ...dog.labels, cluster: 'elsewhere' } });
    assert.equal(proven.length, 1);
    assert.match(
      await (await metrics.request('/metrics')).text(),
      new RegExp(`^nqba_runbooks_intake_watchdog_seconds ${now / 1000}$`, 'm'),
    );
  });

  test('is no notice where Alertmanager has paged the first level for it', async () => {
    const { results, noticed } = intake({ platform: { ...platform, times: { ...platform.times, ladderBegins: 1 } } });
    await results({ ...dynexDown, labels: { alertname: 'Ghost', severity: 'critical' } });
    assert.deepEqual(noticed, []);
  });

  test('that is poisonous is quarantined, and the good ones of its group are handled', async () => {
    const { post, said } = intake();
    const poison = [7, null, { ...dynexDown, labels: { alertname: [9] } }, { ...dynexDown, labels: {} }];
    const response = await post(group(...poison, dynexDown));
    assert.equal(response.status, 200);
    const { alerts } = answer.parse(await response.json());
    assert.deepEqual(
      alerts.map(({ result }) => result),
      ['quarantined', 'quarantined', 'quarantined', 'quarantined', 'opened'],
    );
    assert.match(said[0] ?? '', /^quarantined, body digest of body 1: /);
  });

  test('of which a hundred thousand are poisonous, is logged and answered in short, and each is counted', async () => {
    const { post, said, started } = intake();
    const poison = Array.from({ length: 100_000 }, (_, index) => (index < 99_990 ? 0 : { status: `${index}`.repeat(500) }));
    const response = await post(group(dynexDown, ...poison));
    const text = await response.text();
    assert.deepEqual([response.status, started.length, said.length], [200, 1, 2]);
    assert.match(said[0] ?? '', /^quarantined, body digest of body 1: 99990 alerts: /);
    assert.ok(said.join('').length < 2_000, said.join(''));
    assert.ok(text.length < 50_000, `${text.length} characters`);
    const { alerts, more } = answer.parse(JSON.parse(text));
    assert.deepEqual([alerts.length, alerts[0]?.result, more], [100, 'opened', { quarantined: 99_901 }]);
  });

  test('that the server will never accept is quarantined, not repeated for ever', async () => {
    const { post } = intake({ openOrJoin: () => Promise.reject(new Refused('Temporal refused: too large')) });
    const response = await post(group(dynexDown));
    assert.equal(response.status, 200);
    assert.match(
      await response.text(),
      /"quarantined","runbook":"dynex-outage","rule":"label runbook","reason":"Temporal refused: too large; the first level is told"/,
    );
  });

  test('opens an incident that knows the nights to come, and who has which role', async () => {
    const { results, started } = intake({ people: () => ({ ann: ['primary'] }) });
    await results(dynexDown);
    const { nights, people } = started[0]?.platform ?? {};
    assert.deepEqual(nights?.[0], { from: '2026-11-23T20:00:00.000Z', to: '2026-11-24T08:00:00.000Z' });
    assert.deepEqual(people, { ann: ['primary'] });
  });

  test('that has resolved only tells the open incident', async () => {
    const { results, started, ended } = intake();
    const [result] = await results({ ...dynexDown, status: 'resolved', endsAt: '2026-11-24T02:15:00Z' });
    assert.equal(result?.result, 'resolved');
    assert.deepEqual([started.length, ended[0]?.endsAt], [0, '2026-11-24T02:15:00.000Z']);
  });

  test('that has resolved without an open incident opens none', async () => {
    const temporal = {
      openOrJoin: () => assert.fail(),
      resolve: async () => false,
      ready: async () => {},
      notice: async () => {},
      proveDetection: async () => {},
    };
    const [result] = await intake({ temporal }).results({ ...dynexDown, status: 'resolved' });
    assert.deepEqual([result?.result, result?.reason], ['ignored', 'Dynex Outage: no incident is open']);
  });

  test('without a cluster belongs to ours; without a fingerprint it gets one from its labels', async () => {
    const { results, started } = intake();
    const { cluster: _, ...labels } = dynexDown.labels;
    const { fingerprint: __, ...alert } = dynexDown;
    await results({ ...alert, labels }, { ...alert, startsAt: '2026-11-24T02:12:00Z', labels: { ...labels } });
    assert.deepEqual(
      started.map(({ alert }) => alert.labels['cluster']),
      ['nqba-production', 'nqba-production'],
    );
    assert.match(started[0]?.alert.fingerprint ?? '', /^[0-9a-f]{16}$/);
    assert.equal(started[0]?.alert.fingerprint, started[1]?.alert.fingerprint);
  });

  test('of another cluster is ignored, and counted in one line: firing or resolved, it reaches no workflow', async () => {
    const { results, started, ended, said } = intake();
    const labels = { ...dynexDown.labels, cluster: 'nqba-staging' };
    const answers = await results({ ...dynexDown, labels }, { ...dynexDown, labels, status: 'resolved' }, dynexDown);
    assert.deepEqual(
      answers.map(({ result }) => result),
      ['ignored: other cluster', 'ignored: other cluster', 'opened'],
    );
    assert.equal(answers[0]?.reason, 'it is of the cluster "nqba-staging"; this is nqba-production');
    assert.deepEqual([started.length, ended.length], [1, 0]);
    assert.deepEqual(said, ['ignored: 2 of another cluster than nqba-production']);
  });

  test('that calls our cluster by another of its names joins the same incident', async () => {
    const { results, started } = intake({ clusterAliases: ['nqba-prod', 'eu-1'] });
    const called = (cluster: string) => ({ ...dynexDown, fingerprint: cluster, labels: { ...dynexDown.labels, cluster } });
    const [alias, other] = await results(called('eu-1'), called('eu-2'));
    assert.deepEqual([alias?.result, other?.result], ['opened', 'ignored: other cluster']);
    assert.match(other?.reason ?? '', /this is nqba-production, also called nqba-prod, eu-1$/);
    assert.deepEqual(
      started.map(({ alert }) => alert.labels['cluster']),
      ['nqba-production'],
    );
  });

  test('with a fingerprint that is no plain word gets one of ours', async () => {
    for (const fingerprint of ['<b>', 'x'.repeat(201), '', 7]) {
      const result = await resultOf({ ...dynexDown, fingerprint });
      assert.match(result?.fingerprint ?? '', /^[0-9a-f]{16}$/);
    }
  });

  test('with times that make no sense gets times that do', async () => {
    const { started, ended, results } = intake();
    const odd = ['0001-01-01T00:00:00Z', '-271821-04-20T00:00:00Z', '2031-01-01T00:00:00Z', 'yesterday'];
    await results(...odd.map(startsAt => ({ ...dynexDown, startsAt })));
    assert.deepEqual(
      started.map(({ alert }) => Date.parse(alert.startsAt)),
      odd.map(() => now),
    );
    await results({ ...dynexDown, status: 'resolved', endsAt: '2026-11-24T01:00:00Z' });
    assert.equal(ended[0]?.endsAt, ended[0]?.startsAt);
  });
});

test('the name of another cluster is cut in the answer', async () => {
  const result = await resultOf({ ...dynexDown, labels: { ...dynexDown.labels, cluster: `\u001b[2J${'x'.repeat(5000)}` } });
  assert.equal(result?.result, 'ignored: other cluster');
  assert.ok((result?.reason.length ?? 0) < 300);
  assert.doesNotMatch(result?.reason ?? '', /\p{Cc}/u);
});

describe('text that means something elsewhere', () => {
  const hostile = [
    '[click](https://evil.example) **bold** `code`',
    '<script>alert(1)</script><img src=x onerror=alert(1)>',
    '<!channel> <@U123> <https://evil.example|here>',
    '"} or vector(1) #',
    "$(reboot); `reboot`; '; DROP TABLE incidents; --",
    '\u001b[2J\u001b]0;owned\u0007\u009b31m',
    '__proto__',
  ];

  for (const text of hostile)
    test(`is carried as text: ${JSON.stringify(text)}`, async () => {
      const { results, started } = intake();
      const [result] = await results({
        ...dynexDown,
        labels: { ...dynexDown.labels, instance: text },
        annotations: { summary: text },
      });
      assert.equal(result?.result, 'opened');
      const { labels, annotations } = started[0]?.alert ?? assert.fail();
      assert.doesNotMatch(`${labels['instance']}${annotations['summary']}`, /\p{Cc}/u);
      assert.equal(labels['instance'], text.replace(/\p{Cc}/gu, ''));
    });
});
