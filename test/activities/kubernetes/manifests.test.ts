/** What a maintenance rests on: manifests without secrets, what differs from them, and whether there is a young backup. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { activitiesWith, refuses, virtualClock } from '../bare.ts';
import { clusterOf, fetchOf } from './cluster-of.ts';

const hidden = 'dnx_practice_4f1c9a7e2b6d8035';
const container = {
  name: 'api',
  image: 'nqba/api:1.4.0',
  args: [`--password=${hidden}`],
  env: [
    { name: 'DYNEX_API_KEY', value: hidden },
    { name: 'BROKER', value: 'redis://user:topsecret@redis:6379/0' },
    { name: 'DYNEX_TOKEN', valueFrom: { secretKeyRef: { name: 'nqba-secrets', key: 'dynex-api-key' } } },
    { name: 'LEVEL', value: 'info' },
  ],
};
const deployment = (name: string, change: object = {}, replicas = 2) => ({
  metadata: {
    name,
    uid: 'u1',
    resourceVersion: '7',
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(container),
      'deployment.kubernetes.io/revision': '4',
    },
  },
  spec: { replicas, template: { spec: { containers: [{ ...container, ...change }] } } },
  status: { replicas },
});
const scaler = { metadata: { name: 'api' }, spec: { maxReplicas: 9, scaleTargetRef: { kind: 'Deployment', name: 'api' } } };

type Items = Record<string, object[]>;

/** The lists that it answers may change between calls. */
const cluster = (others: Items, unapplied?: [number, string]) => clusterOf({ others, ...(unapplied && { unapplied }) });

describe('saved manifests', () => {
  const lists = (): Items => ({
    deployments: [deployment('api'), deployment('worker')],
    horizontalpodautoscalers: [scaler],
  });

  test('are one artifact by its digest, which is the same for the same state', async () => {
    const { kubernetes } = cluster(lists());
    const [first, again] = [await kubernetes.saveManifests({}), await kubernetes.saveManifests({})];
    assert.deepEqual([first.verdict, first.facts?.objects, first.facts?.digest], ['healthy', 3, again.facts?.digest]);
    assert.match(first.evidence, /^Saved 2 Deployments and 1 HorizontalPodAutoscalers of nqba-platform.*bodies\//);
    assert.match(first.evidence, /6 values that look like secrets are hidden/);
  });

  test('that the cluster refuses do not restore; where a dry run cannot say it is unknown', async () => {
    const tried = async (status: number, message: string) => {
      const { verdict, evidence } = await cluster(lists(), [status, message]).kubernetes.saveManifests({});
      return [verdict, evidence.replace(/^Saved .*bodies\/\S+ /, '').slice(0, 70)];
    };
    const refused = 'It does not restore: Deployment nqba-platform/api: Kubernetes answered';
    assert.deepEqual(await tried(422, 'spec.replicas: Invalid value'), ['faulty', refused.slice(0, 70)]);
    assert.equal((await tried(403, 'exceeded quota'))[0], 'faulty');
    const quoting = `env[0].value: Invalid value: "${hidden}": too short; args[0]: --password=${hidden}; ${'x '.repeat(95)}${hidden}`;
    const { evidence } = await cluster(lists(), [422, quoting]).kubernetes.saveManifests({});
    assert.match(evidence, /Invalid value: "<hidden>": too short/);
    assert.doesNotMatch(evidence, /dnx_pr/);
    const unknown = 'Whether it restores is unknown: Deployment nqba-platform/api: Kubernete';
    assert.deepEqual(await tried(403, 'User "worker" cannot patch resource "deployments"'), ['unknown', unknown.slice(0, 70)]);
    assert.equal((await tried(400, 'admission webhook "x" does not support dry run'))[0], 'unknown');
    assert.equal((await tried(409, 'conflict with "helm"'))[0], 'unknown');
  });

  test('keep their digest whatever a dry run meets, a few at a time and for a minute and a half at most', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `of-${index}`);
    const held = fetchOf({ others: { deployments: names.map(name => deployment(name)) } });
    const unanswered = async (meets: () => Promise<Response>) => {
      const runs = { now: 0, most: 0, all: 0, took: 0 };
      // Those that wait at the same time wait together.
      const clock = virtualClock();
      const sleep = async (ms: number, signal?: AbortSignal) => {
        const over = runs.took + ms;
        await clock.sleep(0, signal);
        if (!signal?.aborted) runs.took = Math.max(runs.took, over);
      };
      const now = () => clock.now() + runs.took;
      const fetch = async (request: Request) => {
        if (request.method !== 'PATCH') return held(request);
        runs.all += 1;
        runs.most = Math.max(runs.most, ++runs.now);
        return meets().finally(() => (runs.now -= 1));
      };
      const finding = await activitiesWith({ kubernetes: { fetch } }, { now, sleep }).kubernetes.saveManifests({});
      assert.equal(finding.verdict, 'unknown', finding.evidence);
      assert.match(finding.facts?.digest ?? '', /^[0-9a-f]{64}$/);
      assert.match(finding.evidence, /Whether it restores is unknown: Deployment nqba-platform\/of-0: Kubernetes /);
      assert.doesNotMatch(finding.evidence, /dnx_pr/);
      return runs;
    };
    const quoting = { kind: 'Status', message: `etcdserver: value "${hidden}": timed out` };
    for (const status of [429, 500, 503]) {
      const { most, all } = await unanswered(async () => Response.json(quoting, { status }));
      assert.deepEqual([most, all], [5, 40]);
    }
    const { all, took } = await unanswered(() => new Promise(() => undefined));
    assert.deepEqual([all, took], [15, 105_000]);
  });

  test('hide a secret of several lines however it is quoted or cut, and a Deployment that is gone is no refusal', async () => {
    const secret = 'first "part" of it\nsecond-part of it\tthird-part';
    const env = [{ name: 'SIGNING_KEY', value: secret }];
    const others = { deployments: [deployment('api', { args: [], env })] };
    const saved = async (...unapplied: [number, string]) =>
      (await cluster(others, unapplied).kubernetes.saveManifests({})).evidence;
    const quotedForms = [secret, JSON.stringify(secret), secret.replace(/\s/g, ' ')];
    for (const form of quotedForms) {
      assert.match(await saved(422, `Invalid value: ${form}: too long`), /Invalid value: "?<hidden>"?: too long/);
      const cut = await saved(422, `${'x'.repeat(240)} ${form}${'y'.repeat(90)}`);
      assert.doesNotMatch(cut, /first|part/, cut);
    }
    const gone = await saved(403, 'deployments.apps is forbidden: User "worker" cannot create resource "deployments"');
    assert.match(gone, /Whether it restores is unknown/);
  });

  test('name what differs, by its field, and never a value that is hidden', async () => {
    const now = lists();
    const { kubernetes } = cluster(now);
    const { facts } = await kubernetes.saveManifests({});
    const compare = () => kubernetes.compareManifests({ with: facts?.digest ?? '' });
    assert.deepEqual([(await compare()).verdict, (await compare()).facts], ['healthy', { differences: 0 }]);

    const env = [{ name: 'DYNEX_API_KEY', value: 'another-one' }, ...container.env.slice(1)];
    now['deployments'] = [deployment('api', { image: 'nqba/api:1.5.0', env }, 5), deployment('batch')];
    const { verdict, evidence } = await compare();
    assert.equal(verdict, 'faulty');
    assert.match(evidence, /^Differences: 4\. /);
    assert.match(evidence, /Deployment nqba-platform\/api spec\.\S+\[api\]\.image: nqba\/api:1\.4\.0 → nqba\/api:1\.5\.0/);
    assert.match(evidence, /\.env\[DYNEX_API_KEY\]\.value: <hidden \w{8}> → <hidden \w{8}>/);
    assert.match(evidence, /batch is new; Deployment nqba-platform\/worker is gone/);
    assert.doesNotMatch(evidence, /another-one|practice|topsecret|replicas/);
  });

  test('of a digest that is not kept, of an empty namespace and of a cluster that is away are unknown', async () => {
    const { kubernetes } = cluster({});
    const away = activitiesWith({ kubernetes: { fetch: refuses } }).kubernetes;
    for (const finding of [
      await kubernetes.compareManifests({ with: 'ab12' }),
      await kubernetes.saveManifests({}),
      await away.saveManifests({}),
    ])
      assert.equal(finding.verdict, 'unknown', finding.evidence);
  });
});

