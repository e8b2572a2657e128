/** The recipients of each page, kept until the incident ends, so that retries and the final resolve reach exactly the people who were paged. */

import { z } from 'zod';
import type { Call } from '../workflows/contract/index.ts';
import { type Artifacts, sha256 } from './connectors/artifacts.ts';
import { jsonOf } from './connectors/http.ts';
import type { PageEnd } from './connectors/pager.ts';
import { SystemError } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import { incidentOf } from './guard.ts';
import { rolesOf } from './platform.ts';
import { lackOf, ownWays, type Way, wayId } from './reaching.ts';

const taken = z.object({
  by: z.enum(['pagerduty', 'webhook', 'mail']),
  to: z.string(),
  /** Key of the step for which it was accepted; absent where no one knows whether it was. */
  key: z.string().optional(),
});
export type Taken = z.infer<typeof taken>;

/** A page of the runbook, or the so many-th of the escalation. */
export interface WhichPage {
  incident: string;
  again?: number | undefined;
}

/** A change that customers feel has a page of its own, beside those of the escalation. */
export const pageOfAChange = 1_000;

const nameOf = ({ incident, again = 0 }: WhichPage) => `paged/${sha256(`${incident}/${again}`)}`;

/** Throws SystemError. */
export async function readTaken(artifacts: Artifacts, page: WhichPage): Promise<Taken[]> {
  return z.array(taken).safeParse(jsonOf((await artifacts.read(nameOf(page))) ?? '')).data ?? [];
}

/** A store that cannot be written keeps no one from being woken. */
export async function keepTaken(artifacts: Artifacts, page: WhichPage, all: Taken[]): Promise<void> {
  const each = new Map(all.map(one => [JSON.stringify(one), one]));
  await artifacts.write(nameOf(page), JSON.stringify([...each.values()])).catch(() => undefined);
}

/** A page and its end agree on this; PagerDuty takes 255 characters. */
export function dedupKeyOf({ incident, again }: WhichPage, { to }: Way): string {
  const key = [incident, to, ...(again === undefined ? [] : [again])].join('/');
  return key.length > 255 ? sha256(key) : key;
}

/** Ends every page of the incident, wherever it went; no one gets two mails. @returns how often it was told. Throws SystemError. */
export async function endPages(deps: Deps, { key, about }: Call, end: Omit<PageEnd, 'to' | 'dedupKey'>): Promise<number> {
  const told = new Map<string, Promise<SystemError | undefined>>();
  const once = (page: WhichPage, way: Way) => {
    const id = way.by === 'mail' ? wayId(way) : `${wayId(way)} ${page.again}`;
    const pager = deps.systems[way.by];
    const fault = told.get(id) ?? faultOf(pager?.resolve({ to: way.to, dedupKey: dedupKeyOf(page, way), ...end }));
    told.set(id, fault);
    return fault;
  };
  const pages = [{ roles: rolesOf(deps.platform), again: undefined }, ...(about?.pages ?? [])];
  const ended = pages.map(page =>
    endPage(deps, { incident: incidentOf(key), again: page.again }, ownWays(deps.platform, page.roles), once),
  );
  ended.push(endPage(deps, { incident: incidentOf(key), again: pageOfAChange }, [], once));
  await Promise.allSettled(ended);
  await Promise.all(ended);
  return told.size;
}

/** Most pages of the escalation that are looked for. */
const mostPages = 40;

/** The pages of the incident before that one: all of them where it has no number. */
export function pagesBefore({ incident, again = mostPages + 1 }: WhichPage): WhichPage[] {
  const first = Math.max(1, again - mostPages);
  const numbers = Array.from({ length: again - first }, (_, index) => first + index);
  return [undefined, ...numbers, pageOfAChange].map(number => ({ incident, again: number }));
}

/** Acknowledges each page that was taken, where that can be done. @returns how many. Throws SystemError. */
export async function acknowledgeTaken({ systems }: Deps, incident: string): Promise<number> {
  const found = pagesBefore({ incident }).map(async page => {
    const taken = await readTaken(systems.artifacts, page);
    return taken.map(way => [dedupKeyOf(page, way), way] as const);
  });
  const pages = [...new Map((await Promise.all(found)).flat())];
  const told = pages.flatMap(([dedupKey, { by, to }]) => systems[by]?.acknowledge?.({ to, dedupKey }) ?? []);
  await Promise.all(told);
  return told.length;
}

/** A recipient that was told is forgotten, so that a retry tells only the others. @param tell answers why it could not be told */
async function endPage(
  { systems }: Deps,
  page: WhichPage,
  own: Way[],
  tell: (page: WhichPage, way: Way) => Promise<SystemError | undefined>,
): Promise<void> {
  const taken = await readTaken(systems.artifacts, page);
  const ways = new Map([...own, ...taken].filter(way => !lackOf(systems, way)).map(way => [wayId(way), way]));
  const ends = await Promise.all([...ways].map(async ([id, way]) => ({ id, fault: await tell(page, way) })));
  const failed = ends.filter(({ fault }) => fault);
  const left = taken.filter(way => failed.some(({ id }) => id === wayId(way)));
  if (left.length < taken.length) await keepTaken(systems.artifacts, page, left);
  if (failed[0]?.fault) throw failed[0].fault;
}

/** A fault of the other system, as a value. */
export async function faultOf(work: Promise<void> | undefined): Promise<SystemError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof SystemError) return error;
    throw error;
  }
}
