/** Addresses of the Temporal UI. Each names the namespace: without it the UI opens another one, which is empty. */

import type { Environment } from '../practice/environment.ts';

export const incidentsInUi = ({ TEMPORAL_UI, TEMPORAL_NAMESPACE }: Environment) =>
  `${TEMPORAL_UI}/namespaces/${TEMPORAL_NAMESPACE}/workflows`;

export const incidentInUi = (environment: Environment, workflowId: string) =>
  `${incidentsInUi(environment)}/${encodeURIComponent(workflowId)}`;
