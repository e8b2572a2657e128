/** A step whose symptom is not confirmed waits for it and for people at once; the runbook does not wait. */

import { condition } from '@temporalio/workflow';
import type { Call, Outcome } from '../../contract/index.ts';
import type { Incident } from '../incident/incident.ts';
import { isAsked, withdraw } from '../incident/questions.ts';
import { inRecovery } from '../record/alerts.ts';
import type { State } from '../record/state.ts';
import type { Acting } from './acting.ts';
import { type Next, onFailure, onOutcome, unconfirmed, type Waits } from './outcome.ts';

/** Milliseconds until it is judged again; paced. */
const judgeAgain = 60_000;

/** Judges until it applies or something else stands in its way. Nothing when the question is settled: that says what follows. */
export async function judgedAgain(
  incident: Incident,
  acting: Acting,
  { question, again }: Waits,
  judge: (call: Call) => Promise<Outcome>,
): Promise<Next | undefined> {
  const call = { key: acting.key, ...again, approved: undefined };
  const trying = { ...acting, call };
  for (;;) {
    await untilItIsTime(incident, acting, question);
    if (!isAsked(incident, question)) return undefined;
    const judged = await incident.judging(() =>
      judge(call).then(
        outcome => ({ outcome }),
        (error: unknown) => ({ error }),
      ),
    );
    if ('outcome' in judged && 'done' in judged.outcome) {
      withdraw(incident, question, `confirmed: ${judged.outcome.done.note}`);
      return onOutcome(incident, trying, judged.outcome);
    }
    // An answer of people comes before a plan or a failure.
    if (!isAsked(incident, question)) return undefined;
    if ('error' in judged || !isUnconfirmed(judged.outcome)) {
      withdraw(incident, question, 'it was judged again: see what is asked now');
      return 'error' in judged ? onFailure(incident, trying, judged.error) : onOutcome(incident, trying, judged.outcome);
    }
    const { planned: plan, because } = judged.outcome;
    incident.record({ kind: 'judged again', key: acting.key, question, because: unconfirmed(because.text), plan });
  }
}

const isUnconfirmed = (outcome: Outcome): outcome is Extract<Outcome, { planned: object }> =>
  'planned' in outcome && outcome.because.reason === 'not confirmed';

/** A minute, or a further alert or repeat of one. Not while Recovery moves the same objects or is measured, nor once it is resolved. */
async function untilItIsTime(incident: Incident, { title }: Acting, question: string): Promise<void> {
  const heard = newsOf(incident.state);
  const isQuiet = () => inRecovery(incident.state) || incident.state.state === 'resolved' || incident.isMeasuring;
  const isNews = () => !isAsked(incident, question) || (newsOf(incident.state) > heard && !isQuiet());
  for (;;) {
    await incident.until(() => isNews() || !isQuiet());
    if (isNews()) return;
    await condition(() => isNews() || isQuiet(), incident.paced(judgeAgain), { summary: `judge again: ${title}` });
    if (isNews() || !isQuiet()) return;
  }
}

const newsOf = ({ firings, absorbed }: State) => firings + absorbed;
