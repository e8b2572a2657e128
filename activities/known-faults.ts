/** Faults that an operation finds again and again: each is kept once for its owner and reason, and may be accepted until a time. */

import { z } from 'zod';
import type { Finding } from '../workflows/contract/finding.ts';
import type { Role } from '../workflows/contract/vocabulary.ts';
import { type Artifacts, sha256 } from './connectors/artifacts.ts';
import type { Deps } from './deps.ts';
import { keptIn } from './kept.ts';

export interface FoundFaults {
  /** Slug of the operation. */
  of: string;
  /** RFC 3339, of this run: it counts once, however often it asks. */
  at: string;
  faults: Reason[];
  /** Could not be checked: whether they are gone is not known. */
  unknown?: Reason[];
}

interface Reason {
  owner: Role;
  reason: string;
}

/** Faults of an operation that are found now, and since when; those that are found no more. */
export interface KnownFaultsFacts {
  faults: {
    owner: string;
    reason: string;
    /** RFC 3339. */
    since: string;
    /** Runs that found it, this one included. */
    times: number;
    /** A person has said why it need not be fixed until that time (RFC 3339). */
    accepted: { until: string; because: string; by: string } | undefined;
  }[];
  gone: string[];
  /** All accepted faults are one line. `since`: RFC 3339, of the first run that had one; `isOver`: the run before had one. */
  line: { since: string | undefined; isOver: boolean };
}

const remembered = z.object({
  owner: z.string(),
  reason: z.string(),
  /** RFC 3339: of the first run that found it, and of the last; and of the first that did not any more. */
  since: z.string(),
  last: z.string(),
  gone: z.string().optional(),
  times: z.number(),
});
export type RememberedFault = z.infer<typeof remembered>;

const acceptance = z.object({ reason: z.string(), until: z.string(), because: z.string(), by: z.string() });
export type Acceptance = z.infer<typeof acceptance>;

const faultsOf = (of: string) => `faults/${of}`;
const acceptedOf = (of: string) => `accepted-faults/${of}`;
const lineOf = (of: string) => `accepted-line/${of}`;

/** Those that the newest run found, the oldest first. @throws SystemError */
export const rememberedFaults = async (artifacts: Artifacts, of: string): Promise<RememberedFault[]> =>
  (await keptIn(artifacts, faultsOf(of), remembered))
    .filter(({ gone }) => gone === undefined)
    .toSorted((one, other) => one.since.localeCompare(other.since));

/** Until then it is one line. A later one replaces it. @throws SystemError */
export const acceptFault = (artifacts: Artifacts, of: string, accepted: Acceptance): Promise<void> =>
  artifacts.write(`${acceptedOf(of)}/${sha256(accepted.reason)}`, JSON.stringify(accepted));

/** Healthy where nothing is faulty, or all of it is accepted. @throws SystemError */
export async function checkKnownFaults(
  { systems: { artifacts }, now }: Pick<Deps, 'systems' | 'now'>,
  { of, at, faults, unknown = [] }: FoundFaults,
): Promise<Finding<KnownFaultsFacts>> {
  const acceptances = (await keptIn(artifacts, acceptedOf(of), acceptance)).filter(one => Date.parse(one.until) > now());
  const acceptedAs = (reason: string) => acceptances.find(one => one.reason === reason);
  const { current, gone } = await compared(artifacts, faultsOf(of), { at, faults, unknown });
  const known = current.map(({ owner, reason, since, times }) => {
    return { owner, reason, since, times, accepted: acceptedAs(reason) };
  });
  const open = known.filter(({ accepted }) => accepted === undefined);
  const folded = known.length - open.length;
  const line = await compared(artifacts, lineOf(of), {
    at,
    faults: folded > 0 ? [acceptedLine] : [],
    unknown: unknown.some(({ reason }) => acceptedAs(reason)) ? [acceptedLine] : [],
  });
  return {
    verdict: open.length === 0 ? 'healthy' : 'faulty',
    evidence: inWords(open.length, open.filter(({ times }) => times === 1).length, folded, gone),
    facts: {
      faults: known,
      gone: gone.map(({ reason }) => reason),
      line: { since: line.current[0]?.since, isOver: line.gone.length > 0 },
    },
  };
}

/** Kept as a fault is: it begins, and is over. */
const acceptedLine: Reason = { owner: 'operations', reason: 'accepted faults' };

type Found = Required<Pick<FoundFaults, 'at' | 'faults' | 'unknown'>>;

/** With the runs before: what is there, and what is gone since the last one. */
async function compared(artifacts: Artifacts, folder: string, { at, faults, unknown }: Found) {
  const before = await keptIn(artifacts, folder, remembered);
  const current = faults.map(fault =>
    next(
      before.find(one => isSame(one, fault)),
      fault,
      at,
    ),
  );
  const absent = before
    .filter(one => ![...faults, ...unknown].some(other => isSame(one, other)))
    .map(one => ({ ...one, gone: one.gone ?? at }));
  const gone = absent.filter(one => one.gone === at);
  for (const one of [...current, ...gone]) await artifacts.write(nameIn(folder, one), JSON.stringify(one));
  for (const old of absent.filter(one => !gone.includes(one))) await artifacts.remove(nameIn(folder, old));
  return { current, gone };
}

const nameIn = (folder: string, { owner, reason }: Reason) => `${folder}/${sha256(`${owner} ${reason}`)}`;

const isSame = (one: RememberedFault, other: Reason) => one.owner === other.owner && one.reason === other.reason;

/** One that was gone and is there again has begun again. */
function next(before: RememberedFault | undefined, { owner, reason }: Reason, at: string): RememberedFault {
  if (before === undefined || (before.gone !== undefined && before.gone !== at))
    return { owner, reason, since: at, last: at, times: 1 };
  return { owner, reason, since: before.since, last: at, times: before.times + (before.last === at ? 0 : 1) };
}

function inWords(open: number, fresh: number, accepted: number, gone: RememberedFault[]): string {
  const found = open === 0 ? 'No fault is open' : `Open faults: ${open}, new: ${fresh}`;
  const folded = accepted === 0 ? '' : `; accepted: ${accepted}`;
  return `${found}${folded}.${gone.length > 0 ? ` Gone: ${gone.map(({ reason }) => reason).join(', ')}.` : ''}`;
}
