/** Every kind of object that the engine writes, on a real API server: the value is set with its record, and put back as it was. */

import assert from 'node:assert/strict';
import test, { before, describe } from 'node:test';
import { connectArtifacts } from '../../../activities/connectors/artifacts.ts';
import { connectKubernetes } from '../../../activities/connectors/kubernetes.ts';
import { inCluster, kubernetesTargets } from '../../../activities/engine/kubernetes-targets.ts';
import { toLetGo, toSet } from '../../../activities/engine/write.ts';
import { eventually } from '../../support/eventually.ts';
import { sharedStage } from '../shared-stage.ts';
import { clock, type KubeObject, type Stage } from '../stage.ts';

export const kubernetesTargetsSuite = () =>
  void describe('kubernetes targets', () => {
    let on: Stage;
    before(async () => {
      on = await sharedStage();
    });

    const namespace = 'nqba-platform';
    const key = 'run-1/a/b/1';
    const pod = {
      metadata: { labels: { app: 'tried' } },
      spec: { restartPolicy: 'Always', containers: [{ name: 'main', image: 'i:1' }] },
    };
    const jobPod = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'i:1' }] } };
    const workload = { replicas: 0, selector: { matchLabels: { app: 'tried' } }, template: pod };

    interface Kind {
      kind: string;
      path: string;
      object: object;
      fields: Record<string, string>;
    }

    const kinds: Kind[] = [
      {
        kind: 'StatefulSet',
        path: '/apis/apps/v1/namespaces/nqba-platform/statefulsets',
        object: { spec: { ...workload, serviceName: 'tried' } },
        fields: { 'image of main': 'i:2', 'limits.cpu of main': '2', 'annotation team/note': 'held', restartedAt: key },
      },
      {
        kind: 'Deployment',
        path: '/apis/apps/v1/namespaces/nqba-platform/deployments',
        object: { spec: workload },
        fields: { replicas: '1', 'annotation team/note': 'held', 'requests.memory of main': '2Gi' },
      },
      {
        kind: 'CronJob',
        path: '/apis/batch/v1/namespaces/nqba-platform/cronjobs',
        object: { spec: { schedule: '0 2 * * *', suspend: false, jobTemplate: { spec: { template: jobPod } } } },
        fields: { suspend: 'true' },
      },
      {
        kind: 'Ingress',
        path: '/apis/networking.k8s.io/v1/namespaces/nqba-platform/ingresses',
        object: {
          metadata: { annotations: { 'nginx.ingress.kubernetes.io/limit-rps': '100' } },
          spec: { defaultBackend: { service: { name: 'nqba-api', port: { number: 80 } } } },
        },
        fields: { 'annotation nginx.ingress.kubernetes.io/limit-rps': '10' },
      },
    ];

    /** Without what the API server and its controllers count. */
    const kept = ({ metadata: { annotations, labels }, spec, ...object }: KubeObject) =>
      JSON.stringify({ annotations, labels, spec, data: object.data })
        .replaceAll(/"(kubectl.kubernetes.io.restartedAt|deployment.kubernetes.io.revision)":"[^"]*"/g, '')
        .replaceAll(',"annotations":{}', '');

    for (const { kind, path, object, fields } of kinds)
      test(`${kind}: ${Object.keys(fields).join(', ')}`, async () => {
        const name = `tried-${kind.toLowerCase()}`;
        await on.you.create(path, { ...object, metadata: { ...Object(Reflect.get(object, 'metadata')), name } });
        const was = kept(await on.you.get(`${path}/${name}`));
        const artifacts = connectArtifacts({ folder: on.cluster.auditLog.replace(/[^/]+$/, 'artifacts') });
        const targets = kubernetesTargets(connectKubernetes({ kubeconfig: on.cluster.kubeconfigs.you }, clock), artifacts);
        const target = inCluster(kind, { namespace, name });
        // A controller may write its status between the two: then it is read again, as the engine does.
        const set = await eventually(async () => {
          const now = await targets.read(target);
          for (const write of toSet(now, fields, { action: 'setResources', key })) await targets.write(write, now);
          return targets.read(target);
        });
        assert.deepEqual(Object.fromEntries(Object.keys(fields).map(field => [field, set.value(field)])), fields);
        assert.deepEqual(
          set.holders.map(({ key: holder }) => holder),
          [key],
        );
        await eventually(async () => {
          const now = await targets.read(target);
          for (const back of toLetGo(now, holder => holder.key === key, 'undo/1')) await targets.write(back, now);
        });
        assert.equal(kept(await on.you.get(`${path}/${name}`)), was);
      });
  });
