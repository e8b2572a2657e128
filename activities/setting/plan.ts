/** A draft as people read it: what changes, what restarts, what does not move. */

import type { Change, Plan } from '../../workflows/contract/action.ts';
import type { KubeObject } from '../connectors/resources.ts';
import { type Draft, draftDigest } from './draft.ts';
import { surgeOf } from './surge.ts';
import { objectName, type SeenWorkload, templateDigest, type View } from './view.ts';

export interface Told {
  summary: string;
  /** Jobs that run now by pod; nothing when it is not known. */
  inFlight: Map<string, number> | undefined;
  /** What else people should know before they approve. */
  remarks: string[];
  /** Why a workload cannot move, by its name. */
  cannot: Map<string, string>;
}

export const planOf = (draft: Draft, view: View, key: string, { summary, inFlight, remarks, cannot }: Told): Plan => ({
  summary,
  changes: changesOf(draft, key),
  consequences: [
    ...remarks,
    ...unrestarted(draft, view),
    ...restarts(restarting(draft, view), inFlight),
    ...unmoved(cannot),
    ...owners(draft, view),
  ],
  restsOn: restarting(draft, view).flatMap(basis),
  digest: draftDigest(draft),
});

/** The images by name; whatever else is in the template by the digest that approvals rest on. */
export const basis = ({ workload, deployment }: SeenWorkload) => {
  const name = objectName('Deployment', workload);
  const { template } = deployment.spec;
  return [
    ...template.spec.containers.map(({ name: container, image = 'none' }) => ({
      what: `${name} image of ${container}`,
      value: image,
    })),
    { what: `${name} pod template`, value: templateDigest(template).slice(0, 8) },
  ];
};

export const changesOf = ({ configMap, workloads }: Draft, key: string): Change[] => [
  ...configMap.fields.map(field => ({ target: objectName('ConfigMap', configMap), ...field })),
  ...workloads
    .filter(({ restart }) => restart)
    .map(workload => ({
      target: objectName('Deployment', workload),
      field: 'restartedAt',
      before: workload.stamped === key ? null : workload.stamped,
      after: key,
    })),
];

export function restarts(rolled: SeenWorkload[], inFlight: Told['inFlight']): string[] {
  if (rolled.length === 0) return [];
  const pods = rolled.map(({ deployment, workload }) => {
    const { replicas } = deployment.spec;
    return `Restarts ${workload.name}: ${count(replicas, 'pod')}, ${surgeOf(deployment)} more at a time.`;
  });
  const jobs =
    inFlight && rolled.flatMap(seen => seen.pods).reduce((sum, pod) => sum + (inFlight.get(pod.metadata.name) ?? 0), 0);
  const interrupted =
    jobs === undefined
      ? 'Jobs in flight: unknown, Prometheus did not answer.'
      : `Jobs in flight on them: ${jobs}. They finish where the worker drains, else they run again.`;
  return [...pods, interrupted];
}

export const restarting = (draft: Draft, view: View): SeenWorkload[] =>
  view.workloads.filter(({ deployment }) =>
    draft.workloads.some(({ uid, restart }) => restart && uid === deployment.metadata.uid),
  );

/** Why a workload cannot move, by its name. */
export const excuses = ({ workloads, place }: View): Map<string, string> =>
  excusesOf(
    workloads.filter(({ reads, follows }) => reads.length === 0 && !follows),
    `it does not read ${objectName('ConfigMap', place)}`,
  );

/** Why a workload cannot move without a restart, by its name. */
export const excusesFromFollowing = ({ workloads, share }: View): Map<string, string> =>
  excusesOf(
    workloads.filter(({ follows }) => !follows),
    `it does not read ${share} while it runs`,
  );

const excusesOf = (workloads: SeenWorkload[], why: string) => new Map(workloads.map(({ workload }) => [workload.name, why]));

export const unmoved = (cannot: Told['cannot']) => [...cannot].map(([name, why]) => `${name} does not move: ${why}.`);

const unrestarted = ({ configMap }: Draft, { workloads, share }: View) =>
  configMap.fields.length === 0
    ? []
    : workloads
        .filter(({ follows }) => follows)
        .map(
          ({ workload }) =>
            `${workload.name} reads ${share} while it runs: no pod restarts, jobs in flight end where they began.`,
        );

/** Who will undo what we do, because the object is theirs. */
function owners(draft: Draft, view: View): string[] {
  const objects = [
    { name: objectName('ConfigMap', view.place), object: view.configMap, touched: draft.configMap.fields.length > 0 },
    ...restarting(draft, view).map(asObject),
  ];
  return objects.filter(({ touched }) => touched).flatMap(ownership);
}

/** Who will undo what we do to a workload, because it is theirs. */
export const ownersOf = (rolled: Pick<SeenWorkload, 'workload' | 'deployment'>[]): string[] =>
  rolled.map(asObject).flatMap(ownership);

const asObject = ({ workload, deployment }: Pick<SeenWorkload, 'workload' | 'deployment'>) => ({
  name: objectName('Deployment', workload),
  object: deployment,
  touched: true,
});

function ownership({ name, object }: { name: string; object: Pick<KubeObject, 'metadata'> }): string[] {
  const owner = ownerOf(object);
  return owner ? [`${owner.name} owns ${name} and may put it back: ${owner.way}.`] : [];
}

export function ownerOf({ metadata: { labels, annotations } }: Pick<KubeObject, 'metadata'>) {
  if ('argocd.argoproj.io/tracking-id' in annotations || 'argocd.argoproj.io/instance' in labels)
    return { name: 'Argo CD', way: 'suspend the automatic sync of its Application' };
  if ('kustomize.toolkit.fluxcd.io/name' in labels || 'helm.toolkit.fluxcd.io/name' in labels)
    return { name: 'Flux', way: 'flux suspend its Kustomization or HelmRelease' };
  if (labels['app.kubernetes.io/managed-by'] === 'Helm')
    return { name: 'Helm', way: 'the next helm upgrade does it, so change the values too' };
  return undefined;
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
