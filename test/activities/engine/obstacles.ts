/** What stands in the way of a change: a paused Deployment, an object that is gone, a webhook that cannot be tried. */

import assert from 'node:assert/strict';
import test, { afterEach, before, describe } from 'node:test';
import { connectKubernetes } from '../../../activities/connectors/kubernetes.ts';
import { deployments, pods } from '../../../activities/connectors/resources.ts';
import { eventually } from '../../support/eventually.ts';
import { aroundWrites } from '../harness/between.ts';
import { opening } from '../harness/cases/set-fallback.ts';
import { useSecret } from '../harness/cases/use-secret.ts';
import { approvedCall, approvedDone, settingScene } from '../harness/scene.ts';
import { because, done, planned } from '../outcomes.ts';
import { sharedStage } from '../shared-stage.ts';
import { at, clock, type Stage } from '../stage.ts';

export const obstaclesSuite = () =>
  void describe('obstacles', () => {
    let on: Stage;
    before(async () => {
      on = await sharedStage();
    });
    afterEach(() => on.reset());

    const undo = 'take-back-1/undo/1';

    /** Dynex was healthy once, and is down: the breaker opens by itself, unless something else is asked. */
    async function outage() {
      const scene = await settingScene({ on }, opening);
      await scene.worker().quantum.probeDynex({});
      on.set('dynex', 'down');
      return scene;
    }

    test('a paused Deployment is refused at once: since when, by who, and how it goes on', async () => {
      const { situation, worker, key, written } = await outage();
      await on.bob.patch(at.worker, { spec: { paused: true } });
      await assert.rejects(situation.act(worker(), { key }), {
        type: 'Refused',
        message:
          /nqba-worker is paused since \d{4}-\S+ \(bob\).*Nothing was changed: kubectl -n nqba-platform rollout resume deployment\/nqba-worker/,
      });
      assert.deepEqual(await written(), []);
    });

    test('a workload at zero replicas is refused before any write, and KEDA is named where it has scaled it so', async () => {
      const { situation, worker, key, written } = await outage();
      await on.bob.patch(at.worker, { spec: { replicas: 0 } });
      const refusal = (message: RegExp) => assert.rejects(situation.act(worker(), { key }), { type: 'Refused', message });
      await refusal(/nqba-worker is scaled to zero\. No pod would start\. Nothing was changed/);
      await on.bob.patch(at.floor, { metadata: { labels: { 'scaledobject.keda.sh/name': 'worker-jobs' } } });
      await refusal(/nqba-worker is scaled to zero by KEDA \(ScaledObject worker-jobs\).*Nothing was changed/);
      assert.deepEqual(await written(), []);
    });

    test('a Deployment that goes between two writes is named, what was written has its record, and the way back leaves it out', async () => {
      const { situation, worker, key, written } = await settingScene({ on }, useSecret);
      const call = await approvedCall(situation.act, worker(), key);
      const between = aroundWrites({ after: async count => count === 1 && (await on.you.remove(at.batch)) });
      const gone = { type: 'NotFound', message: /"nqba-worker-batch" not found/ };
      await assert.rejects(situation.act(worker({ between }), call), gone);
      await assert.rejects(situation.act(worker(), call), gone);
      assert.deepEqual(await written(), ['patch deployments/nqba-worker']);
      const target = { system: 'kubernetes', kind: 'Deployment', namespace: 'nqba-platform', name: 'nqba-worker' } as const;
      const takeBack = { action: 'useSecret', key, target, words: 'a change' };
      const { changes } = done(await worker().kubernetes.takeBack({ takeBack }, { key: undo }));
      assert.deepEqual(
        changes.map(({ target, after }) => [target, after]),
        [['Deployment nqba-platform/nqba-worker', 'nqba-secrets/dynex-api-key']],
      );
    });

    test('what is to be taken back on an object that is gone is named, and nothing else is touched', async () => {
      const { situation, worker, key, written } = await outage();
      const { takeBack } = await approvedDone(situation.act, worker(), key);
      assert.ok(takeBack);
      await on.you.remove(at.config);
      const wrote = await written();
      await assert.rejects(worker().kubernetes.takeBack({ takeBack }, { key: undo }), {
        type: 'NotFound',
        message: /configmaps "nqba-config" not found/,
      });
      assert.deepEqual(await written(), wrote);
    });

    const webhooks = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';

    /** As clusters have it that were upgraded: today's API server stores none with side effects, so it goes into etcd directly. */
    async function withSideEffects(apiGroups: string[], resources: string[]) {
      const name = `audit.${resources.join('.')}.example.com`;
      const configuration = {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name, uid: crypto.randomUUID(), creationTimestamp: '2021-01-01T00:00:00Z' },
        webhooks: [
          {
            name,
            clientConfig: { url: 'https://127.0.0.1:1/audit' },
            rules: [{ apiGroups, apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources, scope: '*' }],
            failurePolicy: 'Ignore',
            matchPolicy: 'Equivalent',
            namespaceSelector: {},
            objectSelector: {},
            sideEffects: 'Some',
            timeoutSeconds: 1,
            admissionReviewVersions: ['v1'],
          },
        ],
      };
      const encoded = (text: string) => Buffer.from(text).toString('base64');
      const body = {
        key: encoded(`/registry/validatingwebhookconfigurations/${name}`),
        value: encoded(JSON.stringify(configuration)),
      };
      const answer = await fetch(`http://127.0.0.1:${on.cluster.etcd}/v3/kv/put`, { method: 'POST', body: JSON.stringify(body) });
      assert.ok(answer.ok, await answer.text());
      return { name, remove: () => on.you.remove(`${webhooks}/${name}`) };
    }

    const connected = () => connectKubernetes({ kubeconfig: on.cluster.kubeconfigs.you }, clock);
    const worker = { namespace: 'nqba-platform', name: 'nqba-worker' };
    const aPod = { metadata: { name: 'a-pod' }, spec: { containers: [{ name: 'main', image: 'none' }] } };

    /** What cannot be tried, on which resources, and how a dry run of it is asked for. */
    const untried: [string, string[], string[], () => Promise<unknown>][] = [
      [
        'the change',
        ['apps'],
        ['deployments'],
        () => connected().patch(deployments, worker, { as: 'merge', body: {}, dryRun: true }),
      ],
      ['the new pods', [''], ['pods'], () => connected().tryCreate(pods, worker.namespace, aPod)],
    ];

    for (const [what, groups, resources, dryRun] of untried)
      test(`a webhook that cannot be tried on ${what}: people are asked, with the answer, and what they approve is done`, async () => {
        const { situation, worker, key, written } = await outage();
        const webhook = await withSideEffects(groups, resources);
        try {
          await eventually(() => assert.rejects(dryRun, /does not support dry run/));
          const asked = await situation.act(worker(), { key });
          assert.equal(because(asked), 'approval');
          assert.match(
            JSON.stringify(asked),
            new RegExp(`It could not be tested before: .*${webhook.name}.*does not support dry run`),
          );
          assert.deepEqual(await written(), []);
          done(await situation.act(worker(), { key, approved: planned(asked).digest }));
          assert.deepEqual(await written(), ['patch configmaps/nqba-config', 'patch deployments/nqba-worker']);
        } finally {
          await webhook.remove();
        }
      });
  });
