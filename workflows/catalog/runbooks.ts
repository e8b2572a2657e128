/** The sixteen written runbooks, in the order of the document, and the alerts that open them. */

import { incident, operation, podOf } from './entries.ts';
import { nqbaIncidents } from './nqba-incidents.ts';
import { fieldsOf } from './operations.ts';
import type { Runbook } from './runbook.ts';

const shipped = [
  operation('morning-health-check', 'Morning Health Check', 'operations', {
    workflow: 'morningHealthCheck',
    fields: fieldsOf['morning-health-check'],
    needs: { workloads: ['api', 'worker'] },
  }),
  operation('log-review', 'Log Review', 'operations', {
    workflow: 'logReview',
    fields: fieldsOf['log-review'],
    needs: { workloads: ['api', 'worker'] },
  }),
  incident('p0-critical-incident-response', 'P0 - Critical Incident Response', {
    severity: 'P0',
    owner: 'infrastructure',
    workflow: 'p0CriticalIncidentResponse',
    needs: { workloads: ['api'] },
    unasked: [
      'Scale up if performance issue: raises the floor of the API’s autoscaler to at most twice what runs, for four hours, where latency or load is faulty and the database is known to be healthy',
      'Enable quantum fallback if Dynex is down: sends quantum jobs to the classical solvers (sets the fallback keys of the ConfigMap and restarts the workload that reads it), where Dynex fails from two viewpoints',
    ],
    breaks: 'the platform, or a large part of it, does not work',
    drafts: { component: 'api', page: false, mail: true },
    alerts: [
      'PlatformUnavailable',
      'DatabaseUnavailable',
      'NQBAAPIDown',
      'NQBAAPIHighErrorRate',
      'PostgreSQLDown',
      'RedisDown',
      'DatabaseConnectionErrors',
      podOf('PodCrashLooping', 'nqba-api'),
      podOf('PodNotReady', 'nqba-api'),
    ],
  }),
  operation('weekly-maintenance-window', 'Weekly Maintenance Window', 'operations', {
    workflow: 'weeklyMaintenanceWindow',
    fields: fieldsOf['weekly-maintenance-window'],
    needs: { sections: ['quantum'] },
    unasked: [
      'Silence planned alerts: silences the alerts of maintenance.alerts in Alertmanager from the go until the window closes, where none of them fires already',
    ],
    alerts: [{ name: 'BackupMissing' }],
  }),
  operation('quantum-workload-scaling', 'Quantum Workload Scaling', 'quantum', {
    workflow: 'quantumWorkloadScaling',
    fields: fieldsOf['quantum-workload-scaling'],
    needs: { sections: ['quantum'], workloads: ['worker'] },
    unasked: [
      'Scale quantum workers based on demand: raises the floor of the workers’ autoscaler to 2 to 6, at most to twice what runs',
    ],
  }),
  operation('quantum-api-key-rotation', 'Quantum API Key Rotation', 'security', {
    workflow: 'quantumApiKeyRotation',
    fields: fieldsOf['quantum-api-key-rotation'],
    needs: { sections: ['quantum'] },
  }),
  operation('quantum-job-optimization', 'Quantum Job Optimization', 'quantum', {
    workflow: 'quantumJobOptimization',
    fields: fieldsOf['quantum-job-optimization'],
    needs: { sections: ['quantum'], workloads: ['worker'] },
  }),
  incident('dynex-service-outage', 'Dynex Service Outage', {
    severity: 'P1',
    owner: 'quantum',
    workflow: 'dynexServiceOutage',
    sharing: 'dynex-outage',
    needs: { sections: ['quantum'], workloads: ['worker'] },
    unasked: [
      'Enable classical fallback immediately: sends quantum jobs to the classical solvers (sets the fallback keys of the ConfigMap and restarts the workload that reads it), where Dynex is measured as faulty',
      'Gradual Rollback: where jobs return by a share, each stage after the approved first one, and back to 0% at a faulty measurement',
    ],
    breaks: 'quantum jobs fail, or run on classical solvers',
    drafts: { component: 'quantum', page: false, mail: true },
    alerts: [],
  }),
  ...nqbaIncidents,
] as const;

/** Incidents that are shipped, whether their runbook is written or not. */
export type IncidentSlug = Extract<(typeof shipped)[number], { kind: 'incident' }>['slug'];

const known: Runbook[] = [...shipped];

export const runbooks: readonly Runbook[] = known;

/** Once, at the start of a process: runbooks of one's own. Throws where a name is taken. */
export function addRunbooks(own: readonly Runbook[]) {
  for (const one of own) {
    const taken = known.find(
      ({ slug, title, workflow }) => slug === one.slug || title === one.title || workflow === one.workflow,
    );
    if (taken)
      throw new Error(`The catalog has ${taken.title} (${taken.slug}) already: call ${one.title} (${one.slug}) otherwise.`);
    known.push(one);
  }
}

/** Throws when no runbook is called so: for names that are written in code. */
export function runbook(slug: string): Runbook {
  const found = runbooks.find(runbook => runbook.slug === slug);
  if (!found) throw new Error(`The catalog has no runbook ${slug}.`);
  return found;
}
