/** Looks whether the alert's end is true, once it has held; if so, people are told and may say that the runbook goes on. */

import type { Finding } from '../../contract/index.ts';
import { endTitle, holdDown, keepGoing, mayEnd } from '../record/alerts.ts';
import { after } from '../record/duration.ts';
import type { Incident } from '../incident/incident.ts';
import { put } from '../incident/questions.ts';

/** Title of the check. */
export const ownCheck = 'The alert has resolved: our own check';

/** For as long as the workflow runs. Before Recovery only: there nothing is withdrawn any more. */
export async function lookAtTheEnd(incident: Incident, check: () => Promise<Finding>): Promise<never> {
  const isHeld = () => mayEnd(incident.state) && incident.state.end.held;
  for (;;) {
    await incident.until(isHeld);
    const finding = await incident
      .tracked(check)
      .catch((error: unknown): Finding => ({ verdict: 'unknown', evidence: String(error) }));
    if (!isHeld()) continue;
    note(incident, finding);
    if (finding.verdict === 'healthy') itCounts(incident, finding);
    else incident.record({ kind: 'end doubted', until: after(incident.now(), incident.paced(holdDown)) });
  }
}

function note(incident: Incident, { verdict, evidence }: Finding) {
  const time = incident.state.steps.filter(({ title }) => title === ownCheck).length + 1;
  const key = `${incident.id}/${ownCheck}/${time}`;
  incident.record({ kind: 'step began', key, title: ownCheck, phase: '' });
  incident.record({ kind: 'step settled', key, state: verdict, because: evidence, evidence });
}

function itCounts(incident: Incident, { evidence }: Finding) {
  incident.record({ kind: 'alert ended' });
  put(incident, {
    kind: 'choice',
    title: endTitle,
    choices: [keepGoing],
    owner: 'commander',
    blocking: false,
    because: `It has held, and our own check is healthy: ${evidence} Until Recovery every further action is withdrawn.`,
  });
}
