import type { Question, Report, StepReport } from '../contract/index.ts';
import { isOpen } from './state.ts';

const newest = 8;

/** The incident as Markdown, for the Temporal UI: what it waits for first, the newest steps last. */
export function board(report: Report, workflowId: string): string {
  const { title, severity, state, summary, phases, questions, steps, undelivered, byHand, mode } = report;
  const phase = phases.findLast(({ ended }) => ended === undefined)?.title;
  return [
    `## ${plain(title)}: ${state} (${severity})`,
    [phase && `Phase: ${plain(phase)}.`, mode === 'observe' && '**Observing: nothing is changed.**', pace(report)]
      .filter(Boolean)
      .join(' '),
    plain(summary),
    ...questions.filter(isOpen).map(question => asked(question, report.incident, workflowId)),
    '### Steps',
    ...steps.slice(-newest).map(line),
    ...(undelivered.length > 0 ? [`Not delivered: ${undelivered.map(({ system }) => plain(system)).join(', ')}`] : []),
    ...(byHand.length > 0 ? [`By hand, ready to paste: ${byHand.map(({ step }) => plain(step)).join(', ')}`] : []),
  ].join('\n\n');
}

const pace = ({ timesFaster }: Report) => timesFaster > 1 && `Waiting for the world is ${timesFaster} times faster here.`;

function asked(
  { id, title, choices, because, suggest, plan, expires, otherwise }: Question,
  incident: string,
  workflowId: string,
): string {
  const changes =
    plan?.changes.map(
      ({ target, field, before, after }) =>
        `- ${plain(target)} ${plain(field)}: ${plain(before ?? 'absent')} → ${plain(after ?? 'absent')}`,
    ) ?? [];
  const choice = suggest ?? choices[0] ?? '';
  const decision = JSON.stringify({ question: id, choice, by: 'YOU' });
  return [
    `### ${plain(title)}`,
    plain(because ?? ''),
    ...changes,
    ...(plan?.consequences ?? []).map(text => `- ${plain(text)}`),
    `Choices: ${choices.map(plain).join(' · ')}${suggest ? ` (proposed: ${plain(suggest)})` : ''}`,
    expires ? `Unanswered at ${expires}: ${plain(otherwise ?? '')}` : 'Unanswered: it waits; nothing is changed.',
    `\`\`\`\nrunbooks decide ${incident} ${id} '${choice}' --as YOU\ntemporal workflow signal -w '${workflowId}' --name decide --input '${decision.replaceAll("'", '’')}'\n\`\`\``,
  ].join('\n\n');
}

const line = ({ title, state, because }: StepReport) => `- ${plain(title)}: **${state}** ${plain(because)}`;

/** Markdown that shows a text and interprets none of it. */
const plain = (text: string) => text.replace(/[\\`*_{}[\]()#+!|<>~]/g, '\\$&').replace(/\s+/g, ' ');
