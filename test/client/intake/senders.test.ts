/** Each sender's alerts are read as it writes them. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Refused } from '../../../client/errors.ts';
import { dynexDown, grafanaGroup, group, ofGrafana } from './bodies.ts';
import { answer, intake } from './edge.ts';

const authorization = 'Bearer hush';

/** The results of a body posted to another path. */
async function resultsAt(path: string, body: object, { post } = intake()) {
  const response = await post(body, { authorization }, path);
  assert.equal(response.status, 200, await response.clone().text());
  return answer.parse(await response.json()).alerts;
}

describe('a label', () => {
  test('that is a number or a boolean becomes text, and null is absent', async () => {
    const { results, started } = intake();
    const labels = { ...dynexDown.labels, component: 8080, pod: true, namespace: null };
    const [result] = await results({ ...dynexDown, labels });
    assert.equal(result?.result, 'opened', result?.reason);
    const { component, pod, namespace } = started[0]?.alert.labels ?? {};
    assert.deepEqual([component, pod, namespace], ['8080', 'true', undefined]);
  });

  test('of the exporter gives way to the one of the subject', async () => {
    const { results, started } = intake();
    const exporter = {
      alertname: 'PodNotReady',
      pod: 'kube-state-metrics-0',
      namespace: 'monitoring',
      instance: '10.0.0.9:8080',
    };
    const [ofApi, ofExporter] = await results(
      { ...dynexDown, fingerprint: 'a', labels: { ...exporter, exported_pod: 'nqba-api-7', exported_namespace: 'nqba' } },
      { ...dynexDown, fingerprint: 'b', labels: { ...exporter, pod: 'nqba-api-exporter-0', exported_pod: 'shop-1' } },
    );
    assert.deepEqual([ofApi?.result, ofExporter?.result], ['opened', 'ignored']);
    assert.partialDeepStrictEqual(started[0]?.alert.labels, { pod: 'nqba-api-7', namespace: 'nqba' });
  });
});

test('annotations that are null are none, and an annotation that is no text is left out', async () => {
  const { results, started } = intake();
  const answers = await results(
    { ...dynexDown, annotations: null },
    { ...dynexDown, fingerprint: 'b', annotations: { summary: null, value: 7, description: ['x'] } },
    { ...dynexDown, fingerprint: 'c', annotations: 'none' },
  );
  assert.deepEqual(
    answers.map(({ result }) => result),
    ['opened', 'opened', 'opened'],
  );
  assert.deepEqual(
    started.map(({ alert }) => alert.annotations),
    [{}, { value: '7' }, {}],
  );
});

describe('an alert that cannot be read, but names a runbook,', () => {
  const unreadable = { ...dynexDown, status: 'on' };

  test('is told to the first level once, and stands apart in the log, in the answer and in a counter', async () => {
    const { results, said, counted, noticed } = intake();
    const [named, foreign, other] = await results(
      unreadable,
      { ...unreadable, labels: { ...dynexDown.labels, cluster: 'nqba-staging' } },
      { ...unreadable, labels: { alertname: 'Ghost' } },
    );
    assert.deepEqual(
      [named, foreign, other].map(one => [one?.result, one?.runbook]),
      [
        ['quarantined', 'dynex-outage'],
        ['quarantined', undefined],
        ['quarantined', undefined],
      ],
    );
    assert.match(said[0] ?? '', /^quarantined, body digest of body 1: it names dynex-outage: check what fires\. ✖ /);
    assert.match(said[1] ?? '', /^quarantined, body digest of body 1: 2 alerts: ✖ /);
    assert.deepEqual(await counted('nqba_runbooks_intake_unread_total'), ['{runbook="dynex-outage"} 1']);
    await results(
      unreadable,
      { ...unreadable, fingerprint: 'b' },
      { ...unreadable, status: 'resolved', startsAt: {}, labels: { runbook: 'dynex-outage' } },
    );
    assert.deepEqual(
      noticed.map(({ name, labels }) => [name, labels['cluster']]),
      [['Unreadable alert for dynex-outage', 'nqba-production']],
    );
  });

  test('and so does one that Temporal refuses', async () => {
    const { results, said } = intake({ openOrJoin: () => Promise.reject(new Refused('Temporal refused: too large')) });
    assert.equal((await results(dynexDown))[0]?.runbook, 'dynex-outage');
    assert.match(
      said[0] ?? '',
      /it names dynex-outage: check what fires\. Temporal refused: too large; the first level is told$/,
    );
  });
});

