/** The checklist of the written runbooks, ticked only from what the record shows; the rest is asked of people. */

import { checklist, type ChecklistLine } from '../../workflows/catalog/checklist.ts';
import type { Report, StepReport } from '../../workflows/contract/index.ts';
import { md } from './escaping.ts';
import { clock } from './text.ts';

/** The evidence that a line is done, or the question to people. */
type Shown = { evidence: string } | { ask: string };

/** The lines with what shows each; `[ ]` is never a claim that no one did it. */
export const checklistLines = (report: Report): string[] =>
  Object.entries(checklist).flatMap(([heading, lines]) => ['', `### ${heading}`, '', ...lines.map(line => ticked(line, report))]);

/** Questions that only people can answer. */
export const askedOfPeople = (report: Report): string[] =>
  Object.values(checklist)
    .flat()
    .flatMap(line => {
      const shown = shownBy[line](report);
      return 'ask' in shown ? [md`- ${line}: ${shown.ask}`] : [];
    });

function ticked(line: ChecklistLine, report: Report): string {
  const shown = shownBy[line](report);
  return 'evidence' in shown ? md`- [x] ${line}: ${shown.evidence}` : md`- [ ] ${line} (open item, see below)`;
}

/** With a date where that is another day than the alert's. */
const at = (time: string | undefined, { times }: Report, evidence: string, ask: string): Shown =>
  time ? { evidence: `${evidence}, ${clock(time, Date.parse(times.fired))}` } : { ask };

const shownBy: Record<ChecklistLine, (report: Report) => Shown> = {
  'Declare incident with appropriate severity': report =>
    doneStep(
      report,
      ['Declare Incident', 'declareIncident'],
      'The record does not show that it was declared. Was it, and is the severity right?',
    ),
  'Notify relevant team members': report =>
    at(report.times.paged, report, 'paged', 'No page was delivered. Who was notified, and when?'),
  'Implement immediate mitigation': report =>
    at(
      report.times.mitigated,
      report,
      'a change whose effect was measured',
      'No effect of a change was measured. What was done immediately?',
    ),
  'Begin investigation': report =>
    at(report.steps.find(isCheck)?.began, report, 'the first check', 'No check was run. When did someone begin to investigate?'),
  'Update status page': report =>
    doneStep(report, ['Update Status Page', 'setStatusPage'], 'Does the status page match what customers see?'),
  'Communicate with customers': report =>
    doneStep(
      report,
      ['Update customers', 'Customer Communication', 'tellCustomers'],
      'What was published to customers, and by whose hand?',
    ),
  'Implement fix': report => fixed(report),
  'Verify resolution': ({ recovery }) =>
    recovery?.verdict === 'healthy'
      ? { evidence: recovery.evidence }
      : { ask: 'Recovery was not measured. How do you know that it is over?' },
  'Monitor metrics': ({ times, outcome }) =>
    times.resolved && times.closed && outcome === 'recovered'
      ? {
          evidence: `recovered at ${clock(times.resolved, Date.parse(times.fired))}, and quiet until it closed at ${clock(times.closed, Date.parse(times.fired))}`,
        }
      : { ask: 'The quiet time was not held to its end. Who watches it, and until when?' },
  'Update documentation': () => ({ ask: 'Which page was changed? Give its address.' }),
  'Communicate resolution': report =>
    doneStep(report, ['Announce the resolution', 'Update Status Page: operational'], 'Who was notified of the resolution?'),
  'Conduct post-mortem': () => ({ ask: 'When, and who takes part? The draft below is a beginning.' }),
  'Update runbooks': ({ title }) => ({ ask: `What in ${title} was missing, wrong or in the way?` }),
  'Implement preventive measures': () => ({ ask: 'What will keep it from happening again? Give the ticket.' }),
  'Review monitoring and alerting': () => ({ ask: 'Did the alert come early enough, and did it say enough?' }),
  'Update incident response procedures': () => ({ ask: 'Did people know what to do, and who to call?' }),
};

const verdicts = ['healthy', 'faulty', 'unknown'];
const isCheck = ({ state }: StepReport) => verdicts.includes(state);

/** The first step that was done and is called so, or whose activity is; a title may have a detail behind it. */
function doneStep({ steps, times }: Report, names: string[], ask: string): Shown {
  const isNamed = ({ title, action }: StepReport) => names.some(name => title.startsWith(name) || action?.type === name);
  const done = steps.find(step => (step.state === 'done' || step.state === 'part') && isNamed(step));
  return done?.ended ? { evidence: `${done.title}: ${done.because} ${clock(done.ended, Date.parse(times.fired))}` } : { ask };
}

/** A change, or work that a person confirmed, behind the answer to what the cause is. */
function fixed({ steps, questions }: Report): Shown {
  const cause = questions.findLast(({ title, answer }) => title === 'What is the cause?' && answer?.how !== 'time')?.answer;
  const tasks = questions.flatMap(({ kind, title }) => (kind === 'task' ? [title] : []));
  const work = steps.find(
    ({ title, phase, state, changes }) =>
      state === 'done' && phase.includes('Resolution Steps') && (changes.length > 0 || tasks.includes(title)),
  );
  if (work) return { evidence: `${work.title}: ${work.because}` };
  return { ask: `What fixed it${cause ? `, after ${cause.by} named ${cause.choice} as the cause` : ''}: us, or someone else?` };
}
