/** The objects that an incident changes, obeys or refers to: the setting, the hold, and where the Dynex key lies. */

import { type Kubernetes, readIfAny } from '../../activities/connectors/kubernetes.ts';
import { configMaps, secrets } from '../../activities/connectors/resources.ts';
import { quoted } from '../../activities/connectors/system-error.ts';
import { holdConfigMap, type Platform, configMapCalled, quantumSecret } from '../../activities/platform.ts';
import { holdersOf } from '../../activities/engine/holders.ts';
import { fault, fine, type Line, looked } from './line.ts';
import { targetName } from '../../workflows/contract/action.ts';

export const configMapLines = async (kubernetes: Kubernetes, platform: Platform): Promise<Line[]> =>
  (await Promise.all(Object.keys(platform.configMaps).map(role => configMapLine(kubernetes, platform, role)))).flat();

function configMapLine(kubernetes: Kubernetes, platform: Platform, role: string): Promise<Line[]> {
  const place = configMapCalled(platform, role);
  const check = targetName({ kind: 'ConfigMap', ...place });
  const look = async () => {
    const object = await kubernetes.read(configMaps, place);
    if (object['immutable'] === true) return fault(check, 'is immutable, so nothing can change it.', immutableFix);
    const holders = holdersOf(object).map(({ incident }) => incident);
    const changed = holders.length > 0 ? `changed by ${[...new Set(holders)].join(', ')}` : 'not changed by any incident';
    return fine(check, `exists, ${changed}.`);
  };
  return looked(check, look, `configMaps.${role}.name`);
}

const immutableFix = 'Make it again without `immutable: true`, or describe the one that its readers take instead.';

/** A decision of people is no fault; a hold that cannot be read holds everything, and is one. */
export function holdLines(kubernetes: Kubernetes, platform: Platform): Promise<Line[]> {
  const place = holdConfigMap(platform);
  const check = `Hold ${targetName({ kind: 'ConfigMap', ...place })}`;
  return looked(check, async () => {
    const found = await readIfAny(kubernetes, configMaps, place);
    if (found) return [fine(check, `${heldBy(found.data)} ${armed(found.data)}`), ...unreadModes(check, found.data)];
    const create = `kubectl -n ${place.namespace} create configmap ${place.name}`;
    return fault(check, 'does not exist, so everything is held.', `Create it: ${create}`);
  });
}

function heldBy({ hold, ...data }: Record<string, string>): string {
  if (hold) return `Everything is held: ${quoted(hold)}.`;
  const incidents = Object.entries(data).filter(([name, reason]) => name.startsWith('hold.') && reason !== '');
  if (incidents.length === 0) return 'Nothing is held.';
  return `Held: ${incidents.map(([name, reason]) => `${name.slice('hold.'.length)} (${quoted(reason)})`).join(', ')}.`;
}

const modesIn = (data: Record<string, string>) =>
  Object.entries(data).flatMap(([name, mode]) =>
    name.startsWith('mode.') ? [{ runbook: name.slice('mode.'.length), mode }] : [],
  );

function armed(data: Record<string, string>): string {
  const acting = modesIn(data).filter(({ mode }) => mode === 'supervised');
  if (acting.length === 0) return 'No runbook is armed: all of them only observe.';
  return `Armed: ${acting.map(({ runbook }) => runbook).join(', ')}.`;
}

const unreadModes = (check: string, data: Record<string, string>): Line[] =>
  modesIn(data)
    .filter(({ mode }) => mode !== 'supervised' && mode !== 'observe')
    .map(({ runbook, mode }) =>
      fault(
        check,
        `mode.${runbook} is ${quoted(mode)}, which counts as observe.`,
        `runbooks arm ${runbook} --mode observe|supervised`,
      ),
    );

/** That there is a key; never the key. */
export async function secretLines(kubernetes: Kubernetes, platform: Platform): Promise<Line[]> {
  if (!platform.quantum) return [];
  const place = quantumSecret(platform);
  const { key } = platform.quantum.key;
  const check = `${targetName({ kind: 'Secret', ...place })} key ${key}`;
  const look = async () => {
    const { data } = await kubernetes.read(secrets, place);
    if (data[key]) return fine(check, 'is there.');
    const there = `It has: ${Object.keys(data).join(', ') || 'nothing'}.`;
    return fault(
      check,
      key in data ? 'is empty.' : 'does not exist.',
      `Put the Dynex key there, or correct quantum.key in the platform description. ${there}`,
    );
  };
  return looked(check, look, 'quantum.key.secret');
}
