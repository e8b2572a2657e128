/** A limit against normal use of its routes: below it a reviewed one is refused, and half of one is for people to decide. */

import { targetName } from '../../workflows/contract/action.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { stopped } from '../failures.ts';
import { operatorApiOf } from '../operators.ts';
import { gatewayOf, type Platform } from '../platform.ts';
import type { Piece } from './access-lines.ts';
import { type By, percentile, rates } from './counted.ts';
import { limitFormOf } from './forms.ts';
import type { Limited, NormalUse } from './limit-form.ts';
import { isUnder, lowClass } from './limited-class.ts';
import { callsOfDays, isCovered } from './usual-calls.ts';

/** None where the access log cannot be read, or covers too few days to tell. */
export async function daysBefore(deps: Deps): Promise<Piece[]> {
  try {
    const days = await callsOfDays(deps, operatorApiOf(deps).accessLog);
    return isCovered(days) ? days : [];
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return [];
  }
}

/** Nothing where it is not known. @param of the class of routes */
export function normalUse(days: Piece[], of: string, platform: Platform): NormalUse | undefined {
  const by: By = limitFormOf(platform).caller === 'address' ? 'address' : 'customer';
  const paths = pathsOf(of.replace(/^class:/, ''), platform);
  const each = days.flatMap(day => {
    const lines = day.lines.filter(({ status, route }) => status < 400 && paths.some(path => isUnder(route, path)));
    return [...rates({ ...day, lines }, by).values()];
  });
  const p99 = percentile(each, 99);
  return p99 === undefined ? undefined : { p99, rates: each };
}

function pathsOf(name: string, platform: Platform): string[] {
  if (name === lowClass) return gatewayOf(platform).routes.low;
  return name === 'all' ? ['/'] : [];
}

/** Without an Ingress that was made for its routes and goes with the limit. */
const staying = (classes: Limited[]) => classes.filter(({ own }) => !own || Object.values(own)[0] !== null);

const isBelow = ({ wanted, normal }: Limited): boolean => normal !== undefined && wanted.perMinute < normal.p99;
const isUnknown = ({ normal }: Limited): boolean => normal === undefined;

const told = ({ wanted, normal }: Limited) =>
  `${wanted.perMinute} calls a minute is below the p99 of normal use, ${shown(normal?.p99 ?? 0)} a minute in the last 7 days`;

const shown = (perMinute: number) => String(Number(perMinute.toFixed(1)));

/** With the share of good calls that are above it on other days. */
export function normalUseText(classes: Limited[]): string[] {
  const below = staying(classes)
    .filter(isBelow)
    .map(one => `${targetName(one.target)}: ${told(one)}: ${shareAbove(one)}% of the good calls of those days were above it.`);
  const unknown = staying(classes)
    .filter(isUnknown)
    .map(({ target }) => targetName(target));
  return unknown.length === 0 ? below : [...below, `Whether it is below normal use is not known of ${unknown.join(', ')}.`];
}

function shareAbove({ wanted, normal }: Limited): string {
  const all = normal?.rates ?? [];
  const above = all.map(rate => Math.max(0, rate - wanted.perMinute));
  return ((sum(above) / sum(all)) * 100).toFixed(1);
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/** A limit of half the reviewed one may have to be below normal use, to keep the platform up: then people decide. */
export function whyNotBelow(classes: Limited[]): string | undefined {
  const below = classes.find(isBelow);
  if (below) return `${told(below)}: people decide whether good calls are refused too.`;
  if (!classes.some(isUnknown)) return undefined;
  return 'Normal use of these routes is not known, as the access log does not have three of the last seven days: people decide.';
}

/** A reviewed limit below normal use is a mistake of the description; one that is less strict than what is in force is let pass. @throws `Refused` */
export function refuseBelow(classes: Limited[], rate: string): void {
  const strict = staying(classes).find(
    one => isBelow(one) && Number(one.now.value(rate) ?? Number.POSITIVE_INFINITY) > one.wanted.perMinute,
  );
  if (!strict) return;
  const scope = strict.of.startsWith('class:') ? strict.of : `class:${strict.of}`;
  const lowest = Math.ceil(strict.normal?.p99 ?? 0);
  throw stopped(
    'Refused',
    `The reviewed limit of ${scope}: ${told(strict)}. The lowest limit that leaves it alone is ${lowest} a minute. Nothing was changed: correct gateway.limits in platform.json.`,
  );
}
