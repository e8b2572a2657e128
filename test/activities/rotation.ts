/** A Dynex that has revoked the key in use, on a real API server, and a Secret with a new one. */

import { connectKubernetes, type Kubernetes, type Named, type Patch } from '../../activities/connectors/kubernetes.ts';
import type { Resource } from '../../activities/connectors/resources.ts';
import { z } from 'zod';
import { restartStamp } from '../../activities/engine/templates.ts';
import type { Outcome } from '../../workflows/contract/index.ts';
import { done, planned } from './outcomes.ts';
import { at, clock, type KubeObject, type Stage } from './stage.ts';

export const next = 'nqba-secrets-dynex-a';
export const newKey = 'dnx_new_9b1d';
export const step = 'run-1/Resolution Steps/Update configuration/1';

export const putSecret = (on: Stage, name: string, key: string, field = 'dynex-api-key') =>
  on.you.create(at.secrets, { metadata: { name }, data: { [field]: Buffer.from(key).toString('base64') } });

/** Each test its own artifacts; `folder` is kept where a worker dies and another goes on. */
export async function revoked(on: Stage, key = newKey) {
  const folder = crypto.randomUUID();
  const worker = on.worker({ folder });
  await worker.quantum.dynexKey({});
  on.set('dynex', 'unauthorised');
  await putSecret(on, next, key);
  const before = (await on.writes()).length;
  return {
    worker,
    after: (what: (write: string, count: number) => Promise<void> | void) => on.worker({ folder, systems: afterWrite(on, what) }),
    written: async () => (await on.writes()).slice(before).map(({ what }) => what.replace('patch deployments/', '')),
  };
}

/** Kubernetes as our worker has it, but something happens right after a write. */
export function afterWrite(on: Stage, what: (write: string, count: number) => Promise<void> | void): { kubernetes: Kubernetes } {
  const real = connectKubernetes({ kubeconfig: on.cluster.kubeconfigs.worker }, clock);
  let count = 0;
  return {
    kubernetes: {
      ...real,
      async patch<T>(resource: Resource<T>, object: Named, patch: Patch) {
        const answer = await real.patch(resource, object, patch);
        if (!patch.dryRun) await what(object.name, (count += 1));
        return answer;
      },
    },
  };
}

/** Where each workload takes the key from, which of them hold a record, and their templates without stamps. */
export async function keysOf(on: Stage) {
  const objects = await Promise.all([at.worker, at.batch, at.api].map(path => on.you.get(path)));
  return {
    secrets: objects.map(secretOf),
    records: objects.map(({ metadata }) => Object.keys(metadata.annotations).filter(name => name.startsWith('nqba-')).length),
    templates: objects.map(templateOf),
  };
}

const env = z.array(
  z.looseObject({
    name: z.string(),
    valueFrom: z.looseObject({ secretKeyRef: z.looseObject({ name: z.string() }).optional() }).optional(),
  }),
);
const template = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z.looseObject({ containers: z.array(z.looseObject({ env })) }),
});

const secretOf = ({ spec }: KubeObject) =>
  template.parse(spec?.template).spec.containers[0]?.env.find(({ name }) => name === 'DYNEX_API_KEY')?.valueFrom?.secretKeyRef
    ?.name;

function templateOf({ spec }: KubeObject): string {
  const { metadata, ...rest } = template.parse(spec?.template);
  const { [restartStamp]: _, ...annotations } = metadata.annotations;
  return JSON.stringify({ ...rest, metadata: { ...metadata, annotations } });
}

/** People approve what they are shown. */
export async function approved(
  act: (call: { key: string; approved?: string }) => Promise<Outcome>,
  key = step,
): Promise<Outcome> {
  return act({ key, approved: planned(await act({ key })).digest });
}

export const approvedDone = async (...asked: Parameters<typeof approved>) => done(await approved(...asked));
