/** Changes of ours that still stand: the objects are asked, because people undo outside of the incident too. */

import { condition } from '@temporalio/workflow';
import type { StandingFacts } from '../../../activities/index.ts';
import { isPublic } from '../../catalog/activities.ts';
import type { Finding } from '../../contract/index.ts';
import { noteCheck } from '../incident/checks.ts';
import type { Incident } from '../incident/incident.ts';
import { recordedChanges, triesWithoutReceipt, wordsOf } from '../record/standing.ts';
import type { State } from '../record/state.ts';
import { failureOf } from '../words/acting.ts';
import { runCheck } from '../words/activities.ts';

const title = 'Check for changes that still stand';

/** Keys of the changes that stand; all that were recorded where the objects cannot be read. A change whose receipt was lost is found. */
export async function standingChanges(incident: Incident): Promise<string[]> {
  await condition(() => !isPublishing(incident.state));
  const changes = recordedChanges(incident.state).map(({ takeBack }) => takeBack);
  const tried = triesWithoutReceipt(incident.state);
  if (changes.length === 0 && tried.length === 0) return [];
  const finding = await incident.tracked(() => runCheck(title, 'standing', { changes, tried })).catch(couldNotCheck);
  noteCheck(incident, title, finding);
  const { standing = [], found = [] } = (finding.facts ?? {}) as Partial<StandingFacts>;
  for (const takeBack of found) incident.record({ kind: 'change found', takeBack });
  if (finding.verdict === 'healthy') return [];
  return standing.length > 0 ? standing : changes.map(({ key }) => key);
}

/** A text on its way to the public makes a record or lets it go. One that waits for people is no reason to wait. */
const isPublishing = ({ steps }: State) =>
  steps.some(({ action, state }) => action !== undefined && isPublic(action.type) && state === 'running');

export const couldNotCheck = (error: unknown): Finding => ({
  verdict: 'unknown',
  evidence: `check failed: ${failureOf(error).message}`,
});

/** Recovery in full: it is measured, and nothing of ours keeps customers from what they should have. */
export async function recoveredInFull(
  incident: Incident,
  recovered: () => Promise<Finding>,
): Promise<Finding & { standing?: string[] }> {
  const finding = await recovered();
  if (finding.verdict !== 'healthy') return finding;
  const standing = await standingChanges(incident);
  if (standing.length === 0) return finding;
  return { verdict: 'faulty', evidence: `${evidenceOf(incident, standing)} ${finding.evidence}`, standing };
}

/** Changes that stand when an incident ends in another way are named in its record. */
export async function noteStanding(incident: Incident, when: 'closed' | 'cancelled'): Promise<void> {
  if (incident.state.standingNoted === when) return;
  const standing = await standingChanges(incident);
  incident.record({ kind: 'left standing', changes: namesOf(incident, standing), when });
}

const namesOf = ({ state }: Incident, keys: string[]) =>
  recordedChanges(state)
    .filter(({ takeBack }) => keys.includes(takeBack.key))
    .map(wordsOf);

export const restoring = ({ state: { incident } }: Pick<Incident, 'state'>) => `Restore with: runbooks undo ${incident}`;

const evidenceOf = (incident: Incident, keys: string[]) =>
  `Changes of this incident still stand: ${namesOf(incident, keys).join('; ')}. ${restoring(incident)}.`;
