import type { Report } from '../../workflows/contract/index.ts';
import type { Listed, Reported } from '../incident.ts';
import { isCutOff } from '../incident.ts';
import { reported } from '../reported.ts';
import { details } from './details.ts';
import type { Desk, Format, Register } from './desk.ts';
import { output } from './desk.ts';
import { firstLines, type Seen } from './first-lines.ts';
import { cutOff, leftStanding } from './left.ts';
import { heldNow } from './holds.ts';
import { outputs } from './outputs.ts';
import { stepProgress } from './shown-progress.ts';
import { line, span } from './text.ts';

const examples = `
Examples:
  runbooks show dynex-outage-20261124-k7fp
  runbooks show dynex-outage -o json | jq '.questions[] | select(.answered == null)'

The first four lines: the impact on customers, what it did, what it needs from you,
and what happens if you do nothing.`;

export const show: Register = (program, desk) =>
  program
    .command('show <incident>')
    .description('one incident, open or closed: its state, and the questions it waits for')
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (text: string, { output: format }: { output: Format }) => {
      const incident = await desk.temporal.find(text);
      const found = await reported(desk.temporal, incident);
      const { report } = found;
      const ended = report && (await endOf(desk, incident, report));
      const held = await heldNow(desk, incident);
      const progress = report && incident.open ? stepProgress(report, await desk.temporal.listProgress(incident)) : [];
      const json = { ...asJson(incident, found), held: held ?? null, progress };
      desk.show(format, outputs.show, json, () => lines(desk, incident, found, { ...ended, held, progress }));
    });

/** The changes that an incident which has ended left. */
type Ended = Pick<Seen, 'cutOff' | 'left'>;
type More = Ended & Pick<Seen, 'held' | 'progress'>;

async function endOf(desk: Desk, incident: Listed, report: Report): Promise<Ended> {
  if (isCutOff(incident)) return { cutOff: await cutOff(desk, incident, report) };
  return { left: await leftStanding(desk, incident, report) };
}

function asJson(incident: Listed, { report, notProgressing }: Reported) {
  const { name, workflowId, runId, open, status } = incident;
  const questions = (report?.questions ?? []).map(question => ({
    ...question,
    answered: question.answer?.choice ?? null,
    by: question.answer?.by ?? null,
  }));
  return { ...report, incident: name, workflowId, runId, open, status, notProgressing: notProgressing ?? null, questions };
}

function lines(desk: Desk, incident: Listed, { report, notProgressing }: Reported, more: More): string[] {
  const seen = { name: incident.name, notProgressing, ...more, now: desk.now() };
  if (report) return [...firstLines({ ...seen, report }), ...details({ ...seen, report }, incident.workflowId)];
  const { error = 'unknown', since = '', fix = '' } = notProgressing ?? {};
  const begun = line`${incident.open ? 'open' : 'ended'}, opened ${span(desk.now() - Date.parse(incident.opened))} ago`;
  return [
    line`Customer impact:      not known: ${incident.name} gives no report`,
    line`What it did:          not known; ${[begun, more.held].filter(Boolean).join('; ')}`,
    ...(incident.open
      ? [
          line`Needs from you:       stuck since ${since}: ${error}. Fix: ${fix}`,
          'If you do nothing:    nothing happens: no step, no page, no deadline, until it is fixed',
        ]
      : [
          line`Needs from you:       to undo its changes: runbooks undo ${incident.name}. ${error}. To inspect: ${fix}`,
          'If you do nothing:    nothing continues: all changes stay, and the next alert opens a new incident',
        ]),
  ];
}
