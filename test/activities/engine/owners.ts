/** Objects that another controller owns are refused, and the object to change is named: with its own kinds on a real API server. */

import assert from 'node:assert/strict';
import test, { afterEach, before, describe } from 'node:test';
import { z } from 'zod';
import { eventually } from '../../support/eventually.ts';
import { because } from '../outcomes.ts';
import { sharedStage } from '../shared-stage.ts';
import { at, type Stage } from '../stage.ts';

export const ownersSuite = () =>
  void describe('owners', () => {
    let on: Stage;
    before(async () => {
      on = await sharedStage();
    });
    afterEach(() => on.reset());

    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const rollouts = '/apis/argoproj.io/v1alpha1/namespaces/nqba-platform/rollouts';
    const canaries = '/apis/flagger.app/v1beta1/namespaces/nqba-platform/canaries';

    const anything = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const definition = (group: string, version: string, kind: string, plural: string) => ({
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        names: { kind, plural, singular: kind.toLowerCase() },
        scope: 'Namespaced',
        versions: [{ name: version, served: true, storage: true, schema: anything }],
      },
    });

    const restart = (key: string) =>
      on.worker({ folder: crypto.randomUUID() }).kubernetes.restart({ workload: 'worker' }, { key });
    const written = async () => (await on.writes()).length;

    test('a Deployment that an Argo Rollout refers to is refused, and the Rollout is named; without the kind nothing is asked', async () => {
      const before = await written();
      await on.you.create(crds, definition('argoproj.io', 'v1alpha1', 'Rollout', 'rollouts'));
      const workloadRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nqba-worker' };
      const rollout = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'waves' }, spec: { workloadRef } };
      await eventually(() => on.you.create(rollouts, rollout));
      await assert.rejects(restart('run-1/a/1'), {
        type: 'Refused',
        message: /Argo Rollouts owns Deployment nqba-platform\/nqba-worker.*Nothing was changed: .*Rollout nqba-platform\/waves/,
      });
      assert.equal(await written(), before);
      await on.you.remove(`${rollouts}/waves`);
    });

    test('a Deployment that Flagger made for a Canary is refused, and the Canary is named', async () => {
      const before = await written();
      await on.you.create(crds, definition('flagger.app', 'v1beta1', 'Canary', 'canaries'));
      const canary = { apiVersion: 'flagger.app/v1beta1', kind: 'Canary', metadata: { name: 'waves' }, spec: {} };
      const made = await eventually(() => on.you.create(canaries, canary));
      const { uid } = made.metadata;
      const owner = { apiVersion: 'flagger.app/v1beta1', kind: 'Canary', name: 'waves', uid, controller: true };
      await on.you.patch(at.worker, { metadata: { ownerReferences: [owner] } });
      await assert.rejects(restart('run-2/a/1'), {
        type: 'Refused',
        message: /Flagger owns Deployment nqba-platform\/nqba-worker.*Nothing was changed: .*Canary nqba-platform\/waves/,
      });
      assert.equal(await written(), before);
      await on.you.patch(at.worker, { metadata: { ownerReferences: [{ $patch: 'delete', uid }] } });
    });

    const role = '/apis/rbac.authorization.k8s.io/v1/namespaces/nqba-platform/roles/nqba-runbooks';
    const rules = z.array(z.looseObject({ apiGroups: z.array(z.string()) }));

    test('where we may not look whether a Rollout refers to it, people are asked, with the answer quoted', async () => {
      const shipped = await on.you.get(role);
      const others = rules.parse(shipped['rules']).filter(({ apiGroups }) => !apiGroups.includes('argoproj.io'));
      const { metadata } = shipped;
      await on.you.replace(role, { ...shipped, metadata: { name: 'nqba-runbooks', labels: metadata.labels }, rules: others });
      const asked = await eventually(async () => {
        const outcome = await restart('run-3/a/1');
        assert.equal(because(outcome), 'approval');
        return outcome;
      });
      assert.match(JSON.stringify(asked), /rollouts\.argoproj\.io is forbidden/);
      const now = await on.you.get(role);
      await on.you.replace(role, { ...now, rules: shipped['rules'] });
    });
  });
