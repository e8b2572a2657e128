/** Telling people: responders at once, the public only what was measured. */

import type { Asked, Call, Outcome } from '../workflows/contract/index.ts';
import { setStatusPage } from './comms/status-page.ts';
import type { Deps } from './deps.ts';
import { asActivity } from './engine/activity.ts';
import { crossing } from './failures.ts';
import { incidentOf } from './guard.ts';
import { incidentLink } from './links.ts';
import { aboutOf, declared, ended, type Ending } from './messages/incident.ts';
import { asked, remarked } from './messages/question.ts';
import { publicText, type TextName } from './messages/texts.ts';
import { endPages } from './paged.ts';

export type { StatusPageInput } from './comms/status-page.ts';

export const commsActivities = (deps: Deps) => ({
  /** One living message an incident. Twice equals once: it carries the incident, and is looked for before it is posted. */
  declareIncident: crossing(async ({ title }: { title: string }, call: Call): Promise<Outcome> => {
    const about = aboutOf(call.about, incidentOf(call.key));
    return living(deps, call, declared(title, about, incidentLink(deps, about)));
  }),

  /** Something to know in the incident's channel. Twice equals once, as for a question. */
  remark: crossing(
    ({ text }: { text: string }, call: Call): Promise<Outcome> =>
      sayOnce(deps, call, remarked(text, aboutOf(call.about, incidentOf(call.key)))),
  ),

  /** One message for each time that people are told. Twice equals once: it carries its key, and is looked for before it is posted. */
  announce: crossing(
    ({ question, reminder }: { question: Asked; reminder: number }, call: Call): Promise<Outcome> =>
      sayOnce(deps, call, asked(question, aboutOf(call.about, incidentOf(call.key)), reminder)),
  ),

  setStatusPage: asActivity(deps, setStatusPage),

  /** Mail to customers is sent by a person; this is the text. */
  tellCustomers: crossing(async ({ text }: { text: TextName }, _: Call): Promise<Outcome> => {
    const { subject, body } = publicText(text, deps.platform.statusPage.components.quantum?.name ?? 'Quantum computing');
    const paste = `Subject: ${subject}\n\n${body}`;
    return { byHand: { system: 'customers by mail', because: 'mail to customers is sent by a person', paste } };
  }),

  /**
   * Ends the page and rewrites the living message; only a measured recovery is called resolved.
   * Twice equals once: both say the same again.
   */
  resolveIncident: crossing(async (ending: Ending, call: Call): Promise<Outcome> => {
    const about = aboutOf(call.about, incidentOf(call.key));
    const text = ended(ending, about);
    const message = living(deps, call, text.slack);
    const ends = endPages(deps, call, text.page);
    await Promise.allSettled([message, ends]);
    const [told, count] = await Promise.all([message, ends]);
    return 'byHand' in told && count > 0 ? noted('The page has ended. Slack is not connected.') : told;
  }),
});

/** The incident's message in its channel says this now; one that says it already is left alone. */
async function living({ systems: { slack }, platform, now }: Deps, call: Call, text: string): Promise<Outcome> {
  if (!slack) return { byHand: { system: 'Slack', paste: `${platform.channels.incidents}\n${text}` } };
  const incident = incidentOf(call.key);
  const { incidents: channel } = platform.channels;
  const posted = await slack.find(channel, incident, sinceOf(call, now));
  if (posted && posted.text !== text) await slack.update(posted, incident, text);
  if (!posted) await slack.post(channel, incident, text);
  return noted(posted ? `The message in ${channel} says so.` : `Posted in ${channel}.`);
}

/** A message of its own in the incident's channel, found again by its key. */
async function sayOnce({ systems: { slack }, platform, now }: Deps, call: Call, text: string): Promise<Outcome> {
  if (!slack) return noted('Slack is not connected: it stands on the board.');
  const { incidents: channel } = platform.channels;
  if (!(await slack.find(channel, call.key, sinceOf(call, now)))) await slack.post(channel, call.key, text);
  return noted(`Said in ${channel}.`);
}

/** A message of this incident is no older than its alert, give or take a day. */
const sinceOf = ({ about }: Call, now: () => number) => (Date.parse(about?.fired ?? '') || now()) - 86_400_000;

const noted = (note: string): Outcome => ({
  done: { note, changes: [], effect: { measured: 'nothing to measure', text: 'Accepted, not yet read.' } },
});
