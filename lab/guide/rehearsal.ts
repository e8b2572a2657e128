// The rehearsal of a scripted incident, told to someone who has never seen one.
import { workflowBundle } from '../../worker/bundle.ts';
import { rehearseAll } from '../../worker/rehearsal/incidents.ts';
import { Sandbox } from '../../worker/rehearsal/rehearse.ts';
import { readScenario } from '../../worker/rehearsal/scenario.ts';
import type { Question, Report } from '../../workflows/contract/index.ts';
import { elapsed, stepLine } from './telling.ts';

/** A scripted incident as it would be told by someone who looked at the clock. */
export async function rehearsed(name: string): Promise<string[]> {
  const { title, setting } = readScenario(name);
  const sandbox = await Sandbox.load((await workflowBundle()).code, []);
  const { incidents } = await rehearseAll(sandbox, setting);
  return [
    '\nMeanwhile, the rehearsal of the incident that you will see for real: the same runbook, in virtual time.',
    `${title}. Times count from the alert:`,
    ...incidents.flatMap(({ report }) =>
      momentsOf(report).map(({ at, text }) => `  ${elapsed(report.times.fired, at).padStart(6)}  ${text}`),
    ),
  ];
}

interface Moment {
  /** RFC 3339. */
  at: string;
  text: string;
}

/** What happened at the same second stands in the order in which it makes sense. */
function momentsOf({ summary, times, commander, phases, steps, questions, outcome }: Report): Moment[] {
  const moments = [
    ...timely(times.fired, `The alert fires: ${summary}`),
    ...steps.flatMap(step => timely(step.ended, stepLine(step).trim())),
    ...questions.flatMap(answered),
    ...phases.flatMap(({ began, title }) => timely(began, `── ${title}`)),
    ...questions.map(({ asked, title, choices }) => ({ at: asked, text: `? ${title} ${choices.join(' · ')}` })),
    ...timely(times.acknowledged, `${commander ?? 'Someone'} acknowledges and takes command`),
    ...timely(times.resolved, 'Resolved: recovery is measured. Now the alert must stay quiet'),
    ...timely(times.closed, `Closed: ${outcome}`),
  ];
  return moments.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

const timely = (at: string | undefined, text: string): Moment[] => (at ? [{ at, text }] : []);

const answered = ({ title, answer }: Question): Moment[] =>
  timely(answer?.at, `${answer?.by} answers ${title.replace(/\?$/, '')}: ${answer?.choice}`);
