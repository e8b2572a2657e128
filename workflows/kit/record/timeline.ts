/** The timeline of an incident: who or what acted, and when. Derived from the record, which is the only log that we keep. Pure. */

import {
  type PhaseReport,
  type Question,
  type Report,
  type StepReport,
  stateText,
  type TimelineEntry,
} from '../../contract/index.ts';
import { mostTimeline } from './bounds.ts';
import { pagingPhase, questionsPhase } from './phases-of-ours.ts';
import { cut } from './text.ts';

/** Characters of an entry. */
const longestEntry = 200;

export type Recorded = Omit<Report, 'timeline'>;

/** The newest entries, the oldest of them first; what happened at the same time stays in the order of the record. */
export const timelineOf = (report: Recorded): TimelineEntry[] =>
  entriesOf(report)
    .sort((one, other) => one.at.localeCompare(other.at))
    .slice(-mostTimeline)
    .map(({ at, who, what }) => ({ at, who: cut(who, longestEntry), what: cut(what, longestEntry) }));

const entriesOf = (report: Recorded): TimelineEntry[] => [
  ...alertsOf(report),
  ...timesOf(report),
  ...report.phases.flatMap(phaseEntries),
  ...report.steps.flatMap(stepEntries),
  ...report.questions.flatMap(questionEntries),
  ...saidBy(report),
  ...(report.overdue ?? []).map(({ clock, at }) => ({ at, who: 'time', what: `overdue: ${clock}` })),
];

const alertsOf = ({ alerts }: Recorded): TimelineEntry[] =>
  alerts.flatMap(({ name, source, startsAt, endsAt, status, explained, absorbed, firedAgain }) => {
    const who = source === 'person' ? 'person' : 'alert';
    const fires = { at: utc(startsAt), who, what: `${name} fires${explained ? `, caused by ${explained}` : ''}` };
    const again: [string | undefined, string][] = [
      [status === 'resolved' ? endsAt : undefined, 'resolved'],
      [absorbed, 'fires with its former beginning right after its end: absorbed'],
      [firedAgain, 'fires again with its former beginning after its end: it fires'],
    ];
    return [fires, ...again.flatMap(([at, what]) => (at === undefined ? [] : [{ at: utc(at), who, what: `${name} ${what}` }]))];
  });

function timesOf({ kind, times, outcome }: Recorded): TimelineEntry[] {
  const entries: [string | undefined, string][] = [
    [times.opened, `${kind ?? 'incident'} opened`],
    [times.paged, 'first page sent'],
    [times.acknowledged, 'acknowledged'],
    [times.mitigated, 'mitigated: a change had its effect, as measured'],
    [times.resolved, 'resolved'],
    [times.closed, `closed${outcome ? `: ${outcome}` : ''}`],
  ];
  return entries.flatMap(([at, what]) => (at === undefined ? [] : [{ at, who: 'incident', what }]));
}

const phaseEntries = ({ title, began, ended, overdue, extended = [] }: PhaseReport): TimelineEntry[] => [
  { at: began, who: 'runbook', what: `${title} begins` },
  ...(overdue === undefined ? [] : [{ at: overdue, who: 'time', what: `${title} is overdue` }]),
  ...extended.map(({ at, by, until, reason }) => ({ at, who: by, what: `${title} has until ${until}: ${reason}` })),
  ...(ended === undefined ? [] : [{ at: ended, who: 'runbook', what: `${title} ends` }]),
];

/** A question says for itself when it was announced; a step says when it ended, or that it has not. */
function stepEntries({ title, phase, state, because, began, ended }: StepReport): TimelineEntry[] {
  if (phase === questionsPhase) return [];
  const who = phase === pagingPhase ? 'escalation' : 'runbook';
  return [{ at: ended ?? began, who, what: `${title}: ${stateText(state)}${because ? `: ${because}` : ''}` }];
}

function questionEntries({ title, owner, announced, asked, votes = [], answer, id }: Question): TimelineEntry[] {
  const given = answer ? [...votes.filter(({ at }) => at !== answer.at), answer] : votes;
  return [
    { at: announced ?? asked, who: 'incident', what: `asks ${owner}: ${title} (${id})` },
    ...given.map(({ at, by, how, choice, reason }) => ({
      at,
      who: how === 'time' ? 'time' : by,
      what: `answers ${title} (${id}): ${choice}${reason ? `: ${reason}` : ''}`,
    })),
  ];
}

const saidBy = ({ refusals, notes = [], severityChanges = [], brokenGlass = [] }: Recorded): TimelineEntry[] => [
  ...refusals.map(({ at, by, what, because }) => ({ at, who: by, what: `refused: ${what}: ${because}` })),
  ...notes.map(({ at, by, text }) => ({ at, who: by, what: `notes: ${text}` })),
  ...severityChanges.map(({ at, by, from, to, reason }) => ({ at, who: by, what: `severity ${from} → ${to}: ${reason}` })),
  ...brokenGlass.map(({ at, by, title, reason }) => ({ at, who: by, what: `decides alone “${title}”: ${reason}` })),
];

/** Times of senders, in the form of ours: texts are compared. */
function utc(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : new Date(at).toISOString();
}
