/**
 * Mail to customers: a person sees how many it goes to and the text, and sends it with one key. Twice equals once: each mail leaves
 * a mark before it is sent, and one whose outcome is unclear is never sent again.
 */

import { z } from 'zod';
import type { Call, Outcome } from '../../workflows/contract/action.ts';
import type { FrozenList } from '../../workflows/contract/finding.ts';
import { sha256 } from '../connectors/artifacts.ts';
import { jsonOf } from '../connectors/http.ts';
import type { Courier } from '../connectors/mail-courier.ts';
import { notConnected } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { Action, ActionContext } from '../engine/action.ts';
import { freeze, hasBegun } from '../engine/frozen-list.ts';
import { resultsOf } from '../engine/list-progress.ts';
import { itemKey, type List, type Listed, runList } from '../engine/run-list.ts';
import { stopped } from '../failures.ts';
import { incidentOf } from '../guard.ts';
import { type Given, ownOf, publicText, type TextName } from '../messages/texts.ts';
import { refuseUnfounded, shareNow } from './claims.ts';
import { pasted } from './mail-by-hand.ts';
import { componentName } from './page-target.ts';
import { claim, confirm, dayFolder, marksOf, ownFolder, release } from './mail-marks.ts';
import { readersOf, type To } from './mail-readers.ts';
import { asFailure, isEnd, sentEffect } from './mail-results.ts';

export interface TellInput extends To {
  text: TextName;
  /** Of the status page, as the platform description calls it; the quantum one where none is named. */
  component?: string | undefined;
  /** The words that the text needs. */
  given?: Given | undefined;
  /** RFC 3339: from then on it is not sent any more. */
  before?: string | undefined;
}

/** One mail as it is sent, word for word; it lies in the artifact store and nowhere else. */
const letter = z.object({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  to: z.string().min(3).max(254),
  customers: z.array(z.string().max(320)).min(1),
  subject: z.string().min(1).max(300),
  text: z.string().min(1).max(20_000),
});
type Letter = z.infer<typeof letter>;

export const tellCustomers: Action<TellInput> = {
  name: 'tellCustomers',
  async run(input, context) {
    const { deps, call } = context;
    const begun = () => hasBegun(deps.systems.artifacts, call.key);
    if (isOver(input, deps) && !(await begun())) return noMail(tooLate(input));
    await refuseUnfounded(input.text, deps, call.key, input.component);
    return sending(input, context).catch(async error => {
      if (!isEnd(error) || (await begun())) throw error;
      return pasted(input, deps, asFailure(error).message);
    });
  },
  undo: 'a mail cannot be taken back: send a correction by hand',
};

/** Once mails have begun, what stops them for good is a question to people. */
async function sending(input: TellInput, context: ActionContext): Promise<Outcome> {
  const { deps, call } = context;
  const draft = await draftOf(input, deps, call);
  if (draft.list.count === 0) return noMail(noOne(draft));
  const mail = mailing(input, draft, deps, call);
  // Another list of customers under the same key is another input.
  const going = { ...input, of: input.list, list: draft.list };
  try {
    return await runList(mail.list, going, context);
  } catch (error) {
    if (!isEnd(error) || !(await hasBegun(deps.systems.artifacts, call.key))) throw error;
    const again = await runList(mail.list, going, { ...context, call: { ...call, dryRun: true } });
    return 'planned' in again ? { ...again, because: { reason: 'approval', text: goOn(asFailure(error)) } } : again;
  } finally {
    mail.close();
  }
}

/** Nothing was sent and nothing is left to paste: no checklist counts it as done. */
const noMail = (because: string): Outcome => ({ byHand: { system: 'customers by mail', because, paste: '' } });
const tooLate = ({ before = '' }: TellInput) => `It was to go out before ${before.slice(0, 16).replace('T', ' ')} UTC.`;
const isOver = ({ before }: TellInput, { now }: Deps) => before !== undefined && now() >= Date.parse(before);
const noOne = ({ leftOut }: Draft) => ['There is no customer to write to', ...leftOut].join('; ').concat('.');

const goOn = ({ message }: Error) => `${message} Approve to send the remaining mails; those that were tried are not sent again.`;

const draftSchema = z.object({
  list: z.object({ name: z.string(), digest: z.string(), count: z.int() }),
  subject: z.string(),
  body: z.string(),
  leftOut: z.array(z.string()),
});
type Draft = z.infer<typeof draftSchema>;

/** The mail that people approved is the one that is sent: a draft is made again only while no one has. @throws SystemError */
async function draftOf(input: TellInput, deps: Deps, call: Call): Promise<Draft> {
  const { artifacts } = deps.systems;
  const place = `mail-drafts/${sha256(call.key)}`;
  const before = draftSchema.safeParse(jsonOf((await artifacts.read(place)) ?? '')).data;
  if (before && (call.approved !== undefined || (await hasBegun(artifacts, call.key)))) return before;
  const draft = await drafted(input, deps, call);
  await artifacts.write(place, JSON.stringify(draft));
  return draft;
}

