/** An alert whose symptom is not confirmed is a ticket, not an incident: it is checked every minute, and no one is woken. */

import { condition } from '@temporalio/workflow';
import { corroborated } from '../../catalog/corroboration.ts';
import { runbook } from '../../catalog/index.ts';
import type { Alert, Finding } from '../../contract/index.ts';
import { noteUnseen, runOneLook } from '../words/activities.ts';
import type { Incident } from '../incident/incident.ts';
import { pose, withdraw } from '../incident/questions.ts';
import { couldNotCheck } from './standing.ts';
import { isFresh, isLate, stillFiring } from '../record/counted-alerts.ts';
import type { State } from '../record/state.ts';

const begin = 'begin';
const lookAgain = 60_000;
/** Milliseconds until the first level of a P0 is told anyway; people are waited for at no pace. */
const patience = 600_000;
/** So often in a day it is the business of the runbook’s owner. */
const often = 3;

/** A check, and what it is called with. */
interface FirstCheck {
  check: string;
  input: unknown;
}

const ruleFor = ({ name, source }: Alert) =>
  source !== 'person' && Object.hasOwn(corroborated, name) ? corroborated[name] : undefined;

/** The alert that opened the incident was more than an hour old. */
const cameLate = ({ state: { times } }: Incident) => isLate(times.fired, times.opened);

/** The check before the alert is believed: its own; where it is old and has none, the recovery check of the runbook. */
export const askedFirst = (incident: Incident, alert: Alert, recovery: FirstCheck): FirstCheck | undefined =>
  ruleFor(alert) ?? (cameLate(incident) ? recovery : undefined);

/**
 * True if the runbook starts. Only a healthy sample, with its minimum of samples, keeps it from that;
 * faulty, unknown, late or failed, the alert is believed. At the alert's end it is not begun at all.
 */
export async function isBelieved(incident: Incident, alert: Alert, asked: FirstCheck): Promise<boolean> {
  const believed = await begins(incident, alert, asked);
  // The further alert may end before the incident rolls over.
  if (believed && !shows(incident.state, alert) && !isAnswered(incident.state, alert))
    note(incident, alert, { verdict: 'unknown', evidence: secondAlert });
  if (believed && incident.state.paging.unseen) incident.record({ kind: 'seen' });
  if (believed && incident.state.paging.late && isConfirmed(incident, alert)) incident.record({ kind: 'confirmed' });
  return believed;
}

async function begins(incident: Incident, alert: Alert, asked: FirstCheck): Promise<boolean> {
  const look = () => lookOnce(incident, alert, asked);
  if (incident.state.steps.length === 0) await firstLook(incident, alert, look);
  if (isBegun(incident, alert)) return true;
  const title = withoutSymptom(alert);
  const question = pose(incident, { kind: 'choice', title, choices: [begin], owner: 'primary', blocking: false, because });
  const isOver = await untilItShows(incident, alert, look);
  const why = isOver ? 'the alert has resolved' : 'the runbook begins';
  withdraw(incident, question, why);
  return !isOver;
}

/** An alert without a confirmed symptom is a follow-up, unless it is fresh and another one of the runbook said the same within the hour. */
async function firstLook(incident: Incident, alert: Alert, look: () => Promise<Finding>): Promise<void> {
  const finding = await look();
  if (finding.verdict !== 'healthy') return note(incident, alert, finding);
  const { times, second } = await before(incident, alert);
  if (second && !cameLate(incident))
    return note(incident, alert, { verdict: 'unknown', evidence: `${secondAlert} ${finding.evidence}` });
  note(incident, alert, finding);
  const isOften = times >= often;
  incident.record({
    kind: 'follow-up',
    title: withoutSymptom(alert),
    owner: isOften ? runbook(incident.state.runbook).owner : 'operations',
    confirm: isOften ? `${finding.evidence} False alarm ${times} times today: fix the alert rule.` : finding.evidence,
    recurs: `${incident.state.runbook}/unconfirmed/${alert.fingerprint}`,
    since: alert.startsAt,
  });
}

/** An alert that cannot be recorded counts as the first. */
const before = (incident: Incident, alert: Alert) => {
  const { runbook } = incident.state;
  const { fingerprint } = alert;
  const remembered = () =>
    noteUnseen(`Record that the symptom of ${alert.name} is not confirmed`, { runbook, fingerprint, incident: incident.id });
  return incident.tracked(remembered).catch(() => ({ times: 1, second: false }));
};

/** Until it shows or someone begins; true when the alert ends before. */
async function untilItShows(incident: Incident, alert: Alert, look: () => Promise<Finding>): Promise<boolean> {
  for (;;) {
    const isSettled = () => !stillFiring(incident.state) || isBegun(incident, alert);
    await condition(isSettled, incident.paced(lookAgain), { summary: 're-check the symptom of the alert' });
    if (isSettled()) return !isBegun(incident, alert);
    const finding = await look();
    if (finding.verdict !== 'healthy') note(incident, alert, finding);
    else if (isToBeTold(incident)) incident.record({ kind: 'unseen' });
  }
}

/** Once, and no one who knows of it. */
const isToBeTold = ({ state: { severity, times, paging }, now }: Incident) =>
  severity === 'P0' && !paging.unseen && !times.acknowledged && Date.parse(now()) >= Date.parse(times.opened) + patience;

const lookOnce = (incident: Incident, { name }: Alert, { check, input }: FirstCheck) =>
  incident.tracked(() => runOneLook(titleOf(name), check, input)).catch(couldNotCheck);

/** It shows, a fresh alert says the same, or a person begins. */
function isBegun({ state }: Incident, alert: Alert): boolean {
  // Where the alert has a check of its own, another occurrence of it is asked as the first one was.
  const [, ...others] = state.counted;
  const saying = ruleFor(alert) ? others : state.counted;
  return shows(state, alert) || saying.some(isFresh) || isAnswered(state, alert);
}

const shows = ({ steps }: State, { name }: Alert) => steps.some(step => step.title === titleOf(name) && step.state !== 'healthy');

const isAnswered = ({ questions }: State, alert: Alert) =>
  questions.findLast(({ title }) => title === withoutSymptom(alert))?.answer !== undefined;

/** Our own check is faulty, or a person begins; an alert of which nothing is known stays an old one. */
const isConfirmed = ({ state }: Incident, alert: Alert) =>
  state.steps.some(step => step.title === titleOf(alert.name) && step.state === 'faulty') || isAnswered(state, alert);

/** Notes a sample; of the healthy ones only the first, so that a long wait stays small. */
function note(incident: Incident, alert: Alert, { verdict, evidence }: Finding) {
  const title = titleOf(alert.name);
  const key = `${incident.id}/${title}/${incident.state.steps.length + 1}`;
  incident.record({ kind: 'step began', key, title, phase: '' });
  incident.record({ kind: 'step settled', key, state: verdict, because: evidence, evidence });
}

const titleOf = (name: string) => `Confirm ${name}`;
const withoutSymptom = ({ name }: Alert) => `Symptom not confirmed: ${name}`;
const because =
  'Our own check is healthy, so no one is paged and nothing is changed. We re-check every minute and start the runbook as soon as the check is not healthy.';
const secondAlert = 'A second alert of this runbook fired within the hour, so the alert is believed.';
