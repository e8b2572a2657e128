/** The catalog's entry of one written runbook. */

import type { Role, Severity, Workload } from '../contract/index.ts';
import type { RecoveryCheck } from './activities.ts';
import type { FieldTable } from './inputs.ts';

export interface Runbook {
  slug: string;
  /** The heading of the written runbook. */
  title: string;
  kind: 'incident' | 'operation';
  severity: Severity;
  owner: Role;
  /** Workflow type; absent until the runbook is written. */
  workflow?: string;
  /** Alerts of every runbook that names the same incident join one execution of it. */
  incident: string;
  alerts: OpeningAlert[];
  /** The impact that customers may notice, as the end of "customers may see that …". */
  breaks?: string;
  /** Its drafts for the public, besides what its own steps publish. */
  drafts?: PublicDrafts;
  /** The parts of a platform description without which it is not available there. */
  needs?: Needs;
  /** Its actions without approval once it is armed as `supervised`, besides checks, pages and messages. */
  unasked?: string[];
  /** Of an operation: what it is started with. */
  fields?: FieldTable;
  /** The check on which it may close, and its input; `recovered` alone reads `symptom: true`, which leaves our changes out. */
  recovery?: { check: RecoveryCheck; input: Record<string, unknown> };
}

export interface PublicDrafts {
  /** Of the status page, as the platform description calls it. */
  component: string;
  /** At declaration; false where its own steps set the page. */
  page: boolean;
  /** The first mail to customers; false where its own steps write it within half an hour. */
  mail: boolean;
}

/** Parts of a platform description that a platform may lack. */
export const sections = ['quantum', 'gateway', 'access', 'ipfs', 'billing'] as const;
export type Section = (typeof sections)[number];

export interface Needs {
  sections?: Section[];
  workloads?: Workload[];
}

export interface OpeningAlert {
  name: string;
  /** It opens the runbook only where this label begins so. */
  where?: { label: string; begins: string };
}
