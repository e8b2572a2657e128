/** The claims of public texts, checked at the moment of publication. A text whose claim is not true waits, and is published once it is. */

import { targetName } from '../../workflows/contract/action.ts';
import { configMaps } from '../connectors/resources.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { notYet } from '../failures.ts';
import { holdersOf } from '../engine/holders.ts';
import { incidentOf, slugOf } from '../guard.ts';
import { countJobs } from '../jobs.ts';
import { type Claim, claimOf, statesShare, type TextName } from '../messages/texts.ts';
import { quantumConfigMap, quantumOf } from '../platform.ts';
import { awayFromDynex } from '../quantum/breaker/direction.ts';
import { ofTheSetting } from '../quantum/breaker/draft.ts';
import { runningOf } from '../running.ts';
import { goesOn, heldByOthers } from './shared-component.ts';

/** Why it is not so; nothing where it is. */
type Doubt = (deps: Deps, incident: string) => Promise<string | undefined>;

const doubts: Record<Claim, Doubt> = {
  nothing: async () => undefined,
  'our fallback moved jobs': async (deps, incident) => {
    const { name, isOurs, isSet } = await fallbackOf(deps, incident);
    if (!isOurs) return `no change of this incident stands on ${name}, so the fallback is not ours`;
    return isSet ? undefined : `${name} no longer sends jobs to the classical solvers`;
  },
  recovery: notRecovered,
  'recovery without our fallback': async (deps, incident) => {
    const { name, isOurs } = await fallbackOf(deps, incident);
    return isOurs ? `the fallback of this incident still stands on ${name}` : notRecovered(deps);
  },
};

/** @throws a failure that is tried again, with what is not so; SystemError */
export async function refuseUnfounded(text: TextName, deps: Deps, key: string, component = 'quantum'): Promise<void> {
  const incident = incidentOf(key);
  const doubt = await doubts[claimOf(text)](deps, incident);
  if (text === 'resolved' && doubt !== undefined) await goesOn(component, incident, deps);
  const held = text === 'resolved' && doubt === undefined ? await heldByOthers(component, incident, deps) : undefined;
  const because = doubt ?? held;
  if (because !== undefined) throw unfounded(text, because);
}

/**
 * The share that a text states is measured when it is published, by the jobs that finished in the last minutes; a former
 * measurement is never published. Nothing for a text that states none, or where too few jobs are measured.
 */
export async function shareNow(text: TextName, deps: Deps): Promise<number | undefined> {
  if (!statesShare(text) || !deps.systems.prometheus) return undefined;
  const { all, jobs } = await countJobs(deps, 'classical');
  return all >= quantumOf(deps.platform).minJobs ? jobs / all : undefined;
}

export const unmeasured = (text: TextName) => unfounded(text, 'the share that it states cannot be measured now');

const unfounded = (text: TextName, doubt: string) =>
  notYet(`The text ${text} is not published: ${doubt.replace(/\.$/, '')}. It is tried again, and published once it is true.`);

async function fallbackOf({ systems: { kubernetes }, platform }: Deps, incident: string) {
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const place = quantumConfigMap(platform);
  const configMap = await kubernetes.read(configMaps, place);
  const isOurs = holdersOf(configMap).some(holder => holder.incident === incident && ofTheSetting(holder));
  return { name: targetName({ kind: 'ConfigMap', ...place }), isOurs, isSet: awayFromDynex(configMap, platform).length > 0 };
}

/** By the check on which the incident of this runbook may close. */
async function notRecovered(deps: Deps): Promise<string | undefined> {
  const runbook = slugOf(runningOf(deps).workflowType);
  const finding = await deps.recovered?.(runbook);
  if (finding?.verdict === 'healthy') return undefined;
  return `recovery is not measured: ${finding?.evidence ?? `no check says when ${runbook} is over`}`;
}
