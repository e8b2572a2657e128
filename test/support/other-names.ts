/** NQBA's manifests under other names, on a cluster that may have NQBA beside them. */

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppsV1Api, KubeConfig, KubernetesObjectApi } from '@kubernetes/client-node';
import { type Manifest, manifests } from '../../lab/kubernetes/manifests.ts';
import { ofEach } from '../../lab/stand-ins/index.ts';
import { eventually } from './eventually.ts';

export const namespace = 'acme';
/** Workloads that run jobs. */
export const apps = { worker: 'day-cruncher', batch: 'night-cruncher' };

export type Rename = readonly [RegExp, string];

/** In this order, and all that is left of NQBA's own name at last. The user that our worker is keeps its name. */
const otherNames: Rename[] = [
  [/nqba-worker-batch/g, apps.batch],
  [/nqba-worker/g, apps.worker],
  [/nqba-api/g, 'front-door'],
  [/nqba-config/g, 'switches'],
  [/nqba-secrets/g, 'vault'],
  [/(?<!kind: User, name: )nqba-runbooks(?!\/)/g, 'brakes'],
  [/nqba-platform/g, namespace],
  [/\bmonitoring\b/g, 'watchtower'],
  [/- name: worker$/gm, '- name: cruncher'],
  [/- name: api$/gm, '- name: door'],
  [/component: worker/g, 'part: cruncher'],
  [/nqba(?!-runbooks)/g, namespace],
];

interface Renaming {
  /** Folder for the renamed files. */
  into: string;
  /** What is replaced before the names are. */
  first?: Rename[];
  /** Files that are left out. */
  without: RegExp;
}

/** @param folders of the clone */
export function renamed(folders: string[], { into, first = [], without }: Renaming): Promise<Manifest[]> {
  mkdirSync(into);
  for (const folder of folders.map(path => join(import.meta.dirname, '..', '..', path)))
    for (const file of readdirSync(folder).filter(name => !without.test(name))) {
      const text = readFileSync(join(folder, file), 'utf8');
      writeFileSync(
        join(into, file),
        [...first, ...otherNames].reduce((said, [name, other]) => said.replace(name, other), text),
      );
    }
  return manifests(into);
}

/** Creates the objects, namespaces first, and waits until the three workloads run. */
export async function createAll(objects: Manifest[], kubeconfig: string) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = KubernetesObjectApi.makeApiClient(config);
  for (const object of objects.toSorted((one, other) => Number(isNamespace(other)) - Number(isNamespace(one))))
    await api.create(object);
  const deployments = config.makeApiClient(AppsV1Api);
  await eventually(async () => {
    const { items } = await deployments.listNamespacedDeployment({ namespace });
    assert.equal(items.length, 3);
    for (const { spec, status } of items) assert.equal(status?.availableReplicas, spec?.replicas);
  });
}

const isNamespace = ({ kind }: Manifest) => kind === 'Namespace';

/** Stand-ins beside its workloads. @param dir folder of their records */
export const besides = (dir: string, kubeconfig: string) => ({
  ports: { ...ofEach(() => 0), control: 0 },
  practice: dir,
  messages: join(dir, 'messages.jsonl'),
  kubeconfig,
  namespace,
  apps,
});
