/** The status alone does not say why: an immutable object and a policy refuse in their own words, before anything is written. */

import assert from 'node:assert/strict';
import test, { before, describe } from 'node:test';
import { connectKubernetes } from '../../../activities/connectors/kubernetes.ts';
import { configMapLines } from '../../../worker/doctor/settings.ts';
import { eventually } from '../../support/eventually.ts';
import { sharedStage } from '../shared-stage.ts';
import { at, clock, type Stage } from '../stage.ts';

export const refusalsSuite = () =>
  void describe('refusals', () => {
    let on: Stage;
    before(async () => {
      on = await sharedStage();
    });

    const admission = '/apis/admissionregistration.k8s.io/v1';

    async function outage() {
      const worker = on.worker({ folder: crypto.randomUUID() });
      await worker.quantum.probeDynex({});
      on.set('dynex', 'down');
      const former = (await on.writes()).length;
      const open = () => worker.quantum.setFallback({ enabled: true }, { key: 'run-1/a/1' });
      return { open, written: async () => (await on.writes()).length - former };
    }

    test('a policy that refuses the change is quoted', async () => {
      const { open, written } = await outage();
      const name = 'no-fridays';
      const resourceRules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['configmaps'] }];
      const matchConditions = [{ name: 'setting', expression: 'object.metadata.name == "nqba-config"' }];
      const spec = {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules },
        matchConditions,
        validations: [{ expression: 'false', message: 'no change on Fridays' }],
      };
      await on.you.create(`${admission}/validatingadmissionpolicies`, { metadata: { name }, spec });
      const binding = { metadata: { name }, spec: { policyName: name, validationActions: ['Deny'] } };
      await on.you.create(`${admission}/validatingadmissionpolicybindings`, binding);
      const isInForce = () => assert.rejects(on.you.patch(at.config, { metadata: { annotations: { a: 'b' } } }));
      await eventually(isInForce);
      await assert.rejects(open(), {
        type: 'Refused',
        nonRetryable: true,
        message: /a policy of the cluster refuses: .*no change on Fridays.*ask who owns it, then retry/,
      });
      assert.equal(await written(), 0);
      await on.you.remove(`${admission}/validatingadmissionpolicybindings/${name}`);
      await on.you.remove(`${admission}/validatingadmissionpolicies/${name}`);
      await eventually(() => on.you.patch(at.config, { metadata: { annotations: { a: null } } }));
    });

    test('an immutable ConfigMap is called so, and the doctor finds it', async () => {
      const { open, written } = await outage();
      await on.you.patch(at.config, { immutable: true });
      await assert.rejects(open(), { type: 'Refused', message: /is immutable: .*make another under a new name/ });
      assert.equal(await written(), 0);
      const kubernetes = connectKubernetes({ kubeconfig: on.cluster.kubeconfigs.worker }, clock);
      const [line] = await configMapLines(kubernetes, on.platform);
      assert.match(line?.text ?? '', /is immutable, so nothing can change it/);
    });
  });
