import { condition } from '@temporalio/workflow';
import type { Answer, Finding, Question, StepReport } from '../../contract/index.ts';
import { after } from '../record/duration.ts';
import type { Incident } from '../incident/incident.ts';
import { noteCheck } from '../incident/checks.ts';
import { put, withdraw } from '../incident/questions.ts';
import { recoveryCriteria } from '../record/resume-from.ts';
import { takeBackAll, takeBackClearings } from '../words/take-back.ts';
import { closeAnyway, isForThePublic, isStatement, leaveThem, restoreOrders, restoreThem } from '../record/standing.ts';
import { recoveredInFull, standingChanges } from './standing.ts';
import { howToEnd } from '../record/how-to-end.ts';
import { stillDelivered, stillFiring } from '../record/counted-alerts.ts';
import { isOpen, openQuestions, type State } from '../record/state.ts';

/** Milliseconds until recovery is checked again; paced. */
const checkAgain = 300_000;

/** An incident closes when its recovery is measured, nothing of ours stands and its alert stays quiet; or by a person. */
export async function close(incident: Incident, recovered: () => Promise<Finding>): Promise<string> {
  await takeBackClearings(incident);
  const tail = incident.tail();
  for (;;) {
    if (isPast(incident)) continue;
    if (incident.state.givenUp !== undefined) return incident.state.givenUp;
    const otherwise = incident.state.state === 'resolved' ? undefined : await untilRecovered(incident, recovered);
    if (otherwise !== undefined) return otherwise;
    const end = await quietTime(incident, tail);
    if (end === 'quiet') break;
    if (end === 'fires again') await incident.again();
  }
  return incident.state.mode === 'observe' ? 'observed' : 'recovered';
}

/** Checks until recovery is measured; meanwhile people may close it. Their words, or nothing when it has recovered. */
async function untilRecovered(incident: Incident, recovered: () => Promise<Finding>): Promise<string | undefined> {
  for (;;) {
    await restoreAsOrdered(incident);
    if (incident.state.nextCheck !== undefined) {
      if (hasOnlyObserved(incident)) return withdrawAsked(incident, 'the alert has resolved') ?? 'observed';
      // Whoever is asked for the last text has until the next check before the notice itself is asked about.
      if (!isEndAsked(incident, after(incident.state.nextCheck, -2 * incident.paced(checkAgain)))) askWhetherToClose(incident);
      await answeredBefore(incident, incident.state.nextCheck);
      const answer = closingAnswer(incident.state);
      if (answer) return [answer.choice, answer.reason].filter(Boolean).join(': ');
      await restoreAsOrdered(incident);
    }
    if (await incident.undisturbed(() => isRecovered(incident, recovered)))
      return withdrawAsked(incident, 'recovery is measured');
  }
}

async function isRecovered(incident: Incident, recovered: () => Promise<Finding>): Promise<boolean> {
  const { verdict, evidence, standing } = await recoveredInFull(incident, recovered);
  const again = verdict === 'healthy' ? undefined : after(incident.now(), incident.paced(checkAgain));
  noteCheck(incident, recoveryCriteria, { verdict, evidence });
  incident.record({ kind: 'recovery', verdict, evidence, again, standing });
  return verdict === 'healthy';
}

/** Nothing was changed, so the end of the alert is the end. */
const hasOnlyObserved = ({ state }: Incident) => state.mode === 'observe' && !stillFiring(state);

const notMeasured = { title: 'Recovery is not measured', choices: [closeAnyway] };
const stillStands = { title: 'Changes of this incident still stand', choices: [restoreThem, leaveThem] };

/** An order of people goes on where the incident rolled over meanwhile; a restored change is not tried again. */
async function restoreAsOrdered(incident: Incident): Promise<void> {
  const orders = restoreOrders(incident.state);
  if (orders === 0) return;
  const standing = incident.state.recovery?.standing ?? (await standingChanges(incident)).standing;
  await takeBackAll(incident, orders, key => standing.includes(key));
}

/** Asks about the obstacle of now. A question that is open, also from before the incident rolled over, is not asked again. */
function askWhetherToClose(incident: Incident) {
  const { evidence: because = '', standing } = incident.state.recovery ?? {};
  const asking = standing ? stillStands : notMeasured;
  if (!openQuestions(incident.state).some(({ title }) => title === asking.title))
    put(incident, { kind: 'choice', ...asking, owner: 'commander', because });
}

