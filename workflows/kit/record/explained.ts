/** Alerts that a mitigation of this incident explains do not count as symptoms. Pure. */

import { causedByUs, type Mitigation } from '../../catalog/mitigations.ts';
import type { Alert, StepReport } from '../../contract/index.ts';
import type { State } from './state.ts';

/** Title of the step in effect that causes this alert. */
export function explanationOf({ steps }: Pick<State, 'steps'>, { name, status }: Alert): string | undefined {
  const mitigation = Object.hasOwn(causedByUs, name) ? causedByUs[name] : undefined;
  if (!mitigation || status === 'resolved') return undefined;
  const latest = steps.findLast(step => step.action?.type === mitigation.action && inEffect.includes(step.state));
  return latest && isAsked(mitigation, latest) ? latest.title : undefined;
}

const inEffect: StepReport['state'][] = ['done', 'part', 'by hand'];

const isAsked = ({ input, unless }: Mitigation, step: StepReport) => has(step, input) && !(unless && has(step, unless));

const has = ({ action }: StepReport, wanted: object) =>
  Object.entries(wanted).every(([name, value]) => (action?.input as Record<string, unknown> | undefined)?.[name] === value);
