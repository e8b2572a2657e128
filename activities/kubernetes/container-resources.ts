/** Requests and limits of a container, as a step states them: their fields, and the pods that have them. Pure. */

import type { Container, Template } from '../connectors/resources.ts';
import type { Values } from '../engine/holders.ts';
import { quantity } from '../engine/quantities.ts';

/** By resource, as Kubernetes writes them: `cpu: '2'`, `memory: '4Gi'`. */
export interface Amounts {
  requests?: Record<string, string>;
  limits?: Record<string, string>;
}

const kinds = ['requests', 'limits'] as const;

const listed = (amounts: Amounts) =>
  kinds.flatMap(kind => Object.entries(amounts[kind] ?? {}).map(([resource, amount]) => ({ kind, resource, amount })));

/** The fault in them, if there is one. */
export function faultIn(amounts: Amounts): string | undefined {
  const all = listed(amounts);
  if (all.length === 0) return 'No request and no limit is given';
  const wrong = all.find(({ amount }) => !(quantity(amount) > 0));
  return wrong && `${wrong.kind} ${wrong.resource} ${wrong.amount} is no amount such as 500m or 4Gi`;
}

/** `4000m` is `4`: what is equal keeps its spelling, so that nothing rolls out for it. */
export const valuesOf = (amounts: Amounts, container: string, now: (field: string) => string | null): Values =>
  Object.fromEntries(
    listed(amounts).map(({ kind, resource, amount }) => {
      const field = `${kind}.${resource} of ${container}`;
      const former = now(field);
      return [field, former !== null && quantity(former) === quantity(amount) ? former : amount];
    }),
  );

export const told = (amounts: Amounts): string =>
  listed(amounts)
    .map(({ kind, resource, amount }) => `${kind}.${resource} ${amount}`)
    .join(', ');

/** A pod as it will be. */
export const sized = ({ spec }: Pick<Template, 'spec'>, container: string, amounts: Amounts): Pick<Template, 'spec'> => ({
  spec: { ...spec, containers: spec.containers.map(one => (one.name === container ? withAmounts(one, amounts) : one)) },
});

const withAmounts = (container: Container, { requests, limits }: Amounts): Container => ({
  ...container,
  resources: {
    requests: { ...container.resources.requests, ...requests },
    limits: { ...container.resources.limits, ...limits },
  },
});

/** True if that container of a pod has them: something may set others when pods are admitted. */
export function has({ spec }: Pick<Template, 'spec'>, name: string, amounts: Amounts): boolean {
  const resources = spec.containers.find(container => container.name === name)?.resources;
  return listed(amounts).every(({ kind, resource, amount }) => quantity(resources?.[kind][resource] ?? '') === quantity(amount));
}
