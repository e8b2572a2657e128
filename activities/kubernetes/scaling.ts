/** Can the autoscalers of the platform still scale? At the ceiling, or blind, they no longer follow the load. */

import type { Finding } from '../../workflows/contract/finding.ts';
import { type Scaled, scaledBy } from '../connectors/autoscaling-resources.ts';
import { notConnected, quoted } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { ScalingFacts } from '../facts.ts';
import { allNamespaces, allWorkloads, type PlacedWorkload } from '../platform.ts';

/** @throws SystemError */
export async function checkScaling({ systems: { kubernetes }, platform }: Deps): Promise<Finding<ScalingFacts>> {
  if (!kubernetes) throw notConnected('Kubernetes', 'KUBECONFIG');
  const found = await Promise.all(allNamespaces(platform).map(namespace => kubernetes.list(scaledBy, namespace)));
  return judgeScaling(found.flat(), allWorkloads(platform));
}

interface Judged {
  hpa: Scaled;
  /** One text each. */
  faults: string[];
  /** Why it measures nothing, where no one can measure it. */
  unmeasured: string | undefined;
}

/** One that a workload is described with must be there. */
export function judgeScaling(
  hpas: Scaled[],
  workloads: Pick<PlacedWorkload, 'name' | 'namespace' | 'hpa'>[],
): Finding<ScalingFacts> {
  const isThere = (name: string | undefined, namespace: string) =>
    hpas.some(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  const missing = workloads.filter(({ hpa, namespace }) => hpa !== undefined && !isThere(hpa, namespace));
  const judged = hpas.map(judge);
  const ill = judged.filter(({ faults }) => faults.length > 0);
  const facts = {
    autoscalers: hpas.map(hpa => ({ name: hpa.metadata.name, ...countsOf(hpa) })),
    atCeiling: hpas.filter(isAtCeiling).map(({ metadata }) => metadata.name),
    blind: hpas.filter(hpa => unreadOf(hpa).length > 0).map(({ metadata }) => metadata.name),
  };
  const gone = missing.map(({ hpa, name }) => `HorizontalPodAutoscaler ${hpa ?? ''} of ${name} does not exist.`);
  const texts = [...gone, ...ill.map(textOf), ...judged.filter(one => !ill.includes(one)).map(textOf)];
  if (texts.length === 0) return { verdict: 'unknown', evidence: 'The platform has no HorizontalPodAutoscaler.', facts };
  const blind = judged.find(({ unmeasured }) => unmeasured !== undefined)?.unmeasured;
  const why =
    blind === undefined
      ? ''
      : ` No metrics are served, so no autoscaler follows the load: install a metrics server (${quoted(blind)}).`;
  const evidence = `${texts.join(' ')}${why}`;
  if (gone.length + ill.length > 0) return { verdict: 'faulty', evidence, facts };
  return { verdict: blind === undefined ? 'healthy' : 'unknown', evidence, facts };
}

const countsOf = ({ spec, status }: Scaled) => ({
  current: status.currentReplicas,
  desired: status.desiredReplicas,
  most: spec.maxReplicas,
});

/** Where fewest and most are one number, it is meant to stand there. */
const isAtCeiling = ({ spec, status }: Scaled) =>
  spec.minReplicas < spec.maxReplicas && status.desiredReplicas >= spec.maxReplicas;

const conditionOf = ({ status }: Scaled, name: string) => status.conditions.find(({ type }) => type === name);
/** Its workload is at zero on purpose. */
const isOff = (hpa: Scaled) => conditionOf(hpa, 'ScalingActive')?.reason === 'ScalingDisabled';

/** Metrics that it should scale by, and has no value of. */
const unreadOf = (hpa: Scaled): string[] =>
  isOff(hpa)
    ? []
    : hpa.spec.metrics
        .flatMap(({ name }) => name ?? [])
        .filter(name => !hpa.status.currentMetrics.some(current => current.name === name));

function judge(hpa: Scaled): Judged {
  const active = conditionOf(hpa, 'ScalingActive');
  const blind = active?.status === 'False' && !isOff(hpa) ? active.message : undefined;
  const unmeasured = blind !== undefined && isUnserved(blind) ? blind : undefined;
  return { hpa, unmeasured, faults: [...countFaults(hpa, blind), ...(unmeasured === undefined ? blindness(hpa, blind) : [])] };
}

/** Its wish is not known where it is blind. */
function countFaults(hpa: Scaled, blind: string | undefined): string[] {
  const { current, desired, most } = countsOf(hpa);
  const able = conditionOf(hpa, 'AbleToScale');
  return [
    ...(isAtCeiling(hpa) ? [`at its ceiling of ${most}`] : []),
    ...(!isOff(hpa) && blind === undefined && desired !== current ? [`wants ${desired}`] : []),
    ...(able?.status === 'False' ? [`cannot scale: ${quoted(able.message)}`] : []),
  ];
}

function blindness(hpa: Scaled, blind: string | undefined): string[] {
  const unread = unreadOf(hpa);
  const reads = `${unread.join(', ')} ${unread.length > 1 ? 'read' : 'reads'} unknown`;
  return [...(unread.length > 0 ? [reads] : []), ...(blind === undefined ? [] : [quoted(blind)])];
}

/** No metrics server answers, which is a lack of the cluster and not a fault of today. */
const isUnserved = (message: string) =>
  /could not find the requested resource|no matches for kind|currently unable to handle the request/.test(message);

/** `web: 3 replicas, of 3 to 50; at its ceiling of 50.` */
function textOf({ hpa, faults }: Judged): string {
  const { current, most } = countsOf(hpa);
  const off = isOff(hpa) ? ['off, as its workload is at zero'] : [];
  return `${[`${hpa.metadata.name}: ${current} replicas, of ${hpa.spec.minReplicas} to ${most}`, ...off, ...faults].join('; ')}.`;
}
