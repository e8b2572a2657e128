/** The workload that the labels of the alert name, for a step or a check of the workload `of the alert`. Only a name comes of it, never a command. */

import { type Alert, ofTheAlert } from '../../contract/index.ts';

/** Labels of kube-state-metrics. */
const kinds = { deployment: 'Deployment', statefulset: 'StatefulSet', daemonset: 'DaemonSet' };

/** As Kubernetes admits names. */
const isName = (text = '') => /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(text);

/** `StatefulSet shop/ledger`; nothing where the labels name none, or several. */
function workloadNamedBy({ labels }: Pick<Alert, 'labels'>): string | undefined {
  const [named, ...others] = Object.entries(kinds).filter(([label]) => isName(labels[label]));
  if (named === undefined || others.length > 0 || !isName(labels['namespace'])) return undefined;
  const [label, kind] = named;
  return `${kind} ${labels['namespace']}/${labels[label]}`;
}

/** The input with that name in its place. Where the alert names none, the activity says what it lacks. */
export function withWorkloadOf<Input>(alert: Pick<Alert, 'labels'>, input: Input): Input {
  const name = workloadNamedBy(alert);
  if (name === undefined || typeof input !== 'object' || input === null) return input;
  const named = (value: unknown): unknown => (value === ofTheAlert ? name : value);
  const fields = Object.entries(input).filter(([field]) => field === 'workload' || field === 'workloads');
  const placed = fields.map(([field, value]) => [field, Array.isArray(value) ? value.map(named) : named(value)]);
  return { ...input, ...Object.fromEntries(placed) };
}
