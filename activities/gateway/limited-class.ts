/** The Ingress of a class of routes: its limit as annotations, and whether only such routes are in it. */

import { z } from 'zod';
import type { KubeObject } from '../connectors/resources.ts';
import type { Values } from '../engine/holders.ts';
import { inCluster } from '../engine/kubernetes-targets.ts';
import { stopped } from '../failures.ts';
import { gatewayOf, limitedIngresses, type Platform } from '../platform.ts';
import type { Gateway, ReviewedLimit } from '../platform/gateway.ts';
import type { LimitedClass } from './limit-form.ts';

/** The class of the routes that are limited first. */
export const lowClass = 'low-priority';

/** Classes that have both an Ingress and a reviewed limit. */
export function limitedClasses(platform: Platform): LimitedClass[] {
  const { limits } = gatewayOf(platform);
  return [...limitedIngresses(platform)].flatMap(([of, place]) => {
    const reviewed = limits[`class:${of}`];
    return reviewed ? [{ of, target: inCluster('Ingress', place), reviewed }] : [];
  });
}

/** The refusal where routes of low priority have no Ingress of their own: it says how to describe one. */
export const withoutIngress = () =>
  stopped(
    'Refused',
    'No Ingress has only routes of low priority, so no limit would leave the essential ones untouched. Nothing was changed: give them an Ingress of their own, and describe it in platform.json as gateway.ingress.objects.low-priority, with its reviewed limit class:low-priority; or name one that an incident may make, as gateway.ingress.own.',
  );

/** Calls a minute from one address. */
export const rateField = ({ ingress }: Gateway) => `annotation ${ingress?.annotations ?? ''}/limit-rpm`;
const burstField = ({ ingress }: Gateway) => `annotation ${ingress?.annotations ?? ''}/limit-burst-multiplier`;

export const valuesOf = (gateway: Gateway, { perMinute, burst }: ReviewedLimit): Values => ({
  [rateField(gateway)]: String(perMinute),
  [burstField(gateway)]: String(burst),
});

const withPaths = z.looseObject({
  spec: z.looseObject({
    defaultBackend: z.unknown().optional(),
    rules: z
      .array(
        z.looseObject({
          http: z.looseObject({ paths: z.array(z.looseObject({ path: z.string().default('/') })) }).optional(),
        }),
      )
      .default([]),
  }),
});

/** Paths of an Ingress that are not of low priority: an annotation binds all of it. */
export function othersIn(object: KubeObject, { routes }: Gateway): string[] {
  const { spec } = withPaths.parse(object);
  const paths = spec.rules.flatMap(({ http }) => http?.paths.map(({ path }) => path) ?? ['/']);
  return [...paths, ...(spec.defaultBackend ? ['/'] : [])].filter(path => !isLow(path, routes));
}

export const sharing = ({ metadata: { name } }: KubeObject, others: string[]) =>
  stopped(
    'Refused',
    `Ingress ${name} has ${others.slice(0, 5).join(', ')} too, and an annotation limits all that it has. Nothing was changed: give the routes of low priority (gateway.routes.low in platform.json) an Ingress of their own.`,
  );

const isLow = (path: string, { low, essential }: Gateway['routes']) =>
  low.some(beginning => isUnder(path, beginning)) && !essential.some(one => isUnder(one, path) || isUnder(path, one));

/** True if a path is a beginning, or lies under it. */
export const isUnder = (path: string, beginning: string) =>
  path === beginning || path.startsWith(`${beginning.replace(/\/$/, '')}/`);
