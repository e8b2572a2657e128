/** Which object is at fault, from what the API server or the kubelet says, and the one command that repairs it. Pure. */

import { targetName } from '../../workflows/contract/action.ts';
import type { Obstacle } from '../facts.ts';
import type { Placed } from '../platform.ts';
import { quantity } from '../engine/quantities.ts';

/** The workload with pods in trouble. */
export interface Whose {
  /** Their Deployment. */
  place: Placed;
  /** How many of them are to be let in. */
  missing: number;
  /** The priority that pods of that class once had, if one is left. */
  priority?: number;
}

type Reading = Pick<Obstacle, 'object' | 'command'>;
type Read = (match: RegExpExecArray, whose: Whose) => Reading;

/** The first that fits; the words are those of Kubernetes 1.34. */
const readings: [RegExp, Read][] = [
  [
    /no PriorityClass with name (\S+) was found/,
    ([, name = ''], { priority = 0 }) => ({
      object: `PriorityClass ${name}`,
      command: `kubectl create priorityclass ${name} --value=${priority}`,
    }),
  ],
  [
    /error looking up service account ([^/\s]+)\/(\S+?):/,
    ([, namespace = '', name = '']) => ({
      object: targetName({ kind: 'ServiceAccount', namespace, name }),
      command: `kubectl -n ${namespace} create serviceaccount ${name}`,
    }),
  ],
  [
    /exceeded quota: ([^,\s]+), requested: (\S+), used: (\S+), limited: (\S+)/,
    ([, name = '', requested = '', used = ''], { place: { namespace }, missing }) => ({
      object: targetName({ kind: 'ResourceQuota', namespace, name }),
      command: roomIn({ namespace, name }, amounts(requested), amounts(used), missing),
    }),
  ],
  [/failed quota: ([^:\s]+): must specify/, ([, name = ''], { place }) => ({ object: inSame('ResourceQuota', place, name) })],
  [
    /(?:maximum|minimum) \S+ usage per \S+ is|max limit to request ratio/,
    (_, { place }) => ({ object: `LimitRange in ${place.namespace}` }),
  ],
  [
    /violates PodSecurity "([^":]+)/,
    ([, level = ''], { place }) => ({ object: `Namespace ${place.namespace} (PodSecurity ${level})` }),
  ],
  [/ValidatingAdmissionPolicy '([^']+)'/, ([, name = '']) => ({ object: `ValidatingAdmissionPolicy ${name}` })],
  [/webhook "([^"]+)"/, ([, name = '']) => ({ object: `Admission webhook ${name}` })],
  [/RuntimeClass "([^"]+)" not found/, ([, name = '']) => ({ object: `RuntimeClass ${name}` })],
  [/in namespace (\S+) because it is being terminated/, ([, name = '']) => ({ object: `Namespace ${name}` })],
  [
    /couldn't find key \S+ in (Secret|ConfigMap) (\S+?)\/(\S+)/,
    ([, kind = '', namespace = '', name = '']) => ({ object: targetName({ kind, namespace, name }) }),
  ],
  [/secret "([^"]+)" not found/, ([, name = ''], { place }) => ({ object: inSame('Secret', place, name) })],
  [/configmap "([^"]+)" not found/, ([, name = ''], { place }) => ({ object: inSame('ConfigMap', place, name) })],
  [/image "([^"]+)"/, ([, name = '']) => ({ object: `Image ${name}` })],
];

const inSame = (kind: string, { namespace }: Placed, name: string) => targetName({ kind, namespace, name });

/** @param otherwise the object at fault where the words name none */
export function obstacleIn(says: string, whose: Whose, otherwise: string): Obstacle {
  for (const [pattern, read] of readings) {
    const match = pattern.exec(says);
    if (match) return { ...read(match, whose), says };
  }
  return { object: otherwise, says };
}

/** `limits.cpu=2,pods=1`. */
const amounts = (text: string): Map<string, string> =>
  new Map(text.split(',').map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));

/** The used amount and that of all missing pods: no more. */
function roomIn({ namespace, name }: Placed, requested: Map<string, string>, used: Map<string, string>, missing: number): string {
  const hard = [...requested].map(([resource, each]) => {
    const needed = quantity(used.get(resource) ?? '0') + quantity(each) * Math.max(1, missing);
    return [resource, written(needed)] as const;
  });
  const patch = { spec: { hard: Object.fromEntries(hard) } };
  return `kubectl -n ${namespace} patch resourcequota ${name} --type merge -p '${JSON.stringify(patch)}'`;
}

/** As people write it: whole, or in thousandths; memory in the largest unit that fits. */
function written(amount: number): string {
  const unit = [...units].find(([, size]) => amount >= size && amount % size === 0);
  if (unit) return `${amount / unit[1]}${unit[0]}`;
  return Number.isInteger(amount) ? String(amount) : `${Math.ceil(amount * 1000)}m`;
}

const units = new Map([
  ['Gi', 2 ** 30],
  ['Mi', 2 ** 20],
]);
