import { condition } from '@temporalio/workflow';
import type { Answer, Finding, Question } from '../../contract/index.ts';
import { after } from '../record/duration.ts';
import type { Incident } from '../incident/incident.ts';
import { noteCheck } from '../incident/checks.ts';
import { pose, put } from '../incident/questions.ts';
import { recoveryCriteria } from '../record/resume-from.ts';
import { takeBackAll, takeBackClearings } from '../words/take-back.ts';
import { closeAnyway, leaveThem, restoreThem } from '../record/standing.ts';
import { recoveredInFull } from './standing.ts';
import { howToEnd } from '../record/how-to-end.ts';
import { stillDelivered, stillFiring } from '../record/counted-alerts.ts';
import { isOpen, openQuestions } from '../record/state.ts';

/** Milliseconds until recovery is checked again; paced. */
const checkAgain = 300_000;

/** An incident closes when its recovery is measured, nothing of ours stands and its alert stays quiet; or by a person. */
export async function close(incident: Incident, recovered: () => Promise<Finding>): Promise<string> {
  if (!incident.state.replay.bodyEnded) incident.record({ kind: 'body ended' });
  await takeBackClearings(incident);
  const tail = incident.tail();
  for (;;) {
    if (isPast(incident)) continue;
    if (incident.state.givenUp !== undefined) return incident.state.givenUp;
    const isMeasured = incident.state.state === 'resolved';
    const otherwise = isMeasured ? undefined : await untilRecovered(incident, recovered);
    if (otherwise !== undefined) return otherwise;
    if (!isMeasured) incident.record({ kind: 'state', state: 'resolved' });
    if (await staysQuiet(incident, tail)) break;
    await incident.again();
  }
  return incident.state.mode === 'observe' ? 'observed' : 'recovered';
}

/** Checks until recovery is measured; meanwhile people may close it. Their words, or nothing when it has recovered. */
async function untilRecovered(incident: Incident, recovered: () => Promise<Finding>): Promise<string | undefined> {
  let asked: string | undefined;
  for (;;) {
    await restoreAsOrdered(incident);
    if (incident.state.nextCheck !== undefined) {
      if (hasOnlyObserved(incident)) return withdraw(incident, asked, 'the alert has resolved') ?? 'observed';
      asked = askWhetherToClose(incident, asked);
      const answer = await answeredBefore(incident, asked, incident.state.nextCheck);
      if (answer && answer.choice !== restoreThem) return [answer.choice, answer.reason].filter(Boolean).join(': ');
      await restoreAsOrdered(incident);
    }
    const { verdict, evidence, standing } = await recoveredInFull(incident, recovered);
    const again = verdict === 'healthy' ? undefined : after(incident.now(), incident.paced(checkAgain));
    noteCheck(incident, recoveryCriteria, { verdict, evidence });
    incident.record({ kind: 'recovery', verdict, evidence, again, standing });
    if (verdict === 'healthy') return withdraw(incident, asked, 'recovery is measured');
  }
}

/** Nothing was changed, so the end of the alert is the end. */
const hasOnlyObserved = ({ state }: Incident) => state.mode === 'observe' && !stillFiring(state);

const notMeasured = { title: 'Recovery is not measured', choices: [closeAnyway], needsReason: true };
const stillStands = { title: 'Changes of this incident still stand', choices: [restoreThem, leaveThem] };

/** An order of people goes on where the incident rolled over meanwhile; a restored change is not tried again. */
async function restoreAsOrdered(incident: Incident): Promise<void> {
  const orders = incident.state.questions.filter(({ answer }) => answer?.choice === restoreThem).length;
  if (orders > 0) await takeBackAll(incident, orders);
}

/** The question that was asked before the incident rolled over is the same question, unless something else is in the way now. */
function askWhetherToClose(incident: Incident, asked: string | undefined): string {
  const { evidence: because = '', standing } = incident.state.recovery ?? {};
  const asking = standing ? stillStands : notMeasured;
  const isAskedNow = ({ title, withdrawn, answer }: Question) =>
    title === asking.title && withdrawn === undefined && answer?.choice !== restoreThem;
  const before = incident.state.questions.findLast(isAskedNow)?.id;
  if (before !== asked) withdraw(incident, asked, 'something else is in the way');
  return before ?? put(incident, { kind: 'choice', ...asking, owner: 'commander', because });
}

/** The answer of people before recovery is checked again. */
async function answeredBefore(incident: Incident, asked: string, next: string): Promise<Answer | undefined> {
  const answer = () => incident.state.questions.find(({ id }) => id === asked)?.answer;
  const left = Date.parse(next) - Date.parse(incident.now());
  if (left > 0) await condition(() => answer() !== undefined, left, { summary: 'check again whether it has recovered' });
  return answer();
}

function withdraw(incident: Incident, asked: string | undefined, because: string): undefined {
  const question = incident.state.questions.find(({ id }) => id === asked);
  if (question && isOpen(question)) incident.record({ kind: 'withdrawn', question: question.id, because });
}

/** A quiet time that was broken before this run began. */
const isPast = (incident: Incident) =>
  incident.comesAgain('quiet', '', time => time <= incident.state.firedAgain || undefined) === true;

/** True if the alert resolves and stays away for the quiet time; false when a new one fires, which reopens the last remedy. */
async function staysQuiet(incident: Incident, tail: Record<string, number>): Promise<boolean> {
  const { platform } = incident.start;
  const minutes = platform.quietMinutes[incident.state.severity];
  if (incident.state.quietUntil === undefined) {
    await alertEnds(incident, minutes);
    incident.record({ kind: 'quiet from now', until: after(incident.now(), incident.paced(minutes * 60_000)) });
  }
  const firesAgain = () => incident.state.firings > incident.state.quietSince;
  await condition(() => incident.state.quiet || firesAgain());
  if (firesAgain()) incident.record({ kind: 'fires again', tail });
  return incident.state.quietUntil !== undefined;
}

/** An alert that no one ends keeps its incident open: closed over it, the next repeat would open another one. */
async function alertEnds(incident: Incident, minutes: number): Promise<void> {
  const ended = () => !stillDelivered(incident.state);
  if (ended()) return;
  if (await condition(ended, incident.paced(minutes * 60_000), { summary: 'the alert has not resolved: ask people' })) return;
  const asked = pose(incident, {
    kind: 'choice',
    title: 'The alert still fires',
    choices: ['close: the alert is wrong', 'close: no sender will end it'],
    owner: 'commander',
    because: howToEnd(incident.state),
    needsReason: true,
  });
  const isAnswered = () => !openQuestions(incident.state).some(({ id }) => id === asked);
  await condition(() => ended() || isAnswered());
  if (ended()) withdraw(incident, asked, 'the alert has resolved');
}
