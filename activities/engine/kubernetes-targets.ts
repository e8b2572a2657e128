/** Objects of the cluster as targets: fields and record in one patch, under the version that was read. */

import type { Target } from '../../workflows/contract/action.ts';
import type { Artifacts } from '../connectors/artifacts.ts';
import type { Kubernetes, Patch } from '../connectors/kubernetes.ts';
import type { KubeObject, Template } from '../connectors/resources.ts';
import { stopped } from '../failures.ts';
import type { PlacedWorkload } from '../platform.ts';
import { kinds, templateField, templateIn } from './fields.ts';
import { holdersIn } from './holders.ts';
import { joined } from './patches.ts';
import type { Snapshot, TargetSystem } from './target.ts';
import { restartStamp, templateDigest, templateName } from './templates.ts';
import type { Edit, Write } from './write.ts';

export const inCluster = (kind: string, { namespace, name }: { namespace: string; name: string }): Target => ({
  system: 'kubernetes',
  kind,
  namespace,
  name,
});

/** A workload as a target. */
export const workloadTarget = ({ kind, namespace, name }: Pick<PlacedWorkload, 'kind' | 'namespace' | 'name'>): Target =>
  inCluster(kind, { namespace, name });

const placeOf = ({ namespace = '', name }: Target) => ({ namespace, name });

/** @throws `BadInput` for a kind that the engine does not write. */
function kindOf({ kind }: Target) {
  const found = kinds[kind];
  if (found) return found;
  throw stopped('BadInput', `Objects of kind ${kind} are not changed by runbooks: correct the step.`);
}

export function snapshotOf(target: Target, object: KubeObject): Snapshot {
  const { metadata } = object;
  const template = target.kind === 'ConfigMap' ? undefined : templateIn(object);
  return {
    target,
    uid: metadata.uid,
    version: metadata.resourceVersion,
    value: field => kindOf(target).field(field).read(object),
    holders: holdersIn(metadata.annotations),
    records: metadata.annotations,
    recordsWithWrites: true,
    ...(template && { template: templateDigest(template) }),
  };
}

/** @throws SystemError */
export const readObject = (kubernetes: Kubernetes, target: Target): Promise<KubeObject> =>
  kubernetes.read(kindOf(target).resource, placeOf(target));

export const kubernetesTargets = (kubernetes: Kubernetes, artifacts: Artifacts): TargetSystem => ({
  read: async target => snapshotOf(target, await readObject(kubernetes, target)),
  async write(write, { version }) {
    const patch = await patchOf(kubernetes, artifacts, write, version);
    await kubernetes.patch(kindOf(write.target).resource, placeOf(write.target), patch);
  },
});

/** The write as the API server would carry it out. @throws SystemError with its refusal. */
export async function tryWrite(kubernetes: Kubernetes, artifacts: Artifacts, write: Write): Promise<Served> {
  const patch = { ...(await patchOf(kubernetes, artifacts, write)), dryRun: true };
  const answer = await kubernetes.patch(kindOf(write.target).resource, placeOf(write.target), patch);
  const { value, template } = snapshotOf(write.target, answer);
  const edits = write.edits.map(edit => ({ ...edit, after: value(edit.field) }));
  const from = write.template?.from;
  const served = { ...write, edits, ...(from !== undefined && template !== undefined && { template: { from, to: template } }) };
  return { write: served, template: templateIn(answer) };
}

export interface Served {
  write: Write;
  /** The template of new pods. */
  template: Template | undefined;
}

async function patchOf(kubernetes: Kubernetes, artifacts: Artifacts, write: Write, resourceVersion?: string): Promise<Patch> {
  const { as, field } = kindOf(write.target);
  const object = await readObject(kubernetes, write.target);
  const parts = write.edits.map(async edit => {
    const { kept, patch } = field(edit.field);
    const whole = kept && edit.after !== null ? await keptWhole(artifacts, kept(edit.after), edit) : undefined;
    return patch(edit.after, object, whole);
  });
  const metadata = { ...(resourceVersion && { resourceVersion }), annotations: write.records };
  const stamp = write.edits.some(edit => field(edit.field).rolls) ? [stampedWith(write.key)] : [];
  return { as, body: mapOf([...(await Promise.all(parts)), ...stamp].reduce<unknown>(joined, { metadata })) };
}

/** The stamp says that the new pods are ours. */
const stampedWith = (key: string) => ({ spec: { template: { metadata: { annotations: { [restartStamp]: key } } } } });

const mapOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

export const keepTemplate = (artifacts: Artifacts, text: string, template: Template) =>
  artifacts.write(templateName(text), JSON.stringify(template));

async function keptWhole(artifacts: Artifacts, name: string, { field, after }: Edit): Promise<object> {
  const kept = await artifacts.read(name);
  if (kept !== undefined) return mapOf(JSON.parse(kept));
  const how = field === templateField ? 'roll back by hand (kubectl rollout undo)' : 'set it by hand (kubectl annotate)';
  throw stopped('NotFound', `The artifact store no longer has the ${field} ${after}: ${how}.`);
}
