/** The output of `runbooks rehearse`: for programs, and for people. */

import { effectsOf } from './effects.ts';
import type { Rehearsed } from './incidents.ts';
import { type Reach, unreachedIn } from './recipients.ts';
import type { Scenario } from './scenario.ts';
import { told } from './told.ts';

type Print = (scenario: Scenario, rehearsed: Rehearsed, reach: Reach) => string;

export const asData: Print = ({ title, at }, { incidents, unheard }, reach) => {
  const told = incidents.map(one => effectsOf(one, reach));
  return JSON.stringify({ title, at, incidents: told, unheard, unreached: unreachedIn(incidents, reach) }, undefined, 2);
};

export const asText: Print = (scenario, { incidents, unheard }, reach) => {
  const sections = [
    ...incidents.map(one => told(scenario, effectsOf(one, reach))),
    unheard.map(({ at, what, because }) => `No incident received ${what} at ${at}: ${because}.`),
    unreachedIn(incidents, reach).map(({ role, because }) => `The role ${role} reaches no one (${because}): ${fix}.`),
  ];
  return sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n');
};

const fix = 'describe who has it in roles.json, or in roles of the platform description';