async function drafted(
  { text, component = 'quantum', given, list: of, to }: TellInput,
  deps: Deps,
  { key }: Call,
): Promise<Draft> {
  const { subject, body } = publicText(text, componentName(deps.platform, component), await shareNow(text, deps), given);
  const own = ownOf(text);
  const { readers, leftOut } = await readersOf({ list: of, to }, own, deps, incidentOf(key));
  const without = own ? readers.filter(({ lines }) => lines.length === 0).length : 0;
  if (without > 0)
    throw stopped(
      'BadInput',
      `The text ${text} states each reader's own numbers, and ${without} of ${readers.length} have none that were measured. Nothing was sent: repeat the check that froze the list, then retry.`,
    );
  const letters = readers.map(({ address, customers, lines }): Letter => {
    const numbers = lines.length > 0 ? `\n\n${lines.map(line => `- ${line}`).join('\n')}` : '';
    return { id: sha256(`${key} ${address}`), to: address, customers, subject, text: `${body}${numbers}\n` };
  });
  const list = await freeze(deps.systems.artifacts, `mail ${text}`, letters);
  return { list, subject, body: own ? `${body} (then each reader's own numbers)` : body, leftOut };
}

const deferred = 'deferred';
const nameOf = ({ id }: Letter) => `mail ${id.slice(0, 16)}`;

/** The end of each incident is a kind of its own: another end on the same day may have been of another problem. */
function kindOf({ text, component }: TellInput, { key }: Call): string {
  const kind = component === undefined ? text : `${text} ${component}`;
  return text === 'resolved' ? `${kind} ${incidentOf(key)}` : kind;
}

/** Mails of one kind, over one connection. */
function mailing(input: TellInput, draft: Draft, deps: Deps, call: Call) {
  const kind = kindOf(input, call);
  const { artifacts, mail } = deps.systems;
  if (!mail) throw notConnected('The mail server', 'SMTP_URL');
  let courier: Courier | undefined;
  const today = () => new Date(deps.now()).toISOString().slice(0, 10);
  const list: List<Listed, Letter> = {
    name: 'tellCustomers',
    item: letter,
    nameOf,
    atMost: 10_000,
    inTurn: { items: 50, pause: 1_000 },
    again: [deferred],
    words: (items, { list: frozen }, { call }) => words(items, frozen, call),
    asks: async () => 'A person sends mail to customers.',
    async one(item, { item: key }) {
      const marks = marksOf(kind, today(), { key, ...item });
      const claimed = await claim(artifacts, marks, key);
      if (claimed !== 'free') return claimed;
      if (isOver(input, deps)) return release(artifacts, marks).then(() => 'too late');
      courier ??= mail.courier();
      const posted = await courier.post(item).catch(async error => {
        await release(artifacts, marks);
        throw error;
      });
      if (posted === 'accepted') await confirm(artifacts, marks, key);
      if (posted === 'unknown mailbox' || posted === deferred) await release(artifacts, marks);
      if (posted === 'unclear') throw stopped('Refused', unclear(item.id), { nothingDone: false });
      return posted;
    },
    measure: async (items, _, __, results) => sentEffect(items.length, results),
  };
  return { list, close: () => courier?.close() };

  async function words(items: Letter[], { digest }: FrozenList, call: Call) {
    const done = await resultsOf(artifacts, call.key);
    const [had, tried] = [new Set(await artifacts.names(dayFolder(today()))), new Set(await artifacts.names(ownFolder))];
    const marks = (item: Letter) => marksOf(kind, today(), { key: itemKey(call, nameOf(item)), ...item });
    const open = items.filter(item => (done[nameOf(item)] ?? deferred) === deferred && !tried.has(marks(item).own));
    const again = open.filter(item => marks(item).ofDay.some(name => had.has(name))).length;
    const left = [...draft.leftOut, ...(again > 0 ? [`${again} who had a mail of this kind today`] : [])];
    const before = items.length - open.length;
    return {
      field: 'mails to send',
      summary:
        before === 0
          ? `“${draft.subject}” goes to customers in ${open.length - again} mails.`
          : `“${draft.subject}” goes to customers in ${open.length - again} more mails; ${before} were dealt with before.`,
      consequences: [
        `Text: ${draft.body}`,
        ...(left.length > 0 ? [`Left out: ${left.join(', ')}.`] : []),
        'A customer gets one mail of this kind a day at most, and a mail cannot be taken back.',
        `Each mail as it is sent lies in the artifact store, bodies/${digest.slice(0, 2)}/${digest}.`,
      ],
    };
  }
}

const unclear = (id: string) =>
  `the connection to the mail server ended after the mail was handed over, so it may have been delivered. It is not sent again: the server's log shows it under the Message-ID ${id.slice(0, 16)}….`;
