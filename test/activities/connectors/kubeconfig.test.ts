// Where nothing says which cluster is meant, the error names the variable, and not what a library makes of it.
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connectKubernetes } from '../../../activities/connectors/kubernetes.ts';
import { pods } from '../../../activities/connectors/resources.ts';

test('without KUBECONFIG, a kubeconfig at home or the account of a Pod, the variable to set is named', async () => {
  delete process.env.KUBECONFIG;
  process.env.HOME = mkdtempSync(join(tmpdir(), 'nqba-home-'));
  const { read } = connectKubernetes({}, { now: Date.now, sleep: () => new Promise(() => undefined) });
  await assert.rejects(read(pods, { namespace: 'default', name: 'x' }), (error: Error) => {
    assert.match(error.message, /KUBECONFIG is not set, and there is no ~\/\.kube\/config/);
    assert.doesNotMatch(error.message, /skipTLSVerify/);
    return true;
  });
});
