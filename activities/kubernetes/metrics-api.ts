/** The metrics API is an addition to a cluster: where it is missing, nothing is known, and nothing is faulty. */

import { SystemError } from '../connectors/system-error.ts';

/** @throws SystemError that names what to install, else what it was given */
export const noMetricsApi =
  (of: 'pods' | 'nodes') =>
  (error: unknown): never => {
    if (!(error instanceof SystemError && error.status === 404)) throw error;
    const text = `has no metrics API (metrics.k8s.io), so the use of ${of} is not known: install a metrics server`;
    throw new SystemError({ system: 'Kubernetes', fault: 'not connected', text });
  };