/** The clock of the test stands at 03:00 of the 24th. */
describe('a backup', () => {
  const job = (name: string, status: object) => ({ metadata: { name }, status });
  const ended = (completionTime: string) => job('nqba-backup-1', { succeeded: 1, completionTime });
  const judged = async (jobs: object[], cronjobs: object[] = []) => {
    const { evidence } = await cluster({ jobs, cronjobs }).database.backups({ youngerThan: 26 });
    return evidence;
  };

  test('is young enough, too old, or has never succeeded', async () => {
    assert.match(
      await judged([ended('2026-11-23T02:10:00Z')]),
      /^The newest backup is that of Job nqba-backup-1, 2026-11-23 02:10 UTC\. RDS/,
    );
    assert.match(await judged([ended('2026-11-23T00:59:00Z')]), /: old, there should be one within 26 h\. RDS/);
    const failed = job('nqba-backup-2', { failed: 1, startTime: '2026-11-24T02:00:00Z' });
    assert.match(await judged([failed]), /^Missing: no backup Job has succeeded.*Failed since: nqba-backup-2\./);
  });

  test('whose Job is gone is remembered by its CronJob; one that is suspended is named', async () => {
    const schedule = {
      metadata: { name: 'nqba-backup' },
      spec: { schedule: '0 2 * * *', suspend: true },
      status: { lastSuccessfulTime: '2026-11-24T02:10:00Z' },
    };
    assert.match(await judged([], [schedule]), /CronJob nqba-backup, 02:10 UTC\. Suspended: CronJob nqba-backup\./);
  });

  test('that was never set up is unknown, and not failed', async () => {
    const other = job('nqba-security-scan-1', { succeeded: 1, completionTime: '2026-11-24T02:10:00Z' });
    assert.match(await judged([other]), /^nqba-platform has no Job and no CronJob with backup in its name: never set up\./);
  });
});
