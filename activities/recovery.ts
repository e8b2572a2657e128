/** Checks that an incident is over: each has a measurement of its own, and without one nothing is called recovered. */

import type { IncidentSlug } from '../workflows/catalog/runbooks.ts';
import type { Finding } from '../workflows/contract/finding.ts';
import { accessRecovered } from './access/recovered.ts';
import type { Deps } from './deps.ts';
import { pinsRecovered } from './ipfs/recovered-pins.ts';
import { quotaRecovered } from './gateway/recovered-quota.ts';
import { billingRecovered } from './billing/recovered-billing.ts';
import { platformRecovered } from './observe/recovered-platform.ts';
import { queueRecovered } from './quantum/recovered-queue.ts';
import { dynexRecovered } from './quantum/recovered-dynex.ts';
import { jobsRecovered } from './quantum/recovered-jobs.ts';

/** The incident in question. */
export interface RecoveryInput {
  of: string;
  /** Only whether its symptom is gone: a mitigation of ours may still stand, and Recovery rolls it back. */
  symptom?: boolean;
}

type Measure = (deps: Deps, asked: Pick<RecoveryInput, 'symptom'>) => Promise<Finding>;

/** One entry for each incident that is written. */
const byIncident: { [S in IncidentSlug]?: Measure } = {
  'dynex-outage': dynexRecovered,
  'ipfs-pin-failures': pinsRecovered,
  'authentication-failures': accessRecovered,
  'billing-drift': billingRecovered,
  'delayed-jobs': queueRecovered,
  'dynex-service-outage': dynexRecovered,
  'p0-critical-incident-response': platformRecovered,
  'quantum-job-failures': jobsRecovered,
  'quota-exhaustion': quotaRecovered,
};

const measures = new Map<string, Measure>(Object.entries(byIncident));

export async function checkRecovery(deps: Deps, { of, symptom = false }: RecoveryInput): Promise<Finding> {
  const measure = measures.get(of);
  return measure ? measure(deps, { symptom }) : { verdict: 'unknown', evidence: withoutMeasure(of) };
}

const withoutMeasure = (of: string) =>
  `No recovery check is written for ${of}: nothing was measured, so a person decides when it is over.`;
