/** The entries of the catalog, with what follows from their kind. */

import type { Role, Severity } from '../contract/index.ts';
import type { Needs, OpeningAlert, PublicDrafts, Runbook } from './runbook.ts';

type OperationLine = Pick<Runbook, 'fields' | 'workflow' | 'needs' | 'unasked'> & { alerts?: OpeningAlert[] };

export const operation = (slug: string, title: string, owner: Role, { alerts = [], ...line }: OperationLine = {}): Runbook => ({
  slug,
  title,
  kind: 'operation',
  severity: 'P3',
  owner,
  incident: slug,
  alerts,
  ...line,
});

interface IncidentLine {
  severity: Severity;
  owner: Role;
  workflow?: string;
  sharing?: string;
  breaks: string;
  drafts?: PublicDrafts;
  needs?: Needs;
  unasked?: string[];
  alerts: (string | OpeningAlert)[];
}

export const incident = <S extends string>(
  slug: S,
  title: string,
  line: IncidentLine,
): Runbook & { slug: S; kind: 'incident' } => ({
  slug,
  title,
  kind: 'incident',
  severity: line.severity,
  owner: line.owner,
  ...(line.workflow && { workflow: line.workflow }),
  incident: line.sharing ?? slug,
  alerts: line.alerts.map(alert => (typeof alert === 'string' ? { name: alert } : alert)),
  breaks: line.breaks,
  ...(line.drafts && { drafts: line.drafts }),
  ...(line.needs && { needs: line.needs }),
  ...(line.unasked && { unasked: line.unasked }),
  recovery: { check: 'recovered', input: { of: line.sharing ?? slug } },
});

/** An alert about a pod opens the runbook only where the pod is of this workload. */
export const podOf = (name: string, workload: string): OpeningAlert => ({ name, where: { label: 'pod', begins: workload } });
