/** The draft as the API server itself would carry it out, asked without writing. */

import type { Kubernetes } from '../connectors/kubernetes.ts';
import { configMaps, deployments, type Template } from '../connectors/resources.ts';
import type { Draft } from './draft.ts';
import { configMapPatch, workloadPatch } from './patches.ts';
import { templateDigest } from './view.ts';

export interface DryRun {
  draft: Draft;
  /** What new pods would be made from, by the workload's uid. */
  templates: Map<string, Template>;
}

/** @throws SystemError with the API server's refusal. */
export async function dryRun(kubernetes: Kubernetes, draft: Draft, key: string): Promise<DryRun> {
  const [configMap, answers] = await Promise.all([
    tryConfigMap(kubernetes, draft.configMap),
    Promise.all(draft.workloads.map(workload => tryWorkload(kubernetes, workload, key))),
  ]);
  return {
    draft: { configMap, workloads: answers.map(({ workload }) => workload) },
    templates: new Map(answers.map(({ workload, template }) => [workload.uid, template])),
  };
}

async function tryConfigMap(kubernetes: Kubernetes, configMap: Draft['configMap']): Promise<Draft['configMap']> {
  if (configMap.fields.length === 0) return configMap;
  const { data } = await kubernetes.patch(configMaps, configMap, { ...configMapPatch(configMap), dryRun: true });
  return { ...configMap, fields: configMap.fields.map(field => ({ ...field, after: data[field.field] ?? null })) };
}

async function tryWorkload(kubernetes: Kubernetes, workload: Draft['workloads'][number], key: string) {
  const patch = { ...workloadPatch(workload, key), dryRun: true };
  const { template } = (await kubernetes.patch(deployments, workload, patch)).spec;
  return { workload: { ...workload, target: templateDigest(template) }, template };
}
