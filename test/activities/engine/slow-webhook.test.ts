/** An admission webhook that never answers, and is ignored after its time: changes wait for it, and the doctor names it. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import test, { after, before } from 'node:test';
import { connectKubernetes } from '../../../activities/connectors/kubernetes.ts';
import { webhookLines } from '../../../worker/doctor/webhooks.ts';
import { done } from '../outcomes.ts';
import { clock, type Stage, stage } from '../stage.ts';

let on: Stage;
const silent = createServer();
before(async () => {
  on = await stage();
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
});
after(async () => {
  silent.close();
  await on.stop();
});

const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';

/** Waits on the stage are a quarter as long: this is sixteen of its seconds, more than any other call may take. */
const timeoutSeconds = 4;

async function slowed() {
  const address = silent.address();
  assert.ok(address !== null && typeof address === 'object');
  const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['configmaps'] }];
  const webhook = {
    name: 'slow.example.com',
    rules,
    timeoutSeconds,
    failurePolicy: 'Ignore',
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    clientConfig: { url: `https://127.0.0.1:${address.port}/` },
  };
  await on.you.create(path, { metadata: { name: 'slow' }, webhooks: [webhook] });
}

test('a write that waits for a webhook is made, and the doctor says that it is slow', async () => {
  await slowed();
  const worker = on.worker({ folder: crypto.randomUUID() });
  await worker.quantum.probeDynex({});
  on.set('dynex', 'down');
  done(await worker.quantum.setFallback({ enabled: true }, { key: 'run-1/a/1' }));
  const kubernetes = connectKubernetes({ kubeconfig: on.cluster.kubeconfigs.lab }, clock);
  const [line] = await webhookLines(kubernetes, { platform: on.platform, clock });
  assert.equal(line?.ok, false);
  assert.match(line?.text ?? '', /takes [4-9]\.\d s: an admission webhook is slow/);
  assert.match(line?.fix ?? '', /slow\.example\.com \(4 s, Ignore\)/);
});
