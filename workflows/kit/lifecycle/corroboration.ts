/** An alert whose symptom is not confirmed is a ticket, not an incident: it is checked every minute, and no one is woken. */

import { condition } from '@temporalio/workflow';
import { type Corroboration, corroborated } from '../../catalog/corroboration.ts';
import { runbook } from '../../catalog/index.ts';
import type { Alert, Finding } from '../../contract/index.ts';
import { noteUnseen, runOneLook } from '../words/activities.ts';
import type { Incident } from '../incident/incident.ts';
import { pose } from '../incident/questions.ts';
import { firingNow, stillFiring } from '../record/counted-alerts.ts';
import { isOpen } from '../record/state.ts';

const begin = 'begin';
const lookAgain = 60_000;
/** Milliseconds until the first level of a P0 is told anyway; people are waited for at no pace. */
const patience = 600_000;
/** So often in a day it is the business of the runbook’s owner. */
const often = 3;

const ruleFor = ({ name, source }: Alert) =>
  source !== 'person' && Object.hasOwn(corroborated, name) ? corroborated[name] : undefined;

/** True if no check comes first. */
export const isBelievedAtOnce = (alert: Alert) => ruleFor(alert) === undefined;

/**
 * True if the runbook starts. Only a healthy sample, with its minimum of samples, keeps it from that;
 * faulty, unknown, late or failed, the alert is believed. At the alert's end it is not begun at all.
 */
export async function isBelieved(incident: Incident, alert: Alert): Promise<boolean> {
  const rule = ruleFor(alert);
  const believed = rule === undefined || (await begins(incident, alert, rule));
  if (believed && incident.state.paging.unseen) incident.record({ kind: 'seen' });
  return believed;
}

async function begins(incident: Incident, alert: Alert, rule: Corroboration): Promise<boolean> {
  const look = () => lookOnce(incident, alert, rule);
  if (incident.state.steps.length === 0) await firstLook(incident, alert, look);
  if (isBegun(incident, alert)) return true;
  const title = withoutSymptom(alert);
  const asked = pose(incident, { kind: 'choice', title, choices: [begin], owner: 'primary', blocking: false, because });
  const isOver = await untilItShows(incident, alert, look);
  const question = incident.state.questions.find(({ id }) => id === asked);
  const why = isOver ? 'the alert has resolved' : 'the runbook begins';
  if (question && isOpen(question)) incident.record({ kind: 'withdrawn', question: asked, because: why });
  return !isOver;
}

/** An alert without a confirmed symptom is a follow-up, unless another alert of the runbook said the same within the hour. */
async function firstLook(incident: Incident, alert: Alert, look: () => Promise<Finding>): Promise<void> {
  const finding = await look();
  if (finding.verdict !== 'healthy') return note(incident, alert, finding);
  const { times, second } = await before(incident, alert);
  if (second) return note(incident, alert, { verdict: 'unknown', evidence: `${secondAlert} ${finding.evidence}` });
  note(incident, alert, finding);
  const isOften = times >= often;
  incident.record({
    kind: 'follow-up',
    title: withoutSymptom(alert),
    owner: isOften ? runbook(incident.state.runbook).owner : 'operations',
    confirm: isOften ? `${finding.evidence} False alarm ${times} times today: fix the alert rule.` : finding.evidence,
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

const lookOnce = (incident: Incident, { name }: Alert, { check, input }: Corroboration) =>
  incident
    .tracked(() => runOneLook(titleOf(name), check, input))
    .catch((error: unknown): Finding => ({ verdict: 'unknown', evidence: `check failed: ${String(error)}` }));

/** It shows, another alert says the same, or a person begins. */
function isBegun({ state }: Incident, alert: Alert): boolean {
  const shows = state.steps.some(step => step.title === titleOf(alert.name) && step.state !== 'healthy');
  const asked = state.questions.findLast(({ title }) => title === withoutSymptom(alert));
  return shows || firingNow(state) > 1 || asked?.answer !== undefined;
}

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
