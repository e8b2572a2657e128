/** Does a platform have what a runbook needs? Pure. */

import type { Runbook, Section } from './runbook.ts';

/** The part of a platform description that says so. */
export interface Described extends Partial<Record<Section, unknown>> {
  workloads: Readonly<Record<string, unknown>>;
}

/** Why a runbook is not available there, as the end of "ignored: …"; nothing where it is. */
export function notAvailable({ title, slug, needs = {} }: Runbook, described: Described): string | undefined {
  // Half a description, as a client without a cluster may have one, says nothing.
  if (Object.keys(described.workloads).length === 0) return undefined;
  const { sections = [], workloads = [] } = needs;
  const absent = workloads.filter(name => !Object.hasOwn(described.workloads, name));
  const lacks = [
    ...sections.filter(section => described[section] === undefined).map(section => `no section ${section}`),
    ...(absent.length > 0 ? [`no workload ${absent.join(', ')} (it has ${Object.keys(described.workloads).join(', ')})`] : []),
  ];
  if (lacks.length === 0) return undefined;
  return `the runbook ${title} (${slug}) is not available on this platform: its description has ${lacks.join(' and ')}`;
}
