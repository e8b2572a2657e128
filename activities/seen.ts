/** A check that was never healthy on this installation may be looking at the wrong place: its fault is no evidence yet. */

import { z } from 'zod';
import type { Finding } from '../workflows/contract/finding.ts';
import { digestOf } from './canonical.ts';
import type { Artifacts } from './connectors/artifacts.ts';
import { jsonOf } from './connectors/http.ts';
import type { Deps } from './deps.ts';

/** The check and the address it looks at. */
export interface Looked {
  check: string;
  address: string;
}

/** When it was healthy, RFC 3339; the last time is at most an hour too early. */
export interface Seen {
  first: string;
  last: string;
}

const hour = 3_600_000;
const record = z.looseObject({ first: z.string(), last: z.string().optional() });
const nameOf = (what: Looked) => `seen/${digestOf(what)}`;

/** Nothing if it was never healthy here. Throws SystemError. */
export async function seenHealthy(artifacts: Artifacts, what: Looked): Promise<Seen | undefined> {
  const { data } = record.safeParse(jsonOf((await artifacts.read(nameOf(what))) ?? ''));
  return data && { first: data.first, last: data.last ?? data.first };
}

/** The finding as far as it may be believed; what is healthy is remembered. */
export async function trusted<F extends object>(
  { systems: { artifacts }, now }: Pick<Deps, 'systems' | 'now'>,
  what: Looked,
  finding: Finding<F>,
): Promise<Finding<F>> {
  if (finding.verdict === 'unknown') return finding;
  const seen = await seenHealthy(artifacts, what);
  if (finding.verdict === 'faulty') return seen === undefined ? distrusted(what.address, finding) : finding;
  const last = new Date(now()).toISOString();
  const isNews = seen === undefined || now() - Date.parse(seen.last) >= hour;
  if (isNews) await artifacts.write(nameOf(what), JSON.stringify({ ...what, first: seen?.first ?? last, last }));
  return finding;
}

const distrusted = <F extends object>(address: string, finding: Finding<F>): Finding<F> => ({
  ...finding,
  verdict: 'unknown',
  evidence: `This check has never been healthy on this installation; verify its address (${address}) before trusting it. ${finding.evidence}`,
});
