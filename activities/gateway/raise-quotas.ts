/**
 * Raises quotas and rates of the customers of a list that a check froze, by the platform's own API: always approved, for 30 days at
 * most, never above the next tier. Twice equals once: what a customer may use, and until when, is stated whole.
 */

import type { Effect, Outcome } from '../../workflows/contract/action.ts';
import type { FrozenList } from '../../workflows/contract/finding.ts';
import { bodyOf } from '../connectors/artifacts.ts';
import type { AccessLine } from '../connectors/operator-api/access-log.ts';
import type { Allowed } from '../connectors/operator-api/entitlements.ts';
import type { Action, ActionContext, Setting, Words } from '../engine/action.ts';
import { frozenItems } from '../engine/frozen-list.ts';
import type { Values } from '../engine/holders.ts';
import { restoring } from '../engine/restoring.ts';
import { runSetting } from '../engine/run-setting.ts';
import type { Snapshot } from '../engine/target.ts';
import { holdersOfFields, toSet } from '../engine/write.ts';
import { readTarget } from '../engine/writing.ts';
import { stopped } from '../failures.ts';
import { earlierOf } from '../lent-time.ts';
import { operatorApiOf } from '../operators.ts';
import { gatewayOf, type Platform } from '../platform.ts';
import { raisedField, raisedQuotas, raisedTarget, shownQuotas } from './api/raised.ts';
import { shownPiece } from './access-lines.ts';
import { spelled } from './counted.ts';
import { customersOf } from './customers.ts';
import { customerItem } from './items.ts';
import { pasteIfMissing } from './limit-by-hand.ts';
import { type Raise, type Raises, raisesOf } from './raises.ts';
import { refusedSince } from './refused-since.ts';

export interface RaiseInput {
  list: FrozenList;
  /** Part of what each may use that is added. */
  by: number;
}

interface View extends Pick<Raises, 'left'> {
  now: Snapshot;
  /** Of each customer what it may use. */
  values: Values;
  customers: string[];
  /** Ends, RFC 3339, of what other incidents raised for some of them: it stays as it is. */
  raisedBefore: string[];
  /** Refuse calls for what was raised; another limit may go on. */
  refusers: ReadonlySet<AccessLine['refusedBy']>;
}

const name = 'raiseQuotas';
const longest = 30 * 86_400_000;
const mostCustomers = 50;
/** Part of the calls of these customers; more than half of them is no effect at all. */
const mostRefused = 0.01;
const targets = ({ gateway }: Platform) => (gateway ? [raisedTarget] : []);

export const raiseQuotas: Action<RaiseInput> = {
  name,
  stays: 'until its end',
  byHand: (input, { systems }) => (systems.operatorApi ? undefined : byHand(input)),
  async run(input, context) {
    if (!(input.by > 0)) throw stopped('BadInput', 'A quota is raised by a part above 0, such as 0.5: correct the step.');
    const fields = new Set<string>();
    return runSetting(raising(fields), input, withQuotas(context, fields)).catch(
      pasteIfMissing(because => byHand(input, because)),
    );
  },
  undo: { targets, run: (record, context) => ended.run(record, withQuotas(context, new Set())) },
};

const ended = restoring({ targets, summary: 'Nothing is raised any more.', done: 'Quotas are what they were before.' });

/** @param fields those of the customers of the list, as they are found */
function withQuotas(context: ActionContext, fields: ReadonlySet<string>): ActionContext {
  const { systems, now } = context.deps;
  const { entitlements } = operatorApiOf(context.deps);
  const system = raisedQuotas({ entitlements, artifacts: systems.artifacts, now, fields });
  return { ...context, systems: { ...context.systems, 'NQBA API': system } };
}

const raising = (fields: Set<string>): Setting<RaiseInput, View> => ({
  name,
  records: targets,
  look: (input, context) => viewOf(input, context, fields),
  draft: ({ now, values }, _, { call: { key, until }, deps }) =>
    toSet(now, values, { action: name, key, until: earlierOf(until, deps.now() + longest) }),
  words: wordsOf,
  asks: async () => 'Customer success confirms customers, values, and who pays.',
  measure: measured,
});

/** @throws `Refused` where no one could review so many */
async function viewOf({ list, by }: RaiseInput, context: ActionContext, fields: Set<string>): Promise<View> {
  const { deps } = context;
  const { artifacts } = deps.systems;
  const items = await frozenItems(artifacts, list, customerItem);
  const listed = new Set(items.map(({ customer }) => spelled(customer))).size;
  if (listed > mostCustomers) throw stopped('Refused', tooMany(list, listed));
  const { entitlements } = await customersOf(operatorApiOf(deps));
  const { raises, left } = raisesOf({ items, entitlements, by, gateway: gatewayOf(deps.platform) });
  const wishes: Wish[] = [];
  for (const raise of raises) {
    const field = await raisedField(artifacts, raise.customer);
    fields.add(field);
    wishes.push({ ...raise, field, value: shownQuotas(raise.raised) });
  }
  const now = await readTarget(context, raisedTarget);
  const ours = wishes.filter(wish => !isTheirs(wish, now));
  const theirs = wishes.length - ours.length;
  return {
    now,
    values: Object.fromEntries(ours.map(({ field, value }) => [field, value])),
    customers: ours.map(({ customer }) => customer),
    raisedBefore: ours.flatMap(wish => (wish.until && isRaisedByOthers(wish, now, context) ? [wish.until] : [])),
    refusers: new Set(ours.flatMap(({ raised }) => refusersOf(raised))),
    left: { ...left, ...(theirs > 0 && { 'with a raised quota already': theirs }) },
  };
}

