/** An Ingress for the routes of low priority alone, made of the one that serves them now: a longer path wins over a shorter one. Pure. */

import { z } from 'zod';
import type { KubeObject } from '../../connectors/resources.ts';
import { ownerOf } from '../../engine/ownership.ts';
import type { Gateway } from '../../platform/gateway.ts';
import { isUnder } from '../limited-class.ts';

const path = z.looseObject({ path: z.string().default('/'), pathType: z.string(), backend: z.unknown() });
const rule = z.looseObject({ host: z.string().optional(), http: z.looseObject({ paths: z.array(path) }).optional() });
type Path = z.infer<typeof path>;
const withSpec = z.looseObject({
  spec: z.looseObject({
    ingressClassName: z.string().optional(),
    tls: z.array(z.unknown()).optional(),
    rules: z.array(rule).default([]),
  }),
});

export interface Made {
  annotations: Record<string, string>;
  spec: object;
}

/** Annotations with which a path means something else than its beginning, or which have a meaning once only. */
const telling = ['use-regex', 'rewrite-target', 'canary', 'app-root'];
/** Those that the new one gets itself. */
const own = ['limit-rpm', 'limit-burst-multiplier'];

/** The Ingress that it would be; or why its paths cannot be told apart. */
export function splitOff(source: KubeObject, { routes, ingress }: Gateway): Made | { refused: string } {
  const { name, annotations } = source.metadata;
  const prefix = `${ingress?.annotations ?? ''}/`;
  const owner = ownerOf(source);
  if (owner) return { refused: `${owner.name} owns Ingress ${name}, and would not know of another that goes with it` };
  const strange = telling.find(word => annotations[prefix + word] !== undefined);
  if (strange) return { refused: `Ingress ${name} has the annotation ${strange}, so its paths cannot be told apart` };
  const { spec } = withSpec.parse(source);
  const split = spec.rules.map(({ host, http }) => ({
    host,
    parts: routes.low.map(low => served(low, http?.paths ?? [], routes)),
  }));
  const refused = split.flatMap(({ parts }) => parts).find(part => typeof part === 'string');
  if (refused !== undefined) return { refused: `Ingress ${name} ${refused}` };
  const rules = split.flatMap(({ host, parts }) => {
    const paths = parts.filter(part => typeof part === 'object');
    return paths.length === 0 ? [] : [{ ...(host !== undefined && { host }), http: { paths } }];
  });
  if (rules.length === 0) return { refused: `Ingress ${name} serves none of the routes of low priority` };
  const { ingressClassName, tls } = spec;
  const copied = Object.entries(annotations).filter(([key]) => isCopied(key, prefix));
  return {
    annotations: Object.fromEntries(copied),
    spec: { ...(ingressClassName !== undefined && { ingressClassName }), ...(tls && { tls }), rules },
  };
}

const isCopied = (key: string, prefix: string) =>
  key === 'kubernetes.io/ingress.class' || (key.startsWith(prefix) && !own.includes(key.slice(prefix.length)));

/** The path as its own, to where it goes now; nothing where the rule does not serve it, a text where it cannot be told apart. */
function served(low: string, paths: Path[], { essential }: Gateway['routes']): Path | string | undefined {
  const shared = essential.find(one => isUnder(one, low) || isUnder(low, one));
  if (shared !== undefined) return `serves ${shared} under the same path as ${low}, so they cannot be told apart`;
  const taken = paths.find(one => isUnder(one.path, low));
  if (taken) return `has ${taken.path} among others already, and of two Ingresses with one path a controller serves the older`;
  const serving = paths.filter(one => one.pathType !== 'Exact' && isUnder(low, one.path));
  const [longest] = serving.toSorted((a, b) => b.path.length - a.path.length);
  return longest && { path: low, pathType: 'Prefix', backend: longest.backend };
}
