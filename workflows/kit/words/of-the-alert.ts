/** The workload that the labels of the alert name, for a step or a check of the workload `of the alert`. */

import { type Alert, ofTheAlert } from '../../contract/index.ts';
import { workloadNamedBy } from '../record/named-by-alert.ts';

/** The input with that name in its place. Where the alert names none, the activity says what it lacks. */
export function withWorkloadOf<Input>(alert: Pick<Alert, 'labels'>, input: Input): Input {
  const name = workloadNamedBy(alert);
  if (name === undefined || typeof input !== 'object' || input === null) return input;
  const named = (value: unknown): unknown => (value === ofTheAlert ? name : value);
  const fields = Object.entries(input).filter(([field]) => field === 'workload' || field === 'workloads');
  const placed = fields.map(([field, value]) => [field, Array.isArray(value) ? value.map(named) : named(value)]);
  return { ...input, ...Object.fromEntries(placed) };
}
