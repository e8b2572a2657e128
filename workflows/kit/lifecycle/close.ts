import { condition } from '@temporalio/workflow';
import type { Finding } from '../../contract/index.ts';
import { after } from '../record/duration.ts';
import type { Incident } from '../incident/incident.ts';
import { pose } from '../incident/questions.ts';
import { takeBackClearings } from '../words/take-back.ts';
import { isOpen, openQuestions, stillDelivered, stillFiring } from '../record/state.ts';

const closeAnyway = 'close: no mitigation was possible';

/** An incident closes only when its recovery is measured and its alert stays quiet, or by a person with a reason. */
export async function close(incident: Incident, recovered: () => Promise<Finding>): Promise<string> {
  if (!incident.state.replay.bodyEnded) incident.record({ kind: 'body ended' });
  await takeBackClearings(incident);
  const tail = incident.tail();
  for (;;) {
    const otherwise = await untilRecovered(incident, recovered);
    if (otherwise !== undefined) return otherwise;
    if (isPast(incident)) continue;
    if (incident.state.state !== 'resolved') incident.record({ kind: 'state', state: 'resolved' });
    if (await staysQuiet(incident, tail)) break;
    await incident.again();
  }
  return incident.state.mode === 'observe' ? 'observed' : 'recovered';
}

/** Looks until recovery is measured; meanwhile people may close it. Their words, or nothing when it is well. */
async function untilRecovered(incident: Incident, recovered: () => Promise<Finding>): Promise<string | undefined> {
  let asked: string | undefined;
  const question = () => incident.state.questions.find(({ id }) => id === asked);
  for (;;) {
    const { verdict, evidence } = await recovered();
    incident.record({ kind: 'recovery', verdict, evidence });
    if (verdict === 'healthy') return withdraw(incident, asked, 'recovery is measured');
    if (incident.state.mode === 'observe' && !stillFiring(incident.state)) {
      withdraw(incident, asked, 'the alert has ended');
      return 'observed';
    }
    asked ??= pose(incident, {
      kind: 'choice',
      title: 'Recovery is not measured',
      choices: [closeAnyway],
      owner: 'commander',
      because: evidence,
      needsReason: true,
    });
    await incident.pause(300_000, 'look again whether it has recovered', () => question()?.answer !== undefined);
    const { answer } = question() ?? {};
    if (answer) return [answer.choice, answer.reason].filter(Boolean).join(': ');
  }
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
    choices: ['close: the alert is wrong'],
    owner: 'commander',
    because: 'recovery is measured, but nobody has said that the alert has ended',
    needsReason: true,
  });
  const isAnswered = () => !openQuestions(incident.state).some(({ id }) => id === asked);
  await condition(() => ended() || isAnswered());
  if (ended()) withdraw(incident, asked, 'the alert has ended');
}
