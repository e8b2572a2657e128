import { condition } from '@temporalio/workflow';
import type { Answer, Finding } from '../../contract/index.ts';
import { after } from '../record/duration.ts';
import type { Incident } from '../incident/incident.ts';
import { noteCheck } from '../incident/checks.ts';
import { pose, put } from '../incident/questions.ts';
import { recoveryCriteria } from '../record/resume-from.ts';
import { takeBackClearings } from '../words/take-back.ts';
import { howToEnd } from '../record/how-to-end.ts';
import { stillDelivered, stillFiring } from '../record/counted-alerts.ts';
import { isOpen, openQuestions } from '../record/state.ts';

const closeAnyway = 'close: no mitigation was possible';
/** Milliseconds until recovery is checked again; paced. */
const checkAgain = 300_000;

/** An incident closes only when its recovery is measured and its alert stays quiet, or by a person with a reason. */
export async function close(incident: Incident, recovered: () => Promise<Finding>): Promise<string> {
  if (!incident.state.replay.bodyEnded) incident.record({ kind: 'body ended' });
  await takeBackClearings(incident);
  const tail = incident.tail();
  for (;;) {
    if (isPast(incident)) continue;
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
    if (incident.state.nextCheck !== undefined) {
      if (hasOnlyObserved(incident)) return withdraw(incident, asked, 'the alert has ended') ?? 'observed';
      asked ??= askWhetherToClose(incident);
      const answer = await answeredBefore(incident, asked, incident.state.nextCheck);
      if (answer) return [answer.choice, answer.reason].filter(Boolean).join(': ');
    }
    const { verdict, evidence } = await recovered();
    const again = after(incident.now(), incident.paced(checkAgain));
    noteCheck(incident, recoveryCriteria, { verdict, evidence });
    incident.record({ kind: 'recovery', verdict, evidence, ...(verdict !== 'healthy' && { again }) });
    if (verdict === 'healthy') return withdraw(incident, asked, 'recovery is measured');
  }
}

/** Nothing was changed, so the end of the alert is the end. */
const hasOnlyObserved = ({ state }: Incident) => state.mode === 'observe' && !stillFiring(state);

/** The question that was asked before the incident rolled over is the same question. */
function askWhetherToClose(incident: Incident): string {
  const title = 'Recovery is not measured';
  const before = incident.state.questions.findLast(asked => asked.title === title && asked.withdrawn === undefined);
  const because = incident.state.recovery?.evidence ?? '';
  return (
    before?.id ?? put(incident, { kind: 'choice', title, choices: [closeAnyway], owner: 'commander', because, needsReason: true })
  );
}

/** What people answer before recovery is checked again. */
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

/** Whether the alert ends and stays away for the quiet time; not so when a new one fires, which reopens the last remedy. */
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

/** An alert that nobody ends keeps its incident open: closed over it, the next repeat would open another one. */
async function alertEnds(incident: Incident, minutes: number): Promise<void> {
  const ended = () => !stillDelivered(incident.state);
  if (ended()) return;
  if (await condition(ended, incident.paced(minutes * 60_000), { summary: 'the alert has not ended: ask people' })) return;
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
  if (ended()) withdraw(incident, asked, 'the alert has ended');
}
