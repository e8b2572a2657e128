/** The Ingress that an incident makes for routes of low priority: made and removed whole, with its record as an annotation. */

import { z } from 'zod';
import type { Target } from '../../../workflows/contract/action.ts';
import { canonical } from '../../canonical.ts';
import { type Artifacts, sha256 } from '../../connectors/artifacts.ts';
import { jsonOf } from '../../connectors/http.ts';
import { type Kubernetes, type Patch, readIfAny } from '../../connectors/kubernetes.ts';
import { ingresses } from '../../connectors/network-resources.ts';
import type { KubeObject } from '../../connectors/resources.ts';
import { snapshotOf } from '../../engine/kubernetes-targets.ts';
import { isSameTarget, type Snapshot, type TargetSystem } from '../../engine/target.ts';
import type { Write } from '../../engine/write.ts';
import { stopped } from '../../failures.ts';
import type { Made } from './split-off.ts';

/** Its one field beside annotations: absent where the object is. */
export const routesField = 'routes';

const withRoutes = z.looseObject({
  spec: z.looseObject({
    rules: z
      .array(z.looseObject({ http: z.looseObject({ paths: z.array(z.looseObject({ path: z.string() })) }).optional() }))
      .default([]),
  }),
});

/** `/a, /b (0123456789abcdef)`: as plans and records say it. */
export function routesOf(made: object): string {
  const { spec } = withRoutes.parse(made);
  const paths = spec.rules.flatMap(({ http }) => http?.paths.map(({ path }) => path) ?? []);
  return `${[...new Set(paths)].join(', ').slice(0, 500)} (${sha256(canonical(spec)).slice(0, 16)})`;
}

/** Answers its digest, annotations too: what a later look finds stands beside it. @throws SystemError */
export const keepMade = (artifacts: Artifacts, made: Made): Promise<string> => artifacts.save(JSON.stringify(made));

const kept = z.object({ annotations: z.record(z.string(), z.string()), spec: z.record(z.string(), z.unknown()) });

async function keptMade(artifacts: Artifacts, routes: string, made: string | undefined): Promise<Made> {
  const found = kept.safeParse(jsonOf((made !== undefined && (await artifacts.load(made))) || ''));
  if (found.success) return found.data;
  throw stopped('NotFound', `The artifact store no longer has the Ingress for ${routes}: limit by hand (kubectl annotate).`);
}

interface Around {
  kubernetes: Kubernetes;
  artifacts: Artifacts;
  /** Of every other object. */
  others: TargetSystem;
}

export function withOwnIngress(target: Target, { kubernetes, artifacts, others }: Around): TargetSystem {
  const { namespace = '', name } = target;
  const place = { namespace, name };
  const isOwn = (one: Target) => isSameTarget(one, target);
  const apply = async (write: Write, dryRun = false) => {
    await kubernetes.patch(ingresses, place, { ...(await applied(write, artifacts)), dryRun });
  };
  const seen = async () => shown(target, await readIfAny(kubernetes, ingresses, place));
  return {
    read: async one => (isOwn(one) ? seen() : others.read(one)),
    async write(write, now) {
      if (!isOwn(write.target)) return others.write(write, now);
      const routes = write.edits.find(({ field }) => field === routesField);
      if (!routes) return others.write(write, now);
      if (routes.after !== null) return apply(write);
      const { metadata } = await kubernetes.read(ingresses, place);
      return kubernetes.remove(ingresses, place, { uid: metadata.uid, resourceVersion: now.version ?? metadata.resourceVersion });
    },
    tries: one =>
      isOwn(one)
        ? async write => {
            if (write.edits.some(({ field, after }) => field === routesField && after !== null)) await apply(write, true);
          }
        : undefined,
  };
}

/** The same object whether it is there or not, so that what makes it fits before and after. */
function shown(target: Target, object: KubeObject | undefined): Snapshot {
  const uid = `own ${target.name}`;
  if (!object) return { target, uid, value: () => null, holders: [], records: {}, recordsWithWrites: true };
  const now = snapshotOf(target, object);
  return { ...now, uid, value: field => (field === routesField ? routesOf(object) : now.value(field)) };
}

/** Applied under its name: the right to create can be given for that name alone, and what others have written there is not taken. */
async function applied({ target, edits, records, made }: Write, artifacts: Artifacts): Promise<Patch> {
  const routes = edits.find(({ field }) => field === routesField)?.after ?? '';
  const { annotations, spec } = await keptMade(artifacts, routes, made);
  const written = edits.flatMap(({ field, after }) => {
    const [, name] = /^annotation (.+)$/.exec(field) ?? [];
    return name === undefined || after === null ? [] : [[name, after] as const];
  });
  const own = Object.fromEntries(Object.entries(records).flatMap(([name, record]) => (record === null ? [] : [[name, record]])));
  const metadata = {
    name: target.name,
    labels: { 'app.kubernetes.io/managed-by': 'nqba-runbooks' },
    annotations: { ...annotations, ...Object.fromEntries(written), ...own },
  };
  return { as: 'apply', body: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec } };
}
