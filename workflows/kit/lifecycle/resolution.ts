/** Looks whether the alert's end is true, once it has held; if so, people are told and may say that the runbook goes on. */

import type { Finding } from '../../contract/index.ts';
import { endTitle, holdDown, isOurs, keepGoing, mayEnd } from '../record/alerts.ts';
import { after } from '../record/duration.ts';
import type { Incident } from '../incident/incident.ts';
import { noteCheck } from '../incident/checks.ts';
import { put } from '../incident/questions.ts';

/** Title of the check. */
export const ownCheck = 'The alert has resolved: our own check';

/** For as long as the workflow runs: before Recovery, and wherever alerts are not counted each. */
export async function lookAtTheEnd(incident: Incident, check: () => Promise<Finding>): Promise<never> {
  const isHeld = () => isOurs(incident.state) && incident.state.end.held;
  for (;;) {
    await incident.until(isHeld);
    const finding = await check();
    if (!isHeld()) continue;
    noteCheck(incident, ownCheck, finding);
    judge(incident, finding);
  }
}

/** Where alerts are not counted each, our own check must be healthy twice, five minutes apart. */
function judge(incident: Incident, finding: Finding) {
  const { state } = incident;
  const until = after(incident.now(), incident.paced(holdDown));
  if (finding.verdict !== 'healthy') incident.record({ kind: 'end doubted', until });
  else if (state.uncounted > 0 && !state.end?.healthy) incident.record({ kind: 'end seems true', until });
  else if (mayEnd(state)) itCounts(incident, finding);
  else incident.record({ kind: 'uncounted ended' });
}

function itCounts(incident: Incident, { evidence }: Finding) {
  incident.record({ kind: 'alert ended' });
  put(incident, {
    kind: 'choice',
    title: endTitle,
    choices: [keepGoing],
    owner: 'commander',
    blocking: false,
    because: `The alert has stayed resolved and our check is healthy: ${evidence} No further action runs before Recovery. Choose “${keepGoing}” to continue.`,
  });
}
