/** Telling people: responders at once, the public only what was measured. */

import type { Asked, Call, Outcome } from '../workflows/contract/index.ts';
import { alive } from './alive.ts';
import { mailDeclaration, mailEnding } from './comms/incident-mail.ts';
import { type TellInput, tellCustomers } from './comms/customer-mail.ts';
import { tellByHand } from './comms/mail-by-hand.ts';
import { setStatusPage } from './comms/status-page.ts';
import { SystemError } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import { asActivity, refuseEnd } from './engine/activity.ts';
import { crossing } from './failures.ts';
import { incidentOf } from './guard.ts';
import { type ChannelInput, closeChannel, furnish, openChannel, unmade } from './comms/incident-channel.ts';
import { incidentLink } from './links.ts';
import { aboutOf, channelName, declared, ended, type Ending, topicOf } from './messages/incident.ts';
import { asked, remarked } from './messages/question.ts';
import { endPages } from './paged.ts';
import type { Platform } from './platform.ts';
import { runningOf } from './running.ts';
import { unread } from './unread.ts';

/** `channel`: the incident gets one of its own, besides the message in the channel of all incidents. */
export interface Declaration {
  title: string;
  channel?: boolean | ChannelInput;
}

export const commsActivities = (deps: Deps) => ({
  /**
   * One living message an incident, and its channel where it is to have one. Twice equals once: the message carries the incident,
   * and is looked for before it is posted; the channel is known by its name.
   */
  declareIncident: crossing(async ({ title, channel = false }: Declaration, call: Call): Promise<Outcome> => {
    const incident = incidentOf(call.key);
    const about = aboutOf(call.about, incident);
    const link = incidentLink(deps, about);
    const mailed = mailDeclaration(deps, incident, title, about, link);
    const told = channel
      ? declareInChannel(deps, call, title, channel === true ? {} : channel)
      : living(deps, call, declared(title, about, link));
    return bothTold(told, mailed);
  }),

  /** Something to know in the incident's channel. Twice equals once, as for a question. */
  remark: crossing(
    ({ text, lines = [] }: { text: string; lines?: string[] }, call: Call): Promise<Outcome> =>
      sayOnce(deps, call, remarked(text, aboutOf(call.about, incidentOf(call.key)), lines), [text, ...lines].join(' ')),
  ),

  /** One message for each time that people are told. Twice equals once: it carries its key, and is looked for before it is posted. */
  announce: crossing(
    ({ question, reminder }: { question: Asked; reminder: number }, call: Call): Promise<Outcome> =>
      sayOnce(deps, call, asked(question, aboutOf(call.about, incidentOf(call.key)), reminder)),
  ),

  setStatusPage: asActivity(deps, setStatusPage),

  /** Sent by a person with one key; without readers, or a system that it needs, it is the text, once what it claims is so. */
  tellCustomers: crossing(async (input: TellInput, call: Call): Promise<Outcome> => {
    refuseEnd(tellCustomers, call);
    return (await alive(runningOf(deps), () => tellByHand(input, deps, call))) ?? asActivity(deps, tellCustomers)(input, call);
  }),

  /**
   * Ends the page, rewrites the living message and archives the incident's channel; only a measured recovery is called resolved.
   * Twice equals once: both say the same again.
   */
  resolveIncident: crossing(async (ending: Ending, call: Call): Promise<Outcome> => {
    const about = aboutOf(call.about, incidentOf(call.key));
    const text = ended(ending, about);
    if (about.isNotice) return noted(`${await endPages(deps, call, text.page)} pages have ended.`);
    const message = living(deps, call, text.slack);
    const ends = endPages(deps, call, text.page);
    const closed = closeChannel(deps, incidentOf(call.key));
    const mailed = mailEnding(deps, incidentOf(call.key), ending, about);
    await Promise.allSettled([message, ends, closed, mailed]);
    const [told, count, note, mail] = await Promise.all([message, ends, closed, mailed]);
    const more = [note, mail].filter(Boolean).join(' ');
    return 'byHand' in told && count > 0
      ? adding(noted('The page is resolved. Slack is not connected.'), mail)
      : adding(told, more);
  }),
});

