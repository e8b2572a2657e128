/** A P0 of four virtual hours as bad as they come: relapse, silence, another alert; and the events that a server would write. */

import type { Rehearsal } from '../../worker/rehearsal/rehearse.ts';
import { aFoundStart, alertEnds, anAlert, finding, minutes, rehearsal } from '../support/rehearsing.ts';
import type { Row } from './row.ts';

/** The history a P0 leaves, in events. */
export async function gravest(): Promise<Row[]> {
  const told = [
    { after: minutes(1), signal: 'severity', args: [{ severity: 'P0', by: 'bob', reason: 'customers cannot work' }] },
    { after: minutes(2), signal: 'acknowledge', args: [{ by: 'ann' }] },
    { after: minutes(3), signal: 'alert', args: [anAlert({ name: 'QuantumServiceUnavailable', fingerprint: 'beef' })] },
    ...[60, 120, 180].map(after => ({ after: minutes(after), signal: 'note', args: [{ text: 'Dynex works on it', by: 'ann' }] })),
    { ...alertEnds(250), args: [anAlert({ name: 'QuantumServiceUnavailable', fingerprint: 'beef', status: 'resolved' })] },
    alertEnds(250),
  ];
  const rehearsed = await rehearsal({
    messages: told,
    args: [aFoundStart()],
    people: { 'What is the cause?': [cause, cause], 'Gradual Rollback: 100%': ['approve', 'approve'] },
    world: { 'Verify Quantum Jobs Resume': [finding('faulty'), finding('healthy')] },
    takes: { 'Monitor Dynex status page': minutes(110) },
  });
  const { severity, times } = rehearsed.report;
  const hours = (Date.parse(times.resolved ?? '') - Date.parse(times.fired)) / minutes(60);
  if (severity !== 'P0' || !(hours >= 4)) throw new Error(`A ${severity} of ${hours} hours is not what is to be measured.`);
  const events = eventsOf(rehearsed, told.length);
  return [{ what: 'Events of a P0 of four hours', value: events, unit: 'things', goal: 599 }];
}

const cause = 'Dynex Platform Issue';

/** A workflow task takes three events, an activity three, a timer two, everything else one. */
function eventsOf({ tasks, report }: Rehearsal, messages: number): number {
  const commands = tasks.flat();
  const activities = commands.filter(({ scheduleActivity }) => scheduleActivity != null).length;
  const stopped = commands.filter(({ cancelTimer }) => cancelTimer != null).length;
  const timers = commands.filter(({ startTimer }) => startTimer != null).length;
  const answers = report.questions.filter(({ answer }) => answer?.by === 'ann').length;
  return 1 + 3 * tasks.length + commands.length + 2 * activities + (timers - stopped) + messages + answers;
}
