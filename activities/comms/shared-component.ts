/** Several incidents may hold the status of one component: none says that the problem is resolved while another goes on. */

import { sha256 } from '../connectors/artifacts.ts';
import type { Deps } from '../deps.ts';
import { holdersIn } from '../engine/holders.ts';
import { storedRecords } from '../engine/stored-records.ts';
import { componentName, pageTarget } from './page-target.ts';

const endOf = (component: string, incident: string) => `component-ends/${sha256(`${component} ${incident}`)}`;

/** Why its end may not be said yet. An incident that has come so far says so here: two that end together do not wait for each other. */
export async function heldByOthers(
  component: string,
  incident: string,
  { platform, systems: { artifacts } }: Deps,
): Promise<string | undefined> {
  const name = componentName(platform, component);
  const holders = holdersIn(await storedRecords(artifacts, pageTarget(name)));
  const others = new Set(holders.flatMap(({ incident: other, before }) => ('status' in before ? other : [])));
  others.delete(incident);
  await artifacts.write(endOf(component, incident), '');
  const goOn = await Promise.all(
    [...others].map(async other => ((await artifacts.read(endOf(component, other))) === undefined ? [other] : [])),
  );
  return goOn.flat().length === 0 ? undefined : `${name} is held by ${goOn.flat().join(', ')} too, which goes on`;
}

/** Its recovery is not measured any more. @throws SystemError */
export const goesOn = (component: string, incident: string, { systems: { artifacts } }: Deps) =>
  artifacts.remove(endOf(component, incident));
