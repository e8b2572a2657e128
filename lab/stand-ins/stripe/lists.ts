/**
 * Lists newest first with cursors (https://docs.stripe.com/api/pagination), and search (https://docs.stripe.com/search), which finds
 * an object only a minute after it was made and answers pages by `next_page`.
 */

import { z } from 'zod';
import type { Ledger } from './ledger.ts';
import { invalid, missing } from './refusals.ts';
import { type Route, route } from './route.ts';
import { type Field, integer, parsed, range } from './sent.ts';

interface Listed {
  id: string;
  object: string;
  created: number;
}

const paging = {
  limit: integer.refine(value => value >= 1 && value <= 100, 'must be between 1 and 100').optional(),
  starting_after: z.string().optional(),
  ending_before: z.string().optional(),
  created: range.optional(),
};
type Range = z.output<typeof range>;

/** Which objects a filter of a list leaves. */
type Filters<T> = Record<string, (object: T, value: Field) => boolean>;

export function listRoute<T extends Listed>(path: string, all: (ledger: Ledger) => T[], filters: Filters<T> = {}): Route {
  const known = z.strictObject({
    ...paging,
    ...Object.fromEntries(Object.keys(filters).map(name => [name, z.unknown().optional()])),
  });
  return {
    method: 'GET',
    path,
    read(fields) {
      parsed(known, fields);
      const page = parsed(z.object(paging), fields);
      const fits = (object: T) =>
        Object.entries(filters).every(([name, fit]) => fields[name] === undefined || fit(object, fields[name]));
      return ledger => paged(all(ledger), page, path, fits);
    },
  };
}

type Paging = z.output<z.ZodObject<typeof paging>>;

function paged<T extends Listed>(all: T[], sent: Paging, url: string, fits: (object: T) => boolean) {
  const { limit = 10, starting_after: after, ending_before: before, created } = sent;
  const found = all.filter(object => fits(object) && isWithin(created, object.created)).toReversed();
  const cursor = after ?? before;
  const at = found.findIndex(({ id }) => id === cursor);
  if (cursor !== undefined && at < 0)
    throw missing(all[0]?.object ?? 'object', cursor, after ? 'starting_after' : 'ending_before');
  const rest =
    after !== undefined ? found.slice(at + 1) : before !== undefined ? found.slice(Math.max(0, at - limit), at) : found;
  const more = before !== undefined ? at > limit : rest.length > limit;
  return { object: 'list', url, has_more: more, data: rest.slice(0, limit) };
}

export function isWithin(created: Range | undefined, at: number): boolean {
  if (created === undefined) return true;
  if (typeof created === 'number') return at === created;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = created;
  return at > gt && at >= gte && at < lt && at <= lte;
}

const Search = z.strictObject({ query: z.string(), limit: paging.limit, page: z.string().optional() });

/** Seconds until what was written is found. */
const indexed = 60;

export const searchRoute = (path: string, all: (ledger: Ledger) => (Listed & { metadata: Record<string, string> })[]): Route =>
  route('GET', path, Search, ({ query, limit = 10, page }, ledger) => {
    const clauses = query.split(/ AND /i).map(clauseOf);
    const found = all(ledger)
      .filter(object => object.created <= ledger.now() - indexed && clauses.every(clause => clause(object)))
      .toReversed();
    const from = page === undefined ? 0 : Number(page);
    const next = from + limit < found.length ? String(from + limit) : null;
    const data = found.slice(from, from + limit);
    return { object: 'search_result', url: path, has_more: next !== null, next_page: next, data };
  });

const textOf = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

/** @throws Refusal for what its query language has not: https://docs.stripe.com/search#search-query-language */
function clauseOf(text: string): (object: object) => boolean {
  const {
    negated,
    field = '',
    key,
    sign,
    value = '',
  } = /^\s*(?<negated>-)?(?<field>\w+)(?:\[["'](?<key>[^"']+)["']\])?(?<sign>[:<>]=?)["']?(?<value>[^"']*)["']?\s*$/.exec(text)
    ?.groups ?? {};
  if (!sign) throw invalid(`We were unable to parse your search query (near "${text.trim()}").`, undefined, 'query');
  return object => {
    const whole = z.record(z.string(), z.unknown()).parse(object)[field];
    const is = key === undefined ? whole : z.record(z.string(), z.unknown()).catch({}).parse(whole)[key];
    const fits =
      sign === ':'
        ? textOf(is) === value
        : sign.startsWith('>')
          ? Number(is) > Number(value) || (sign === '>=' && Number(is) === Number(value))
          : Number(is) < Number(value) || (sign === '<=' && Number(is) === Number(value));
    return negated ? !fits : fits;
  };
}
