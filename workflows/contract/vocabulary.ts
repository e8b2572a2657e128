/** The closed lists of the house. Everything that a person may type or a system may answer is one of these words. */

export const severities = ['P0', 'P1', 'P2', 'P3'] as const;
export type Severity = (typeof severities)[number];

/** Roles that may be asked or paged (seed: "On-Call Rotation", "Emergency Contacts"; four more as the written runbooks need them). */
export const roles = [
  'primary',
  'secondary',
  'escalation',
  'commander',
  'security',
  'infrastructure',
  'quantum',
  'management',
  'finance',
  'customer-success',
  'database',
  'platform',
  'operations',
] as const;
/** A platform may have further ones of its own. */
export type Role = (typeof roles)[number] | (string & {});

/** A workload by the name that `platform.json` gives it, which also says what it is called in the cluster. */
export type Workload = string;

/** Instead of such a name: the workload that the labels of the alert name, where the platform allows it. */
export const ofTheAlert = 'of the alert';

export const verdicts = ['healthy', 'faulty', 'unknown'] as const;
export type Verdict = (typeof verdicts)[number];

/** `running`: an operation, until it is closed. */
export const incidentStates = ['running', 'triggered', 'acknowledged', 'mitigated', 'resolved', 'closed'] as const;
export type IncidentState = (typeof incidentStates)[number];

/** `observe` looks, pages and plans; `supervised` also acts where an action needs no approval. */
export const modes = ['observe', 'supervised'] as const;
export type Mode = (typeof modes)[number];
