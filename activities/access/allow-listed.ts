/** The allow lists of the platform, and the account that tries logins: what spares that account says nothing of customers. */

import { ingresses } from '../connectors/network-resources.ts';
import { readIfAny } from '../connectors/kubernetes.ts';
import type { AccessLine } from '../connectors/operator-api/access-log.ts';
import type { Account } from '../connectors/operator-api.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { joined, piecesOf } from '../gateway/access-lines.ts';
import { spelled } from '../gateway/counted.ts';
import { isLogin } from '../gateway/login-rules.ts';
import { meet, type Range, rangeOf } from '../gateway/ranges.ts';
import { operatorApiOf } from '../operators.ts';
import { limitedIngresses } from '../platform.ts';
import { usersOf } from './locked.ts';

/** Milliseconds in which a round of ours stands in the access log. */
const span = 10 * 60_000;
const pages = 3;

interface Allowed {
  range: Range;
  /** The list that has it, for people. */
  by: string;
}

/** A sentence where the account logs in from an address on an allow list; nothing where it does not, or no one can say. */
export async function allowListed(deps: Deps, account: Account): Promise<string | undefined> {
  try {
    const lists = await allowLists(deps);
    if (lists.length === 0) return undefined;
    const api = operatorApiOf(deps);
    const to = deps.now();
    const [users, pieces] = await Promise.all([usersOf({ api }), piecesOf(api.accessLog, { from: to - span, to }, pages)]);
    const ids = users.flatMap(({ id, email }) => (spelled(email) === spelled(account.email) ? [id] : []));
    const by = listWith(joined(pieces).lines, [account.email, ...ids], lists);
    return by && `The account of ours logs in from an address on an allow list (${by}): ${spared}`;
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

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

/** The list that spares one of these accounts; nothing where none does. */
export function listWith(lines: AccessLine[], accounts: string[], lists: Allowed[]): string | undefined {
  const names = new Set(accounts.map(spelled));
  const own = lines.filter(line => isLogin(line) && line.account !== undefined && names.has(spelled(line.account)));
  const ranges = [...new Set(own.map(({ address }) => address))].flatMap(address => rangeOf(address) ?? []);
  return lists.find(({ range }) => ranges.some(one => meet(one, range)))?.by;
}
