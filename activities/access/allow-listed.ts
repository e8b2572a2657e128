/** The allow lists of the platform, and the account that tries logins: what spares that account says nothing of customers. */

import { ingresses } from '../connectors/network-resources.ts';
import { readIfAny } from '../connectors/kubernetes.ts';
import { type AccessLog, linesPerPage } from '../connectors/operator-api/access-log.ts';
import type { Account, OperatorApi } from '../connectors/operator-api.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import type { Span } from '../gateway/access-lines.ts';
import { spelled } from '../gateway/counted.ts';
import { isLogin } from '../gateway/login-rules.ts';
import { meet, type Range, rangeOf } from '../gateway/ranges.ts';
import { operatorApiOf } from '../operators.ts';
import { limitedIngresses } from '../platform.ts';

/** Milliseconds of the access log in which a round of ours stands: the newest are read first, and to their end. */
const [newest, before] = [60_000, 120_000];
/** Pages, and milliseconds in which they are asked for: the check has twelve seconds in all. */
const [pagesOfLines, pagesOfUsers, usersPerPage, within] = [10, 5, 100, 3_000];

interface Allowed {
  range: Range;
  /** The list that has it, for people. */
  by: string;
}

/** After rounds that worked: a sentence where the account logs in from an address on an allow list, or no one can say; else nothing. */
export async function allowListed(deps: Deps, account: Account): Promise<string | undefined> {
  try {
    const lists = await allowLists(deps);
    if (lists.length === 0) return undefined;
    const addresses = await addressesOf(account, deps);
    if (addresses.length === 0)
      return notKnown('no login of ours with an address was found in the newest lines of the access log');
    const by = listWith(addresses, lists);
    return by && `The account of ours logs in from an address on an allow list (${by}): ${spared}`;
  } catch (error) {
    if (error instanceof SystemError) return notKnown(error.message);
    throw error;
  }
}

const notKnown = (because: string) =>
  `Whether an allow list spares the account of ours is not known, so whether customers can log in is not known either: ${because}.`;

const spared =
  'limits and blocks that stop customers do not stop it, so whether customers can log in is not known. Take the address off that list, or try logins from another one.';

/** @throws SystemError */
async function allowLists({ platform, systems: { kubernetes } }: Deps): Promise<Allowed[]> {
  const { gateway } = platform;
  const described = rangesIn((gateway?.never.allowed ?? []).join(','), 'gateway.never.allowed of platform.json');
  if (!kubernetes) return described;
  const annotation = `${gateway?.ingress?.annotations}/limit-whitelist`;
  const each = [...limitedIngresses(platform).values()].map(async place => {
    const found = await readIfAny(kubernetes, ingresses, place);
    return rangesIn(found?.metadata.annotations?.[annotation] ?? '', `annotation ${annotation} of Ingress ${place.name}`);
  });
  return [...described, ...(await Promise.all(each)).flat()];
}

const rangesIn = (list: string, by: string): Allowed[] =>
  list.split(',').flatMap(cidr => {
    const range = rangeOf(cidr);
    return range ? [{ range, by }] : [];
  });

/** From which an account of ours logged in lately. @throws SystemError */
async function addressesOf(account: Account, deps: Deps): Promise<Range[]> {
  const api = operatorApiOf(deps);
  const to = deps.now();
  const until = to + within;
  const names = new Set([spelled(account.email), ...(await idsOf(account, api, () => deps.now() < until))]);
  let pages = 0;
  const mayAsk = () => pages++ < pagesOfLines && deps.now() < until;
  for (const span of [
    { from: to - newest, to },
    { from: to - before, to: to - newest },
  ]) {
    const found = await addressesIn(api.accessLog, span, { names, mayAsk });
    if (found.length > 0) return found;
  }
  return [];
}

/** The log may name an account by its id; one that is not among the first users is looked for by its mail address alone. */
async function idsOf({ email }: Account, { users }: Pick<OperatorApi, 'users'>, isTime: () => boolean): Promise<string[]> {
  for (let page = 0; page < pagesOfUsers && isTime(); page += 1) {
    const asked = { limit: usersPerPage, offset: page * usersPerPage };
    const found = await users.page(asked).catch(unanswered);
    const own = found.users.filter(user => spelled(user.email) === spelled(email));
    if (own.length > 0 || asked.offset + found.users.length >= found.total) return own.map(({ id }) => spelled(id));
  }
  return [];
}

function unanswered(error: unknown) {
  if (!(error instanceof SystemError)) throw error;
  return { users: [], total: 0 };
}

interface Looking {
  names: Set<string>;
  mayAsk: () => boolean;
}

async function addressesIn(log: AccessLog, { from, to }: Span, { names, mayAsk }: Looking): Promise<Range[]> {
  const span = { since: new Date(from).toISOString(), until: new Date(to).toISOString(), limit: linesPerPage };
  const found = new Set<string>();
  let cursor: string | undefined;
  while (mayAsk()) {
    const { lines, next } = await log.page({ ...span, cursor });
    const own = lines.filter(line => isLogin(line) && line.account !== undefined && names.has(spelled(line.account)));
    for (const { address } of own) found.add(address);
    if (next === undefined) break;
    cursor = next;
  }
  return [...found].flatMap(address => rangeOf(address) ?? []);
}

/** The list that has one of these addresses; nothing where none has. */
const listWith = (addresses: Range[], lists: Allowed[]): string | undefined =>
  lists.find(({ range }) => addresses.some(one => meet(one, range)))?.by;
