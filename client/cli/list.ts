import type { Listed } from '../incident.ts';
import { ending, isCutOff } from '../incident.ts';
import { reported } from '../reported.ts';
import { detectionNow, detectionSection } from './detection.ts';
import type { Desk, Format, Register } from './desk.ts';
import { output } from './desk.ts';
import { openQuestions } from './first-lines.ts';
import { everythingHeld, heldIncidents, oneHeld } from './holds.ts';
import { outputs } from './outputs.ts';
import { type PlatformNow, platformNow, standingSection } from './standing-changes.ts';
import { span, table } from './text.ts';
import { unknownHere, unknownTypes } from './unknown-here.ts';

const examples = `
Examples:
  runbooks list
  runbooks list --all -o json`;

export const list: Register = (program, desk) =>
  program
    .command('list')
    .description('open incidents and rollbacks, newest first; then what ended incidents left changed')
    .option('-a, --all', 'closed ones too, as long as Temporal keeps them')
    .addOption(output())
    .addHelpText('after', examples)
    .action(async ({ all = false, output: format }: { all?: boolean; output: Format }) => {
      const [found, detection] = [await desk.temporal.list({ all }), await detectionNow(desk)];
      // Afterwards: loading the Kubernetes client blocks this thread, and Temporal's time limit would pass meanwhile.
      const platform = await platformNow(desk);
      const incidents = await Promise.all(found.map(incident => withQuestions(desk, incident)));
      const unknown = unknownTypes(incidents);
      if (unknown.length > 0) desk.note(unknownHere(unknown));
      const held = platform.hold ? await heldIncidents(desk, platform.hold) : [];
      desk.show(format, outputs.list, { ...platform, held, incidents, detection }, () => [
        ...heldLines(platform, held),
        ...incidentLines(incidents, all, desk.now()),
        ...standingSection('Standing changes of incidents that have ended', platform.standing, desk.now()),
        ...detectionSection(detection, desk.now()),
      ]);
    });

/** Of everything, and of single incidents, whether something of them waits or not. */
const heldLines = ({ hold }: PlatformNow, one: { incident: string; reason: string }[]): string[] => [
  ...(hold?.held ? [everythingHeld(hold.reason ?? '')] : []),
  ...one.map(({ incident, reason }) => oneHeld(incident, reason)),
];

function incidentLines(incidents: Listed[], all: boolean, now: number): string[] {
  if (incidents.length > 0)
    return table(
      ['INCIDENT', 'SEVERITY', 'STATE', 'CLUSTER', 'WAITS FOR', 'AGE'],
      incidents.map(incident => row(incident, now)),
    );
  return [all ? 'This Temporal namespace has no incident.' : 'No incident is open. Closed ones: runbooks list --all'];
}

/** The search attributes name the roles that it waits for; in a namespace without them a take-back is asked for its questions. */
async function withQuestions(desk: Desk, incident: Listed): Promise<Listed> {
  if (!incident.open || incident.type !== 'takeBack' || incident.state !== undefined) return incident;
  const { report } = await reported(desk.temporal, incident);
  if (!report) return incident;
  return { ...incident, waitingFor: [...new Set(openQuestions(report).map(({ owner }) => owner))] };
}

const row = (incident: Listed, now: number): string[] => {
  const { name, runId, severity, cluster, waitingFor, opened, open, replaced } = incident;
  return [
    name,
    isToBeUndone(incident) ? '-' : (severity ?? '-'),
    open ? stateOf(incident) : replaced ? `reset: ${runId}` : endOf(incident),
    cluster ?? '-',
    (open && waitingFor.join(', ')) || '-',
    span(now - Date.parse(opened)),
  ];
};

/** Its severity is that of the page which it sends if it cannot undo by itself: until then no one is needed. */
const isToBeUndone = ({ type, state, open, waitingFor }: Listed) =>
  type === 'takeBack' && open && state === 'triggered' && waitingFor.length === 0;

const stateOf = (incident: Listed) => (isToBeUndone(incident) ? 'undoes later' : (incident.state ?? 'open'));

const endOf = (incident: Listed) => (isCutOff(incident) ? ending(incident) : 'closed');
