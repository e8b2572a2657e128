/** What `runbooks rehearse` prints: for programs, and for people. */

import type { Platform } from '../../activities/platform.ts';
import { effectsOf } from './effects.ts';
import type { Rehearsed } from './incidents.ts';
import { unreachedIn } from './recipients.ts';
import type { Scenario } from './scenario.ts';
import { told } from './told.ts';

type Print = (scenario: Scenario, rehearsed: Rehearsed, platform: Platform) => string;

export const asData: Print = ({ title, at }, { incidents, unheard }, platform) => {
  const data = {
    title,
    at,
    incidents: incidents.map(one => effectsOf(one, platform)),
    unheard,
    unreached: unreachedIn(incidents, platform),
  };
  return JSON.stringify(data, undefined, 2);
};

export const asText: Print = (scenario, { incidents, unheard }, platform) => {
  const sections = [
    ...incidents.map(one => told(scenario, effectsOf(one, platform))),
    unheard.map(({ at, what, because }) => `No incident heard ${what} at ${at}: ${because}.`),
    unreachedIn(incidents, platform).map(
      ({ role, because }) => `The role ${role} reaches nobody (${because}): set roles.${role} in the platform description.`,
    ),
  ];
  return sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n');
};
