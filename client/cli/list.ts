import type { Listed } from '../incident.ts';
import { ending, isCutOff } from '../incident.ts';
import { reported } from '../reported.ts';
import type { Desk, Format, Register } from './desk.ts';
import { output } from './desk.ts';
import { openQuestions } from './first-lines.ts';
import { outputs } from './outputs.ts';
import { span, table } from './text.ts';
import { unknownHere, unknownTypes } from './unknown-here.ts';

const examples = `
Examples:
  runbooks list
  runbooks list --all -o json`;

export const list: Register = (program, desk) =>
  program
    .command('list')
    .description('open incidents and take-backs, newest first')
    .option('-a, --all', 'closed ones too, as long as Temporal keeps them')
    .addOption(output())
    .addHelpText('after', examples)
    .action(async ({ all = false, output: format }: { all?: boolean; output: Format }) => {
      const found = await desk.temporal.list({ all });
      const incidents = await Promise.all(found.map(incident => withQuestions(desk, incident)));
      const unknown = unknownTypes(incidents);
      if (unknown.length > 0) desk.note(unknownHere(unknown));
      desk.show(format, outputs.list, { incidents }, () => {
        const rows = incidents.map(incident => row(incident, desk.now()));
        if (rows.length === 0)
          return [all ? 'This Temporal namespace has no incident.' : 'No incident is open. Closed ones: runbooks list --all'];
        return table(['INCIDENT', 'SEVERITY', 'STATE', 'CLUSTER', 'WAITS FOR', 'AGE'], rows);
      });
    });

/** A take-back carries no search attributes: it is asked for its questions. */
async function withQuestions(desk: Desk, incident: Listed): Promise<Listed> {
  if (!incident.open || incident.type !== 'takeBack' || incident.waitingFor.length > 0) return incident;
  const { report } = await reported(desk.temporal, incident);
  if (!report) return incident;
  return { ...incident, waitingFor: [...new Set(openQuestions(report).map(({ owner }) => owner))] };
}

const row = (incident: Listed, now: number): string[] => {
  const { name, runId, severity, state, cluster, waitingFor, opened, open, replaced } = incident;
  return [
    name,
    severity ?? '-',
    open ? (state ?? 'open') : replaced ? `reset: ${runId}` : endOf(incident),
    cluster ?? '-',
    (open && waitingFor.join(', ')) || '-',
    span(now - Date.parse(opened)),
  ];
};

const endOf = (incident: Listed) => (isCutOff(incident) ? ending(incident) : 'closed');
