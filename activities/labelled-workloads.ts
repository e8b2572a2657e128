/** Workloads that only the labels of an alert name: inside the allow list of the platform description they are read from the cluster, outside of it refused. */

import { z } from 'zod';
import { targetName } from '../workflows/contract/action.ts';
import { ofTheAlert } from '../workflows/contract/vocabulary.ts';
import { notConnected, SystemError } from './connectors/system-error.ts';
import type { Kubernetes } from './connectors/kubernetes.ts';
import { defaultContainer, type Deployment } from './connectors/resources.ts';
import { workloadResources } from './connectors/workload-resources.ts';
import type { Deps } from './deps.ts';
import { hasRecords } from './engine/holders.ts';
import { readWorkload } from './engine/rollout.ts';
import { allWorkloads, type Placed, type PlacedWorkload, type Platform } from './platform.ts';
import { type WorkloadKind, workloadKinds } from './platform-schema.ts';

/** An object as an alert names it. */
interface Labelled extends Placed {
  kind: WorkloadKind;
}

const name = '[a-z0-9][-a-z0-9.]{0,252}';
const reference = new RegExp(`^(?<kind>${workloadKinds.join('|')}) (?<namespace>${name})/(?<name>${name})$`);
const labelled = z.object({ kind: z.enum(workloadKinds), namespace: z.string(), name: z.string() });

/** `StatefulSet shop/ledger`; nothing for the name of a described one. */
const labelledIn = (text: string): Labelled | undefined => labelled.safeParse(reference.exec(text)?.groups).data;

/** True if only the labels of an alert name it. */
export const isLabelled = (workload: PlacedWorkload): boolean => workload.role === targetName(workload);

const naming = z.looseObject({
  workload: z.string().optional(),
  workloads: z.array(z.string()).optional(),
  takeBack: z.looseObject({ target: labelled }).optional(),
});

/**
 * The input with described workloads by their own names, and a description that has the others for this call.
 * @throws SystemError for a workload outside of the allow list
 */
export async function placing<Input>(deps: Deps, input: Input): Promise<{ deps: Deps; input: Input }> {
  const { workload, workloads, takeBack } = naming.safeParse(input).data ?? {};
  const names = [workload ?? [], workloads ?? [], takeBack ? targetName(takeBack.target) : []].flat();
  const described = new Map(allWorkloads(deps.platform).map(one => [targetName(one), one.role]));
  const own = (text: string) => described.get(text) ?? text;
  const others = names.filter(text => own(text) === text && !Object.hasOwn(deps.platform.workloads, text));
  const found = await Promise.all(others.map(text => lookedUp(deps, text)));
  const more = Object.fromEntries(found.flat());
  const placed = {
    ...(workload !== undefined && { workload: own(workload) }),
    ...(workloads && { workloads: workloads.map(own) }),
  };
  return {
    deps: { ...deps, platform: { ...deps.platform, workloads: { ...deps.platform.workloads, ...more } } },
    input: names.length > 0 ? { ...input, ...placed } : input,
  };
}

type Entry = [string, Platform['workloads'][string]];

/** None for a name that is no reference: who looks for it says what there is. */
async function lookedUp({ platform, systems: { kubernetes } }: Deps, text: string): Promise<Entry[]> {
  if (text === ofTheAlert) throw refused(`has no workload ${ofTheAlert}: ${needed}`);
  const wanted = labelledIn(text);
  if (!wanted) return [];
  const role = namespaceFor(platform, wanted);
  if (role === undefined)
    throw refused(
      `lets no runbook touch ${text}, which the labels of the alert name: labelledWorkloads allows ${allowedText(platform)}`,
    );
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  return [[text, entryOf(wanted, role, await readWorkload(kubernetes, wanted))]];
}

const needed = 'the alert must have the label namespace, and one of deployment, statefulset and daemonset';

const refused = (text: string) => new SystemError({ system: 'The platform description', fault: 'not described', text });

type Allowing = Pick<Platform, 'namespaces' | 'labelledWorkloads'>;

/** The name that the description gives to its namespace, where it is allowed there. */
const namespaceFor = ({ namespaces, labelledWorkloads }: Allowing, { kind, namespace }: Labelled): string | undefined =>
  labelledWorkloads.find(allowed => namespaces[allowed.namespace] === namespace && allowed.kinds.includes(kind))?.namespace;

const allowedText = ({ namespaces, labelledWorkloads }: Allowing): string =>
  labelledWorkloads.map(({ namespace, kinds }) => `${kinds.join(', ')} in ${namespaces[namespace] ?? namespace}`).join('; ') ||
  'none';

const selecting = z.object({ matchLabels: z.record(z.string(), z.string()), matchExpressions: z.array(z.unknown()).nullish() });

/** As the description would have it. @throws SystemError where its selector could find pods of others */
function entryOf(wanted: Labelled, namespace: string, { spec }: Deployment): Entry[1] {
  const { matchLabels: selector, matchExpressions } = selecting.parse(spec.selector);
  if (matchExpressions?.length)
    throw refused(
      `must name ${targetName(wanted)} itself: it selects its pods with matchExpressions, which narrow what its matchLabels find`,
    );
  if (Object.keys(selector).length === 0)
    throw refused(`must name ${targetName(wanted)} itself: it selects its pods without matchLabels`);
  const { name: container } = defaultContainer(spec.template);
  return { kind: wanted.kind, namespace, name: wanted.name, container, selector };
}

/** Each kind of workload in a namespace of the allow list, by its real name. */
export const labelledPlaces = ({ namespaces, labelledWorkloads }: Allowing) => [
  ...new Map(
    labelledWorkloads.flatMap(({ namespace: role, kinds }) =>
      kinds.map(kind => {
        const namespace = namespaces[role] ?? role;
        return [`${kind} ${namespace}`, { kind, namespace, role }] as const;
      }),
    ),
  ).values(),
];

/** Objects that the allow list lets us change and that carry a record of ours, described or not. @throws SystemError */
export async function recordedInList(kubernetes: Kubernetes, platform: Allowing) {
  const found = labelledPlaces(platform).map(async ({ kind, namespace, role }) => {
    const objects = await kubernetes.list(workloadResources[kind], namespace);
    return objects
      .filter(({ metadata }) => hasRecords(metadata.annotations))
      .map(object => ({ place: { kind, namespace, name: object.metadata.name }, role, object }));
  });
  return (await Promise.all(found)).flat();
}

/** The description with those of them that it does not name. @throws SystemError */
export async function withRecorded(kubernetes: Kubernetes | undefined, platform: Platform): Promise<Platform> {
  if (!kubernetes || platform.labelledWorkloads.length === 0) return platform;
  const described = new Set(allWorkloads(platform).map(targetName));
  const found = await recordedInList(kubernetes, platform);
  const more = found
    .filter(({ place }) => !described.has(targetName(place)))
    .map(({ place, role, object }): Entry => [targetName(place), entryOf(place, role, object)]);
  return { ...platform, workloads: { ...platform.workloads, ...Object.fromEntries(more) } };
}