describe('Grafana', () => {
  test('posts its own form: the alert opens an incident, and shows the values of its rule', async () => {
    const edge = intake();
    const [result] = await resultsAt('/grafana', grafanaGroup(ofGrafana), edge);
    assert.equal(result?.result, 'opened', result?.reason);
    const { source, annotations, labels } = edge.started[0]?.alert ?? {};
    assert.deepEqual([source, annotations?.['value'], labels?.['cluster']], ['grafana', 'B=44.2, C=1', 'nqba-production']);
  });

  test('is known by the version of its form at the path of Alertmanager too', async () => {
    const edge = intake();
    await resultsAt('/alertmanager', grafanaGroup(ofGrafana), edge);
    assert.equal(edge.started[0]?.alert.source, 'grafana');
  });

  test('that cannot evaluate a rule opens nothing: detection is blind, whatever the labels name', async () => {
    for (const alertname of ['DatasourceNoData', 'DatasourceError'])
      for (const status of ['firing', 'resolved'] as const) {
        const edge = intake();
        const labels = {
          ...ofGrafana.labels,
          alertname,
          rulename: 'No probe <!channel>\u202e reaches Dynex',
          datasource_uid: 'prom',
        };
        const [result] = await resultsAt('/grafana', grafanaGroup({ ...ofGrafana, status, labels }), edge);
        assert.deepEqual([result?.result, edge.started, edge.ended], ['follow-up: detection is blind', [], []]);
        assert.match(result?.reason ?? '', /^Datasource\w+ of "No probe <!channel> reaches Dynex": the query of its rule /);
        assert.match(edge.said.join(), /^detection is blind: Datasource\w+ of "No probe /);
      }
  });
});

describe('a ruler', () => {
  const { cluster: _, ...labels } = dynexDown.labels;

  for (const [ruler, own, generatorURL] of [
    ['vmalert', { alertgroup: 'dynex' }, '/vmalert/alert?group_id=1&alert_id=2'],
    ['Mimir', { __tenant_id__: 'nqba' }, '/graph?g0.expr=up&g0.tab=1'],
    ['Loki', { job: 'ruler' }, '/explore?left={"queries":[]}'],
  ] as const)
    test(`of ${ruler}, with a relative generatorURL and no cluster, opens an incident of our cluster`, async () => {
      const { results, started } = intake();
      const [result] = await results({ ...dynexDown, labels: { ...labels, ...own }, generatorURL });
      assert.equal(result?.result, 'opened');
      assert.equal(started[0]?.alert.labels['cluster'], 'nqba-production');
    });
});

describe('any other monitor', () => {
  test('posts one alert in a small form, and its end', async () => {
    const edge = intake();
    const alert = {
      name: 'DynexHealthCheckFailed',
      status: 'firing',
      labels: { severity: 'critical', service: 'dynex', shard: 3 },
    };
    const [opened] = await resultsAt('/alerts', alert, edge);
    const [ended] = await resultsAt('/alerts', { ...alert, status: 'resolved' }, edge);
    assert.deepEqual([opened?.result, ended?.result], ['opened', 'resolved']);
    assert.equal(edge.started[0]?.alert.source, 'other');
    assert.equal(edge.ended[0]?.fingerprint, edge.started[0]?.alert.fingerprint);
    assert.equal(edge.started[0]?.alert.startsAt, '2026-11-24T02:16:20.000Z');
  });

  test('is told what its body lacks', async () => {
    const { post } = intake();
    for (const body of [
      { status: 'firing' },
      { name: 'A' },
      { name: 'A', status: 'on' },
      [],
      { name: 'A', status: 'firing', labels: { a: [] } },
    ])
      assert.equal((await post(body, { authorization }, '/alerts')).status, 400);
  });

  test('may not post a group there', async () => {
    const { post } = intake();
    assert.equal((await post(group(dynexDown), { authorization }, '/alerts')).status, 400);
  });
});
