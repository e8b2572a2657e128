/** The objects that the labels of an alert name. Only names come of it, never a command. Pure. */

import type { Alert } from '../../contract/index.ts';

type Labelled = Pick<Alert, 'labels'>;

/** Labels of kube-state-metrics. */
const kinds = { deployment: 'Deployment', statefulset: 'StatefulSet', daemonset: 'DaemonSet' };

/** As Kubernetes admits names. */
const isName = (text = '') => /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(text);

/** `StatefulSet shop/ledger`; nothing where the labels name none, or several. */
export function workloadNamedBy({ labels }: Labelled): string | undefined {
  const [named, ...others] = Object.entries(kinds).filter(([label]) => isName(labels[label]));
  if (named === undefined || others.length > 0 || !isName(labels['namespace'])) return undefined;
  const [label, kind] = named;
  return `${kind} ${labels['namespace']}/${labels[label]}`;
}

/** A pod counts where no workload is named: beside one it may be the exporter's. */
export const subjectNamedBy = (alert: Labelled): string | undefined => workloadNamedBy(alert) ?? podNamedBy(alert);

const podNamedBy = ({ labels: { namespace, pod } }: Labelled) =>
  isName(namespace) && isName(pod) ? `Pod ${namespace}/${pod}` : undefined;