/**
 * Nothing stands but the notice on the status page, and people are asked to publish its last text. An incident that began before there
 * were drafts goes on as it began.
 * @param since RFC 3339; they were asked after it
 */
function isEndAsked({ start, state: { recovery, steps, questions } }: Incident, since = ''): boolean {
  if (!start.platform.drafts) return false;
  const notices = steps.filter(isStatement);
  const isNotice = (key: string) => notices.some(({ takeBack }) => takeBack?.key === key);
  const isAsked = ({ waits }: StepReport) =>
    questions.some(one => one.id === waits?.question && one.kind === 'plan' && isOpen(one) && one.asked > since);
  return recovery?.standing?.every(isNotice) === true && notices.some(isAsked);
}

const isAboutTheEnd = ({ title }: Question) => title === notMeasured.title || title === stillStands.title;

/** Whichever obstacle people were asked about, they have closed the incident. */
const closingAnswer = ({ questions }: State): Answer | undefined =>
  questions.find(asked => isAboutTheEnd(asked) && asked.answer && asked.answer.choice !== restoreThem)?.answer;

/** Until people answer, or recovery is to be checked again. */
async function answeredBefore(incident: Incident, next: string): Promise<void> {
  const orders = restoreOrders(incident.state);
  const asked = isEndAsked(incident);
  const isPublished = () => asked && !isEndAsked(incident);
  const isAnswered = () => closingAnswer(incident.state) !== undefined || restoreOrders(incident.state) > orders || isPublished();
  const left = Date.parse(next) - Date.parse(incident.now());
  if (left > 0) await condition(isAnswered, left, { summary: 'check again whether it has recovered' });
}

function withdrawAsked(incident: Incident, because: string): undefined {
  for (const { id } of openQuestions(incident.state).filter(isAboutTheEnd)) withdraw(incident, id, because);
}

/** A quiet time that was broken before this run began. */
const isPast = (incident: Incident) =>
  incident.comesAgain('quiet', '', time => time <= incident.state.firedAgain || undefined) === true;

/** Quiet if the alert resolves and stays away for so long. A new one reopens the last remedy; after a change recovery is measured again. */
async function quietTime(incident: Incident, tail: Record<string, number>): Promise<'quiet' | 'fires again' | 'changed'> {
  const minutes = incident.start.platform.quietMinutes[incident.state.severity];
  const firesAgain = () => incident.state.firings > incident.state.quietSince;
  const isBroken = () => firesAgain() || incident.state.state !== 'resolved';
  if (incident.state.quietUntil === undefined) {
    await alertEnds(incident, minutes, isBroken);
    if (!isBroken()) incident.record({ kind: 'quiet from now', until: after(incident.now(), incident.paced(minutes * 60_000)) });
  }
  await condition(() => (incident.state.quiet && !isTextHeld(incident.state)) || isBroken());
  if (firesAgain()) incident.record({ kind: 'fires again', tail });
  else return isBroken() ? 'changed' : 'quiet';
  return 'fires again';
}

/** The last public text, or a mail to customers, waits for people. */
const isTextHeld = ({ steps }: State) => steps.some(step => isForThePublic(step) && step.state === 'waiting');

const stillFires = 'The alert still fires';

/** An alert that no one ends keeps its incident open: closed over it, the next repeat would open another one. */
async function alertEnds(incident: Incident, minutes: number, isBroken: () => boolean): Promise<void> {
  const settled = () => !stillDelivered(incident.state) || isBroken();
  if (settled()) return;
  const resolved = incident.state.times.resolved ?? '';
  const question = () => incident.state.questions.findLast(({ title, asked }) => title === stillFires && asked >= resolved);
  const waiting = { summary: 'the alert has not resolved: ask people' };
  if (question() === undefined && (await condition(settled, incident.paced(minutes * 60_000), waiting))) return;
  if (question() === undefined)
    put(incident, {
      kind: 'choice',
      title: stillFires,
      choices: ['close: the alert is wrong', 'close: no sender will end it'],
      owner: 'commander',
      because: howToEnd(incident.state),
    });
  await condition(() => settled() || question()?.answer !== undefined);
  const asked = question();
  if (asked && isOpen(asked)) withdraw(incident, asked.id, isBroken() ? 'the incident goes on' : 'the alert has resolved');
}