interface Wish extends Raise {
  field: string;
  value: string;
}

/**
 * Another value than ours is of people, and so is ours with a longer end. The same value without a record of ours as well: a record would
 * take it for what was before, and never end it.
 */
const isTheirs = ({ field, value }: Wish, now: Snapshot) => {
  const found = now.value(field);
  return found !== null && (found !== value || holdersOfFields(now, [field]).length === 0);
};

const isRaisedByOthers = ({ field, value }: Wish, now: Snapshot, { call }: ActionContext) =>
  now.value(field) === value && holdersOfFields(now, [field]).some(({ key }) => key !== call.key);

const refusersOf = ({ calls_per_minute, jobs_per_month, calls_per_day }: Partial<Allowed>) => [
  ...(calls_per_minute === undefined ? [] : ['rate' as const]),
  ...((jobs_per_month ?? calls_per_day) === undefined ? [] : ['quota' as const]),
];

const tooMany = ({ name }: FrozenList, count: number) =>
  `The list “${name}” has ${count} customers, and no one reviews more than ${mostCustomers}. Nothing was changed: let the check freeze fewer, or raise by hand.`;

/** Most of their time may be over: no one is to count on 30 days. */
function saysBefore(ends: string[]): string {
  const [first] = ends.map(end => new Date(end).toISOString()).toSorted();
  if (first === undefined) return '';
  const until = `until ${first.slice(0, 16).replace('T', ' ')} UTC`;
  return ends.length === 1
    ? ` 1 of them was raised so before, ${until}.`
    : ` ${ends.length} of them were raised so before, the first ${until}.`;
}

function wordsOf({ customers, raisedBefore, left }: View, { list, by }: RaiseInput): Words {
  const count = `${customers.length} ${customers.length === 1 ? 'customer' : 'customers'}`;
  const out = Object.entries(left).map(([why, many]) => `${many} ${why}`);
  const but = `${saysBefore(raisedBefore)}${out.length > 0 ? ` Left out: ${out.join(', ')}.` : ''}`;
  return {
    summary: `${count} of the list “${list.name}” may use ${Math.round(by * 100)}% more for 30 days at most, and no more than the next tier has.${but}`,
    consequences: [
      `Who they are lies in the artifact store, ${bodyOf(list.digest)}. Whether they pay for it: the check compareUsage says.`,
      'No mail is sent by this step: a person sends it once it is measured.',
    ],
    restsOn: [{ what: `list “${list.name}”, digest`, value: list.digest.slice(0, 16) }],
    done: `The quotas of ${count} are raised.${but}`,
    nothing: { note: `No quota was raised: ${customers.length} were raised so already.${but}`, measured: false },
  };
}

async function measured({ customers, refusers }: View, _: RaiseInput, context: ActionContext): Promise<Effect> {
  const since = await refusedSince(customers, refusers, context);
  const raised = 'The platform shows what was raised.';
  if (!since)
    return { measured: 'part', text: `${raised} Whether calls are refused was not measured: the access log cannot be read.` };
  const { calls, refused, piece } = since;
  const text = `${raised} Of ${calls} calls of these customers since, ${refused} were refused by it. From ${shownPiece(piece)}.`;
  if (refused > calls / 2) return { measured: 'none', text };
  return { measured: calls > 0 && refused <= calls * mostRefused && piece.isWhole ? 'whole' : 'part', text };
}

const notConnected = 'The API of the platform has the quotas, and it is not connected (NQBA_API_URL, NQBA_API_TOKEN)';

/** Without the customers: they stay in the artifact store. */
function byHand({ list, by }: RaiseInput, why = notConnected): Outcome {
  const paste = `curl -X PUT "$NQBA_API_URL/v1/entitlements/user/CUSTOMER/override" -H "Authorization: Bearer $NQBA_API_TOKEN" -H 'content-type: application/json' -d '{"QUOTA":VALUE,"until":"END"}'`;
  const because = `${why}. People raise each quota (QUOTA, as \`of\`) of ${bodyOf(list.digest)} in the artifact store by ${Math.round(by * 100)}%, to no more than the next tier has, for 30 days`;
  return { byHand: { system: 'NQBA API', paste, because } };
}
