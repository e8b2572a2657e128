/** A Job of the CronJob that charges, made from its template as its controller does: it runs until it is stopped. */

import assert from 'node:assert/strict';
import { BatchV1Api, KubeConfig } from '@kubernetes/client-node';
import type { Platform } from './practice.ts';

const namespace = 'nqba-platform';
const name = 'nqba-billing-charge-29403000';

const batch = ({ practice }: Platform) => {
  const config = new KubeConfig();
  config.loadFromFile(practice.cluster.kubeconfigs.you);
  return config.makeApiClient(BatchV1Api);
};

export async function startCharging(platform: Platform): Promise<void> {
  const api = batch(platform);
  const { metadata, spec } = await api.readNamespacedCronJob({ namespace, name: 'nqba-billing-charge' });
  const owner = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    controller: true,
  };
  const { template } = spec?.jobTemplate.spec ?? assert.fail('it has no template');
  template.metadata = { annotations: { 'practice.nqba/runs-on': 'true' } };
  const body = { metadata: { name, ownerReferences: [owner] }, spec: { backoffLimit: 0, template } };
  await api.createNamespacedJob({ namespace, body });
}

/** As finance decides it: what is suspended holds up the next run. */
export const deleteJob = (platform: Platform) =>
  batch(platform).deleteNamespacedJob({ namespace, name, propagationPolicy: 'Background' });
