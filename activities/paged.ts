/** Where each page of an incident went, kept until its end: neither a retry nor the end tells anybody twice, or nobody's business. */

import { z } from 'zod';
import type { Call } from '../workflows/contract/index.ts';
import { roles } from '../workflows/contract/vocabulary.ts';
import { type Artifacts, sha256 } from './connectors/artifacts.ts';
import { jsonOf } from './connectors/http.ts';
import type { PageEnd } from './connectors/pager.ts';
import { SystemError } from './connectors/system-error.ts';
import type { Deps } from './deps.ts';
import { incidentOf } from './guard.ts';
import { lackOf, ownWays, type Way, wayId } from './reaching.ts';

const taken = z.object({
  by: z.enum(['pagerduty', 'webhook', 'mail']),
  to: z.string(),
  /** Key of the step for which it was accepted; absent where nobody knows whether it was. */
  key: z.string().optional(),
});
export type Taken = z.infer<typeof taken>;

/** A page of the runbook, or the so many-th of the ladder. */
export interface WhichPage {
  incident: string;
  again?: number | undefined;
}

const nameOf = ({ incident, again = 0 }: WhichPage) => `paged/${sha256(`${incident}/${again}`)}`;

/** Throws SystemError. */
export async function readTaken(artifacts: Artifacts, page: WhichPage): Promise<Taken[]> {
  return z.array(taken).safeParse(jsonOf((await artifacts.read(nameOf(page))) ?? '')).data ?? [];
}

/** A store that cannot be written keeps nobody from being woken. */
export async function keepTaken(artifacts: Artifacts, page: WhichPage, all: Taken[]): Promise<void> {
  const each = new Map(all.map(one => [JSON.stringify(one), one]));
  await artifacts.write(nameOf(page), JSON.stringify([...each.values()])).catch(() => undefined);
}

/** A page and its end agree on this; PagerDuty takes 255 characters. */
export function dedupKeyOf({ incident, again }: WhichPage, { to }: Way): string {
  const key = [incident, to, ...(again === undefined ? [] : [again])].join('/');
  return key.length > 255 ? sha256(key) : key;
}

/** Ends every page of the incident, wherever it went. @returns how many addresses were told. Throws SystemError. */
export async function endPages(deps: Deps, { key, about }: Call, end: End): Promise<number> {
  const pages = [{ roles, again: undefined }, ...(about?.pages ?? [])];
  const told = pages.map(page =>
    endPage(deps, { incident: incidentOf(key), again: page.again }, ownWays(deps.platform, page.roles), end),
  );
  await Promise.allSettled(told);
  return (await Promise.all(told)).reduce((sum, count) => sum + count, 0);
}

type End = Omit<PageEnd, 'to' | 'dedupKey'>;

/** Whom it was told to is forgotten, so that a retry tells only the others. */
async function endPage({ systems }: Deps, page: WhichPage, own: Way[], end: End): Promise<number> {
  const taken = await readTaken(systems.artifacts, page);
  const ways = new Map([...own, ...taken].filter(way => !lackOf(systems, way)).map(way => [wayId(way), way]));
  const faults = new Map<string, SystemError>();
  const tell = async (way: Way) => {
    const fault = await faultOf(systems[way.by]?.resolve({ to: way.to, dedupKey: dedupKeyOf(page, way), ...end }));
    if (fault) faults.set(wayId(way), fault);
  };
  await Promise.all([...ways.values()].map(tell));
  const left = taken.filter(way => faults.has(wayId(way)));
  if (left.length < taken.length) await keepTaken(systems.artifacts, page, left);
  for (const fault of faults.values()) throw fault;
  return ways.size;
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
