/** Drafts for the public: each incident has them, and people send them. What the body of a runbook publishes by itself is not drafted again. */

import type { TextName } from '../../../activities/index.ts';
import type { PublicDrafts } from '../../catalog/index.ts';
import type { StepReport } from '../../contract/index.ts';
import type { Incident } from '../incident/incident.ts';
import { withdraw } from '../incident/questions.ts';
import type { Words } from '../words/words.ts';

const onThePage = 'Update status page: draft';
const byMail = 'Communicate with customers: first message';
const endOnThePage = 'Update status page: end of the draft';
const endByMail = 'Communicate resolution: mail';
const mailed = { approver: 'customer-success' } as const;
const everyone = 'all customers';

/** At declaration: the status of the incident's own component, and the first mail to customers. Neither is waited for. */
export async function draftForThePublic(incident: Incident, { step }: Words, drafts: PublicDrafts | undefined): Promise<void> {
  if (!incident.start.platform.drafts || drafts === undefined) return;
  const { component, page, mail } = drafts;
  if (page) await step(onThePage).comms.setStatusPage({ component, status: 'degraded_performance', text: 'investigating' });
  if (mail) await step(byMail, mailed).comms.tellCustomers({ text: 'investigating', component, to: everyone });
}

/** Once the body has come to its end: a draft that no one has sent is withdrawn, and whoever heard of the beginning hears of the end. */
export async function draftTheEnd(incident: Incident, words: Words, drafts: PublicDrafts | undefined): Promise<void> {
  if (!incident.start.platform.drafts || drafts === undefined) return;
  await incident.until(() => !incident.state.steps.some(step => isOwnMail(step) && step.state === 'running'));
  await endDrafts(incident, words, drafts);
}

/** The body does not come to its end: people finish by hand. A draft that waits is taken up again first, so that it can be withdrawn. */
export async function endDraftsByHand(incident: Incident, words: Words, drafts: PublicDrafts | undefined): Promise<void> {
  if (drafts === undefined || !incident.state.steps.some(isDraft)) return;
  await draftForThePublic(incident, words, drafts);
  await endDrafts(incident, words, drafts);
}

/** A cancelled incident measures no recovery and so claims none: the end is for people to tell. */
export function leaveTheEnd(incident: Incident): void {
  const { cancelled, steps, followUps } = incident.state;
  const first = steps.findLast(({ title, state }) => title === byMail && ['done', 'part', 'by hand'].includes(state));
  const isTold =
    hasOwnEnd(steps, first) || steps.some(({ title, state }) => title === endByMail && (state === 'done' || state === 'part'));
  if (!cancelled || first === undefined || isTold || followUps.some(({ title }) => title === endByMail)) return;
  const confirm = 'Customers who had the first mail were told how it ended';
  incident.record({ kind: 'follow-up', title: endByMail, owner: mailed.approver, confirm });
}

async function endDrafts(incident: Incident, { step }: Words, drafts: PublicDrafts): Promise<void> {
  const { component } = drafts;
  const { steps } = incident.state;
  const [page, mail] = [onThePage, byMail].map(title => steps.findLast(one => one.title === title));
  for (const draft of [page, mail]) if (draft?.waits) withdraw(incident, draft.waits.question, 'the runbook has come to its end');
  // A runbook that publishes by itself ends it by itself: a second text would supersede its own.
  if (drafts.page && isEnded(steps, page, endOnThePage))
    await step(endOnThePage).comms.setStatusPage({ component, status: 'operational', text: 'resolved' });
  if (drafts.mail && isEnded(steps, mail, endByMail, hasOwnEnd(steps, mail)))
    await step(endByMail, mailed).comms.tellCustomers({ text: 'resolved', component, to: everyone });
}

/** Sent, on its way, or left to people to send. */
const isOut = (draft: StepReport | undefined) =>
  draft !== undefined && ['running', 'done', 'part', 'by hand', 'not delivered'].includes(draft.state);

/** The world heard of the beginning and of no end otherwise, or the end was drafted in a run before this one. */
const isEnded = (steps: readonly StepReport[], draft: StepReport | undefined, end: string, otherwise = false) =>
  (isOut(draft) && !otherwise) || steps.some(({ title }) => title === end);

/** These texts say that it is over. */
export const lastTexts: readonly unknown[] = [
  'resolved',
  'dynex-resolved',
  'works-again',
  'jobs-delayed-resolved',
  'jobs-resolved',
  'billing-corrected',
  'limit-raised',
] satisfies TextName[];

const isDraft = ({ title }: StepReport) => title === onThePage || title === byMail;

const isOwnMail = ({ action, title }: StepReport) => action?.type === 'tellCustomers' && title !== byMail && title !== endByMail;

function saysToAll({ action }: StepReport): boolean {
  const { text, list, to = everyone } = Object(action?.input);
  return lastTexts.includes(text) && list === undefined && to === everyone;
}

/**
 * The last mail of the runbook itself went out to all, or waits for people or for the mail server: a draft would supersede it. One to
 * customers of a list is no end for the others. Whoever sent the first by hand sends that by hand too.
 */
function hasOwnEnd(steps: readonly StepReport[], first: StepReport | undefined): boolean {
  const states = ['waiting', 'done', 'part', 'not delivered', ...(first?.state === 'by hand' ? ['by hand'] : [])];
  return steps.some(step => isOwnMail(step) && saysToAll(step) && states.includes(step.state));
}
