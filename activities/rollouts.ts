/** Changes before the first bad sample, and shortly before it by someone else. Our own writes and restarts never count. */

import { targetName } from '../workflows/contract/action.ts';
import type { Finding } from '../workflows/contract/finding.ts';
import type { Workload } from '../workflows/contract/vocabulary.ts';
import {
  allRolloutsOf,
  changesOf,
  markedOf,
  nearestBefore,
  ofTheirOwn,
  type Rollout,
  sinceInstallation,
  type Somebody,
  toldBefore,
} from './changes.ts';
import { aheadOfAlerts, aheadText } from './clocks.ts';
import type { Kubernetes } from './connectors/kubernetes.ts';
import { ingresses, networkPolicies } from './connectors/network-resources.ts';
import { configMaps, hpas, type KubeObject, replicaSets, type Resource, secrets } from './connectors/resources.ts';
import { onsetOf } from './held-since.ts';
import { backTo } from './kubernetes/back-to.ts';
import { notConnected, quoted, SystemError } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import type { RolloutsFacts } from './facts.ts';
import { allConfigMaps, type Placed, type PlacedWorkload, workloadOf } from './platform.ts';
import { secretsInUse } from './secrets-in-use.ts';
import { readWorkload } from './engine/rollout.ts';

/** How long before the first bad sample a change counts as close, in milliseconds, before pace. */
const reach = 7_200_000;

type Look = () => Promise<Somebody[]>;

/** `before`: RFC 3339, when the alert fired. With the name of the `alert` changes count before its rule first held. */
interface RolloutsInput {
  workloads: Workload[];
  before: string;
  alert?: string;
  /** Of a rollout that is found: which revision a rollback would go back to, if it is known in a few seconds. Dry runs. */
  backTo?: true;
}

/** @throws SystemError */
export async function checkRollouts(deps: Deps, input: RolloutsInput): Promise<Finding<RolloutsFacts>> {
  const { workloads, before, alert } = input;
  const { kubernetes } = deps.systems;
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const close = reach * deps.platform.times.pace;
  const [onset, ahead, { looked, others }] = await Promise.all([
    onsetOf(deps, { alert, fired: Date.parse(before), within: close }),
    aheadOfAlerts(deps),
    lookedAt(kubernetes, deps, workloads),
  ]);
  const moment = onset.at + ahead;
  const changes = sinceInstallation(looked.flatMap(({ changes }) => changes));
  const unread = looked.flatMap(({ unread }) => unread);
  const theirs = changes.filter(({ mark }) => mark === undefined);
  const nearest = nearestBefore(
    theirs.filter(({ isEffect }) => !isEffect),
    moment,
    close,
  );
  const rolled = theirs.filter(({ rollout }) => rollout !== undefined);
  const rollout = rolloutIn(nearestBefore(rolled, moment, close), moment);
  const told = toldBefore(changes, moment, nearest);
  const finding = nearest ? changed(nearest, { moment, rollout, told }) : unchanged(unread, told);
  const back = input.backTo && rollout ? await backTo(kubernetes, deps, rollout.workload) : undefined;
  const facts = finding.facts && { ...finding.facts, ...(back && { backTo: back }) };
  const left = nearest ? '' : notLookedAt(others);
  return { ...finding, evidence: finding.evidence + left + onset.told + aheadText(ahead), ...(facts && { facts }) };
}

async function lookedAt(kubernetes: Kubernetes, deps: Deps, workloads: Workload[]) {
  const { described, others } = await secretsInUse(kubernetes, deps.platform, workloads);
  return { looked: await Promise.all(looks(kubernetes, deps, workloads, described).map(tolerant)), others };
}

function rolloutIn(nearest: Somebody | undefined, moment: number): RolloutsFacts['rollout'] {
  if (!nearest?.rollout) return null;
  const { at, rollout } = nearest;
  return { ...rollout, at: new Date(at).toISOString(), minutesBefore: minutesBetween(at, moment) };
}

const minutesBetween = (from: number, to: number) => Math.round((to - from) / 6_000) / 10;

