/** What `npm start -- --scenario` chooses from; the first is what `npm start` shows. */

import { backlog } from '../guide/backlog.ts';
import { dynexOutage } from '../guide/dynex-outage.ts';
import { platformOutage } from '../guide/platform-outage.ts';
import type { Scenario } from '../guide/stage.ts';
import { approvesTheRollback, createsTheClass } from '../guide/ways-out.ts';
import { LabError } from '../lab-error.ts';
import * as badRollout from './bad-rollout.ts';
import * as priorityClass from './priority-class.ts';

export const scenarios: readonly Scenario[] = [
  dynexOutage,
  platformOutage({ name: 'priority-class', ...priorityClass, wayOut: createsTheClass }),
  platformOutage({ name: 'bad-rollout', ...badRollout, wayOut: approvesTheRollback }),
  backlog,
];

/** @throws LabError that lists what there is */
export function scenarioCalled(name: string = dynexOutage.name): Scenario {
  const found = scenarios.find(scenario => scenario.name === name);
  if (found) return found;
  const names = scenarios.map(scenario => scenario.name);
  throw new LabError(`There is no scenario ${name || "''"}: name ${names.slice(0, -1).join(', ')} or ${names.at(-1)}.`);
}
