/** The sender of an alert; `other` is any monitor that posts our own small form. */
export const alertSources = ['alertmanager', 'grafana', 'other', 'person'] as const;

/** One firing or resolved condition in our own form, whatever sent it. */
export interface Alert {
  name: string;
  status: 'firing' | 'resolved';
  /** Identifies the alert across its repeats; given by the sender, or derived from the labels. */
  fingerprint: string;
  /** RFC 3339, UTC. */
  startsAt: string;
  /** RFC 3339, UTC; absent while the alert fires. */
  endsAt?: string;
  /** Only labels that the catalog lists. */
  labels: Record<string, string>;
  /** Only annotations that the catalog lists. */
  annotations: Record<string, string>;
  source: (typeof alertSources)[number];
  /** SHA-256 of the whole body in the artifact store. */
  artifact?: string;
}

/** The same delivery, however often it is sent. */
export const deliveryKey = ({ fingerprint, startsAt, status }: Alert) => `${fingerprint} ${startsAt} ${status}`;