function looks(kubernetes: Kubernetes, { platform }: Deps, roles: Workload[], inUse: Placed[]): Look[] {
  const placed = roles.map(role => workloadOf(platform, role));
  const namespaces = [...new Set(placed.map(({ namespace }) => namespace))];
  const one =
    <T extends KubeObject>(resource: Resource<T>, place: Placed): Look =>
    async () =>
      allChangesOf(targetName({ kind: resource.kind, ...place }), await kubernetes.read(resource, place));
  const all =
    <T extends KubeObject>(resource: Resource<T>, namespace: string): Look =>
    async () =>
      (await kubernetes.list(resource, namespace)).flatMap(object =>
        allChangesOf(targetName({ kind: resource.kind, ...object.metadata }), object),
      );
  return [
    ...placed.map(workload => () => rollouts(kubernetes, workload)),
    ...placed.flatMap(({ namespace, hpa }) => (hpa ? [one(hpas, { namespace, name: hpa })] : [])),
    ...allConfigMaps(platform).map(place => one(configMaps, place)),
    ...inUse.map(place => one(secrets, place)),
    ...namespaces.flatMap(namespace => [all(networkPolicies, namespace), all(ingresses, namespace)]),
  ];
}

async function rollouts(kubernetes: Kubernetes, workload: PlacedWorkload): Promise<Somebody[]> {
  const [deployment, sets] = await Promise.all([
    readWorkload(kubernetes, workload),
    kubernetes.list(replicaSets, workload.namespace, workload.selector),
  ]);
  const name = targetName(workload);
  const changes = allChangesOf(name, deployment);
  const made = allRolloutsOf(name, deployment.metadata.uid, sets);
  return [...changes, ...made.map(rollout => effectOf(rollout, workload.role, changes))];
}

const allChangesOf = (name: string, object: KubeObject) => [...changesOf(name, object), ...markedOf(name, object)];

/** A rollout of its own, or what a change of the Deployment led to: someone else's before ours. */
function effectOf({ revision, ...rollout }: Rollout, workload: Workload, changes: Somebody[]): Somebody {
  const follows = (those: Somebody[]) => ofTheirOwn([rollout], those).length === 0;
  const by = (mark: Somebody['mark']) => changes.filter(change => change.mark === mark);
  const mark = rollout.mark ?? (!follows(by(undefined)) && follows(by('ours')) ? 'ours' : undefined);
  return { ...rollout, rollout: { workload, revision }, isEffect: follows(changes), ...(mark && { mark }) };
}

/** Objects that may not be read, or do not exist, are named; the rest still counts. */
async function tolerant(look: Look): Promise<{ changes: Somebody[]; unread: string[] }> {
  try {
    return { changes: await look(), unread: [] };
  } catch (error) {
    if (error instanceof SystemError) return { changes: [], unread: [error.message] };
    throw error;
  }
}

interface Around {
  moment: number;
  rollout: RolloutsFacts['rollout'];
  /** The other changes. */
  told: string;
}

function changed({ what, who, at }: Somebody, { moment, rollout, told }: Around): Finding<RolloutsFacts> {
  const minutesBefore = minutesBetween(at, moment);
  const change = { what: quoted(what), who: quoted(who), at: new Date(at).toISOString(), minutesBefore };
  return {
    verdict: 'faulty',
    evidence: `${change.who} changed ${change.what} at ${change.at}, ${minutesBefore} minutes before.${told && ` Before, too: ${told}.`}`,
    facts: { change, rollout },
  };
}

function notLookedAt(secrets: Placed[]): string {
  const names = secrets.map(place => targetName({ kind: 'Secret', ...place })).join(', ');
  return names && ` Not looked at, as the platform description does not name it: ${names}.`;
}

function unchanged(unread: string[], told: string): Finding<RolloutsFacts> {
  const before = told && ` Before: ${told}.`;
  if (unread.length === 0)
    return {
      verdict: 'healthy',
      evidence: `No other change shortly before the alert.${before}`,
      facts: { change: null, rollout: null },
    };
  const evidence = `No change was found, but not everything could be read: ${unread.join('; ')}.${before}`;
  return { verdict: 'unknown', evidence };
}
