/** Policies that check what a controller gives its pods: the trial Pod has it too, and where it cannot, people are asked. */

import assert from 'node:assert/strict';
import test, { afterEach, before, describe } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { because, done, planned } from '../outcomes.ts';
import { sharedStage } from '../shared-stage.ts';
import { type Between, type Stage } from '../stage.ts';

export const trialPodSuite = () =>
  void describe('trial pod', () => {
    let on: Stage;
    before(async () => {
      on = await sharedStage();
    });
    const left: string[] = [];
    afterEach(async () => {
      for (const path of left.splice(0)) await on.you.remove(path);
      await on.reset();
    });

    const policies = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
    const bindings = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings';

    /** Pods are refused unless the expression holds. */
    async function policy(name: string, expression: string, message: string) {
      const resourceRules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }];
      const spec = { failurePolicy: 'Fail', matchConstraints: { resourceRules }, validations: [{ expression, message }] };
      await on.you.create(policies, { metadata: { name }, spec });
      await on.you.create(bindings, { metadata: { name }, spec: { policyName: name, validationActions: ['Deny'] } });
      left.push(`${bindings}/${name}`, `${policies}/${name}`);
      const bare = { metadata: { name: 'bare' }, spec: { containers: [{ name: 'a', image: 'a' }] } };
      await eventually(async () => {
        const answer = await on.you.create('/api/v1/namespaces/default/pods', bare).then(
          () => 'created',
          error => String(error),
        );
        if (answer === 'created') await on.you.remove('/api/v1/namespaces/default/pods/bare');
        assert.match(answer, new RegExp(message));
      });
    }

    const restart = (key: string, { approved, between }: { approved?: string; between?: Between } = {}) =>
      on
        .worker({ folder: crypto.randomUUID(), ...(between && { between }) })
        .kubernetes.restart({ workload: 'worker' }, { key, ...(approved !== undefined && { approved }) });

    const owned = `has(object.metadata.ownerReferences) && object.metadata.ownerReferences.exists(one,
  one.kind == "ReplicaSet" && has(one.controller) && one.controller)`;
    const hashed = 'has(object.metadata.labels) && "pod-template-hash" in object.metadata.labels';

    test('a policy on owner and labels admits the trial Pod as it admits those of the ReplicaSet', async () => {
      await policy('owned-only', `${owned} && ${hashed}`, 'no Pod without an owner');
      done(await restart('run-1/a/1'));
    });

    test('a policy on the creator refuses the trial Pod alone: people are asked with its answer, and may go on', async () => {
      await policy('controllers-only', 'request.userInfo.username.startsWith("system:")', 'only controllers create pods');
      const asked = await restart('run-2/a/1');
      assert.equal(because(asked), 'approval');
      assert.match(JSON.stringify(asked), /may mind who asks: .*only controllers create pods/);
      done(await restart('run-2/a/1', { approved: planned(asked).digest }));
    });

    test('other workloads of the namespace, however many ReplicaSets they keep, are not read', async () => {
      const sets = '/apis/apps/v1/namespaces/nqba-platform/replicasets';
      const labels = { app: 'another' };
      const template = { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'a' }] } };
      const annotations = { notes: 'x'.repeat(250_000) };
      for (const name of ['another-a', 'another-b', 'another-c', 'another-d', 'another-e']) {
        const spec = { replicas: 0, selector: { matchLabels: labels }, template };
        await on.you.create(sets, { metadata: { name, labels, annotations }, spec });
        left.push(`${sets}/${name}`);
      }
      done(await restart('run-3/a/1'));
    });

    test('where only controllers may block the deletion of an owner, the trial Pod names its owner without that', async () => {
      const blocking = /"blockOwnerDeletion":true/;
      const message = `pods "a" is forbidden: cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: , <nil>`;
      const enforced: Between = (_, fetch) => async request => {
        const isBlocking = request.method === 'POST' && blocking.test(await request.clone().text());
        return isBlocking ? Response.json({ kind: 'Status', message }, { status: 403 }) : fetch(request);
      };
      await policy('owned-here', owned, 'no Pod without an owner at all');
      done(await restart('run-4/a/1', { between: enforced }));
    });
  });
