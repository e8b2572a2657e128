/** Changes of ours that still stand: the objects are asked, because people undo outside of the incident too. */

import { condition } from '@temporalio/workflow';
import type { StandingFacts } from '../../../activities/index.ts';
import type { Finding } from '../../contract/index.ts';
import { noteCheck } from '../incident/checks.ts';
import type { Incident } from '../incident/incident.ts';
import { questionsPhase } from '../record/phases-of-ours.ts';
import { isStatement, recordedChanges, triesWithoutReceipt, wordsOf } from '../record/standing.ts';
import type { State } from '../record/state.ts';
import { failureOf } from '../words/acting.ts';
import { runCheck } from '../words/activities.ts';

const title = 'Check for changes that still stand';

/** The changes of an incident, as the objects say. */
interface Standing {
  /** Keys of the changes that stand; of all that are recorded where the objects cannot be read. */
  standing: string[];
  /** Why it is not known what stands. */
  unread?: string | undefined;
}

/** A change whose receipt was lost is found. */
export async function standingChanges(incident: Incident): Promise<Standing> {
  await condition(() => !isPublishing(incident.state));
  const changes = recordedChanges(incident.state).map(({ takeBack }) => takeBack);
  const tried = triesWithoutReceipt(incident.state);
  if (changes.length === 0 && tried.length === 0) return { standing: [] };
  const finding = await incident.tracked(() => runCheck(title, 'standing', { changes, tried })).catch(couldNotCheck);
  noteCheck(incident, title, finding);
  const { standing = [], staying = [], found = [] } = (finding.facts ?? {}) as Partial<StandingFacts>;
  for (const takeBack of found) incident.record({ kind: 'change found', takeBack });
  if (finding.verdict !== 'unknown') return { standing };
  return { standing: changes.map(({ key }) => key).filter(key => !staying.includes(key)), unread: finding.evidence };
}

/** A text on its way to the public makes a record or lets it go. One that waits for people is no reason to wait. */
const isPublishing = ({ steps }: State) => steps.some(step => isStatement(step) && step.state === 'running');

export const couldNotCheck = (error: unknown): Finding => ({
  verdict: 'unknown',
  evidence: `check failed: ${failureOf(error).message}`,
});

/** Recovery in full: it is measured, and nothing of ours keeps customers from what they should have. */
export async function recoveredInFull(
  incident: Incident,
  recovered: () => Promise<Finding>,
): Promise<Finding & { standing?: string[] | undefined }> {
  const finding = await recovered();
  if (finding.verdict !== 'healthy') return finding;
  const { standing, unread } = await standingChanges(incident);
  if (standing.length === 0 && unread === undefined) return finding;
  const evidence = `${evidenceOf(incident, standing, unread)} ${finding.evidence}`;
  const verdict = unread === undefined ? 'faulty' : 'unknown';
  return { verdict, evidence, standing: standing.length > 0 ? standing : undefined };
}

/** The page does not stay at a recovery where the symptom was measured last, nor at the effect of a change that people have undone. */
export async function correctThePage(incident: Incident): Promise<void> {
  const { recovery, cancelled } = incident.state;
  if (!cancelled && (recovery?.verdict !== 'faulty' || recovery.standing !== undefined)) return;
  const said = announcementsOf(incident.state);
  incident.record({ kind: 'page is wrong' });
  const now = announcementsOf(incident.state);
  const key = `${incident.id}/${questionsPhase}/${now}`;
  if (now > said) await incident.until(() => incident.step(key)?.ended !== undefined);
}

const announcementsOf = ({ announcements, announcementsBefore = 0 }: State) => announcementsBefore + announcements.length;

/** Changes that stand when an incident ends in another way are named in its record. */
export async function noteStanding(incident: Incident, when: 'closed' | 'cancelled'): Promise<void> {
  if (incident.state.standingNoted === when) return;
  const { standing, unread } = await standingChanges(incident);
  const names = namesOf(incident, standing);
  const changes = unread === undefined ? names : [...names.map(unsure), ...(names.length > 0 ? [] : [couldNotSee(unread)])];
  incident.record({ kind: 'left standing', changes, when });
}

const unsure = (name: string) => `${name} (could not be checked)`;
const couldNotSee = (unread: string) => `Could not check whether changes of this incident still stand. ${unread}`;

const namesOf = ({ state }: Incident, keys: string[]) =>
  recordedChanges(state)
    .filter(({ takeBack }) => keys.includes(takeBack.key))
    .map(wordsOf);

export const restoring = ({ state: { incident } }: Pick<Incident, 'state'>) => `Restore with: runbooks undo ${incident}`;

function evidenceOf(incident: Incident, keys: string[], unread: string | undefined): string {
  const names = namesOf(incident, keys).join('; ');
  if (unread === undefined) return `Changes of this incident still stand: ${names}. ${restoring(incident)}.`;
  return `${couldNotSee(unread)}${names && ` They are: ${names}. ${restoring(incident)}.`}`;
}
