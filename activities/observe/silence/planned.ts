/** The planned alerts of a maintenance window: exact names, never one that must stay loud. */

import { staysLoud } from '../../../workflows/catalog/loud.ts';
import type { Matcher } from '../../connectors/silences.ts';
import { stopped } from '../../failures.ts';
import { alertName } from '../../platform/maintenance.ts';
import type { Platform } from '../../platform.ts';

export interface SilenceInput {
  /** `planned`: those of the platform description, until the end of the step. `none`: ours ends now. */
  alerts: 'planned' | 'none' | string[];
}

const most = 20;

/** In one order. @throws `BadInput`: nothing was changed */
export function alertsOf({ alerts }: SilenceInput, { maintenance }: Platform): string[] {
  const named = alerts === 'planned' ? maintenance.alerts : alerts === 'none' ? [] : alerts;
  const names = [...new Set(named)].toSorted();
  if (names.length > most) throw stopped('BadInput', `A silence names at most ${most} alerts, and this one ${names.length}.`);
  for (const name of names) {
    if (!alertName.safeParse(name).success)
      throw stopped('BadInput', `A silence names whole alerts, and ${JSON.stringify(name.slice(0, 80))} is no name: correct it.`);
    const why = staysLoud(name);
    if (why) throw stopped('BadInput', `${name} is never silenced, as ${why}. Nothing was changed: take it out of the list.`);
  }
  return names;
}

/** Of this cluster, and none that its rule calls P0, whatever its name. A pattern fits whole, and what is absent reads as empty. */
export function matchersOf(alerts: string[], { cluster, clusterAliases = [] }: Platform): Matcher[] {
  const clusters = ['', cluster, ...clusterAliases].map(literal).join('|');
  return [
    { name: 'alertname', value: alerts.join('|'), isRegex: true, isEqual: true },
    { name: 'cluster', value: clusters, isRegex: true, isEqual: true },
    { name: 'priority', value: 'P0', isRegex: false, isEqual: false },
  ];
}

/** As it stands, in RE2 and in `grep -E`. */
export const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

/** As Alertmanager and `amtool` write them. */
export const matcherText = ({ name, value, isRegex, isEqual }: Matcher) =>
  `${name}${isEqual ? '=' : '!'}${isRegex ? '~' : isEqual ? '' : '='}${JSON.stringify(value)}`;

export const matchersText = (matchers: Matcher[]) => matchers.map(matcherText).toSorted().join(', ');
