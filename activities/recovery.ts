/** Checks that an incident is over: each has a measurement of its own, and without one nothing is called recovered. */

import type { IncidentSlug } from '../workflows/catalog/runbooks.ts';
import type { Finding } from '../workflows/contract/finding.ts';
import { answered } from './checking.ts';
import type { Deps } from './deps.ts';
import { checkKey } from './dynex-key.ts';
import type { RecoveredFacts } from './facts.ts';
import { platformRecovered } from './observe/recovered-platform.ts';
import { jobsOrCanaries } from './resuming.ts';
import { evidenceOf, part, together } from './together.ts';
import { viewsOf } from './viewpoints.ts';

type Measure = (deps: Deps) => Promise<Finding>;

/** One entry for each incident that is written. */
const byIncident: { [S in IncidentSlug]?: Measure } = {
  'dynex-outage': dynexRecovered,
  'p0-critical-incident-response': platformRecovered,
};

const measures = new Map<string, Measure>(Object.entries(byIncident));

export async function checkRecovery(deps: Deps, of: string): Promise<Finding> {
  const measure = measures.get(of);
  return measure ? measure(deps) : { verdict: 'unknown', evidence: withoutMeasure(of) };
}

const withoutMeasure = (of: string) =>
  `No recovery check is written for ${of}: nothing was measured, so a person decides when it is over.`;

/** Enough jobs succeeded on Dynex, and probes and key are healthy where they are connected. */
async function dynexRecovered(deps: Deps): Promise<Finding<RecoveredFacts>> {
  const [jobs, key, { inside, outside }] = await Promise.all([
    answered(() => jobsOrCanaries(deps, 'dynex', deps.platform.quantum.successRate)),
    part(() => checkKey(deps)),
    viewsOf(deps, 'dynex'),
  ]);
  const parts = [jobs, key, inside, outside];
  return { verdict: together(parts), evidence: evidenceOf(parts), facts: jobs.facts ?? {} };
}
