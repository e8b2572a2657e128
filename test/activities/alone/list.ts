/** The list of what each step does with only Kubernetes and Prometheus connected, and the calls of these steps in the runbooks. */

import { readFileSync } from 'node:fs';
import { rowsOf, type WrittenLine, writtenLines } from '../../../client/coverage.ts';
import { isOfSteps } from '../../support/mapped-steps.ts';
import { sourceOf, writtenCalls } from '../../support/written-calls.ts';

const slugs = [
  'p0-critical-incident-response',
  'delayed-jobs',
  'quantum-job-failures',
  'dynex-service-outage',
  'morning-health-check',
  'quantum-workload-scaling',
  'quantum-job-optimization',
];

/** Steps that the step map calls kubernetes, observe or quantum. */
export const lines = writtenLines().filter(
  ({ runbook, activity }) => slugs.includes(runbook) && /^(kubernetes|observe|quantum)\./.test(activity),
);

export interface Alone {
  id: string;
  /** Runs as always; reads something else; is text to paste; is a person's. */
  alone: string;
  /** Words of the evidence, or of the text to paste, that name what is read or done instead; none where it runs. */
  instead: string;
}

export const listed = rowsOf(readFileSync('docs/written/kubernetes-and-prometheus.tsv', 'utf8')).map(
  ([id = '', alone = '', instead = '']): Alone => ({ id, alone, instead }),
);

export interface Called extends Alone {
  title: string;
  activity: string;
}

/** Every call of these lines; more than one where the runbook divides a line. */
export const called: Called[] = lines.flatMap(line => {
  const row = listed.find(({ id }) => id === line.id);
  return row && isOfSteps(line) ? callsOf(line).map(call => ({ ...row, ...call })) : [];
});

function callsOf({ runbook, places }: WrittenLine): { title: string; activity: string }[] {
  const calls = writtenCalls(sourceOf(runbook)).filter(({ title }) => places.includes(title));
  return calls.flatMap(({ title, activity }) => (activity === undefined ? [] : [{ title, activity }]));
}
