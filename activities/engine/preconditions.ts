/**
 * The preconditions of a change beside its plan (a probe, a canary, a key): measured when people are asked, and again right before the
 * first write. A measured contradiction refuses an approval; what cannot be measured does not, and the receipt says so.
 */

import type { Call, Outcome, Plan } from '../../workflows/contract/action.ts';
import type { Finding } from '../../workflows/contract/finding.ts';
import type { Because } from '../guard.ts';
import type { ActionContext, Run, Words } from './action.ts';
import type { Write } from './write.ts';

/** Nothing where the change rests on its plan alone. @throws SystemError */
export const measuredBefore = async <Input, View>(
  { setting, input, context }: Run<Input, View>,
  view: View,
  writes: Write[],
): Promise<Finding[]> => (await setting.preconditions?.(view, input, context, writes)) ?? [];

/** The evidence against the change; undefined where no measurement contradicts it. */
export const faultIn = (findings: Finding[]): string | undefined => textOf(findings, 'faulty') || undefined;

const textOf = (findings: Finding[], wanted: Finding['verdict']) =>
  findings
    .filter(({ verdict }) => verdict === wanted)
    .map(({ evidence }) => evidence)
    .join(' ');

export function contradiction(findings: Finding[], { approved }: Call): Because | undefined {
  const fault = faultIn(findings);
  if (fault === undefined) return undefined;
  const since = approved === undefined ? '' : 'Measured again after the approval: ';
  return { reason: approved === undefined ? 'approval' : 'moved', text: `${since}${fault} Nothing was changed.` };
}

/** The plan as people are asked about it: with what it rests on, as measured now. */
export async function asked<Input, View>(
  run: Run<Input, View>,
  view: View,
  { writes, plan, because }: { writes: Write[]; plan: Plan; because: Because },
): Promise<Outcome> {
  if (because.reason !== 'approval' && because.reason !== 'moved') return { planned: plan, because };
  return { planned: withMeasured(plan, await measuredBefore(run, view, writes), run.context), because };
}

export function withMeasured(plan: Plan, findings: Finding[], { deps }: ActionContext): Plan {
  if (findings.length === 0) return plan;
  const measured = `Measured at ${new Date(deps.now()).toISOString()}: ${findings.map(({ evidence }) => evidence).join(' ')}`;
  return { ...plan, consequences: [...plan.consequences, `${measured} It is measured again right before the change.`] };
}

export function withUnmeasured(words: Words, findings: Finding[]): Words {
  const unmeasured = textOf(findings, 'unknown');
  return unmeasured === '' ? words : { ...words, done: `${words.done} Not measured before it: ${unmeasured}` };
}
