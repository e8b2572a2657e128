/** The permission of people for a change, read immediately before each change. Missing or unreadable means held. */

import type { PlannedReason } from '../workflows/contract/action.ts';
import { modes, type Mode } from '../workflows/contract/vocabulary.ts';
import { fieldManager, type Kubernetes } from './connectors/kubernetes.ts';
import { configMaps } from './connectors/resources.ts';
import { quoted, SystemError } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import { patiently } from './patience.ts';
import { holdConfigMap } from './platform.ts';
import type { Running } from './running.ts';

export interface Because {
  reason: PlannedReason;
  text: string;
}

/** Incidents and the runbook in whose name something is to change. */
export interface Authority {
  /** The parts of keys before their first slash. */
  incidents: string[];
  /** `dynex-outage`; without it a person has ordered the change, which only a hold stops. */
  runbook?: string;
}

/** The incident that a key belongs to. */
export const incidentOf = (key: string) => key.split('/', 1)[0] ?? key;

/** `dynexOutage` is called `dynex-outage` where people write. */
export const slugOf = (workflowType: string) => workflowType.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);

export interface Asking {
  kubernetes: Kubernetes;
  deps: Pick<Deps, 'now' | 'sleep' | 'platform' | 'onlyObserves'>;
  running: Pick<Running, 'heartbeat' | 'signal'>;
  authority: Authority;
}

/** Nothing if the change may happen now. Needs one GET, tried again for some seconds where it fails for a moment. */
export async function forbidding({ kubernetes, deps, running, authority }: Asking): Promise<Because | undefined> {
  if (deps.onlyObserves) return { reason: 'observe', text: 'This only observes: nothing is changed.' };
  const hold = holdConfigMap(deps.platform);
  try {
    const { data } = await patiently(() => kubernetes.read(configMaps, hold), deps, running);
    return judge(data, authority);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const where = `ConfigMap ${hold.namespace}/${hold.name}`;
    return { reason: 'held', text: `${where} could not be read, so everything is held: ${error.message}.` };
  }
}

/** The rule by itself: a hold comes before a mode. */
export function judge(data: Record<string, string>, { incidents, runbook }: Authority): Because | undefined {
  const held = data.hold || incidents.map(id => data[`hold.${id}`]).find(Boolean);
  if (held) return { reason: 'held', text: `Held: ${quoted(held)}` };
  if (runbook === undefined || modeOf(data, runbook) === 'supervised') return undefined;
  return { reason: 'observe', text: `${runbook} only observes here: runbooks arm ${runbook} --mode supervised` };
}

const modeOf = (data: Record<string, string>, runbook: string): Mode =>
  modes.find(mode => mode === data[`mode.${runbook}`]) ?? 'observe';

/** Our own name, as it stands where we have written. */
export const ours = (manager: string) => manager === fieldManager;