/** The message waits for no more than the channel's id. What is wrong with the channel is said, and tried again where that may help. */
async function declareInChannel(deps: Deps, call: Call, title: string, { private: isPrivate = false, roles = [] }: ChannelInput) {
  const incident = incidentOf(call.key);
  const about = aboutOf(call.about, incident);
  const link = incidentLink(deps, about);
  const [name, topic] = [channelName(about), topicOf(title, about, link)];
  const { slack, artifacts } = deps.systems;
  const make = `Create the ${isPrivate ? 'private ' : ''}channel #${name}. Its topic: ${topic}`;
  if (!slack) return pasting(deps.platform, `${declared(title, about, link)}\n\n${make}`);

  const channel = await openChannel(artifacts, slack, incident, { name, isPrivate });
  const isOpen = !(channel instanceof SystemError);
  const told = await living(deps, call, declared(title, about, link, isOpen ? channel.id : undefined));
  const { note, again } = isOpen ? await furnish(deps, slack, incident, channel, { topic, roles }) : unmade(name, channel);
  const { incidents } = deps.platform.channels;
  if (again) throw unfinished(again, `the incident is declared in ${incidents}, #${name} is not set up completely yet`);
  return adding(told, note);
}

/** Another try goes on where this one could not. */
const unfinished = ({ system, fault, status, retryAfter, message }: SystemError, so: string) =>
  new SystemError({
    system,
    fault,
    text: `${message.slice(system.length + 1)}; ${so}`,
    ...(status !== undefined && { status }),
    ...(retryAfter !== undefined && { retryAfter }),
  });

/** The incident's message in its channel says this now; one that says it already is left alone. */
async function living({ systems: { slack }, platform, now }: Deps, call: Call, text: string): Promise<Outcome> {
  if (!slack) return pasting(platform, text);
  const incident = incidentOf(call.key);
  const { incidents: channel } = platform.channels;
  const posted = await slack.find(channel, incident, sinceOf(call, now));
  if (posted && posted.text !== text) await slack.update(posted, incident, text);
  if (!posted) await slack.post(channel, incident, text);
  return noted(posted ? `Updated the message in ${channel}.` : `Posted in ${channel}.`);
}

/**
 * A message of its own in the incident's channel, found again by its key.
 * @param record what of it stands in the record too
 */
async function sayOnce({ systems: { slack }, platform, now }: Deps, call: Call, text: string, record = ''): Promise<Outcome> {
  if (!slack) return onTheBoard(['Slack is not connected: the text is on the board only.', record].filter(Boolean).join(' '));
  const { incidents: channel } = platform.channels;
  if (!(await slack.find(channel, call.key, sinceOf(call, now)))) await slack.post(channel, call.key, text);
  return noted(`Posted in ${channel}.${record && ` ${record}`}`);
}

/** A message of this incident is no older than the incident, give or take a day; its alert may be far older. */
const sinceOf = ({ about }: Call, now: () => number) => (Date.parse(about?.opened ?? about?.fired ?? '') || now()) - 86_400_000;

const pasting = ({ channels }: Platform, text: string): Outcome => ({
  byHand: { system: 'Slack', paste: `${channels.incidents}\n${text}` },
});

/** It was not sent, and there is nothing to paste: people read it on the board. */
const onTheBoard = (because: string): Outcome => ({ byHand: { system: 'Slack', because, paste: '' } });

/** One that fails keeps the other from no one; another try sends what is missing. */
async function bothTold(told: Promise<Outcome>, mailed: Promise<string>): Promise<Outcome> {
  await Promise.allSettled([told, mailed]);
  return adding(await told, await mailed);
}

/** With one more sentence about what was done. */
const adding = (outcome: Outcome, more: string): Outcome =>
  'done' in outcome && more ? noted(`${outcome.done.note} ${more}`) : outcome;

const noted = (note: string): Outcome => ({
  done: { note, changes: [], effect: unread },
});
