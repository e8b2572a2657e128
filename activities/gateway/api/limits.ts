/** Limits of the platform's own API as targets of the engine, one for each scope; their records lie in the artifact store. */

import type { Target } from '../../../workflows/contract/action.ts';
import type { Artifacts } from '../../connectors/artifacts.ts';
import type { LimitsInForce, RateLimit } from '../../connectors/operator-api/limits.ts';
import { holdersIn } from '../../engine/holders.ts';
import { storedRecords } from '../../engine/stored-records.ts';
import type { Snapshot, TargetSystem } from '../../engine/target.ts';
import type { Write } from '../../engine/write.ts';
import { type Proved, withRecords } from './proved.ts';

/** @param scope such as `class:low-priority` */
export const limitTarget = (scope: string): Target => ({ system: 'NQBA API', kind: 'Limit', name: scope });

export const rateField = 'calls a minute';
export const burstField = 'calls at once';
export const endField = 'ends';
export const reasonField = 'reason';

/** Absent fields of a limit that is there are null too: one without an end stays. */
const readers: Record<string, (limit: RateLimit) => string | null> = {
  [rateField]: ({ per_minute }) => String(per_minute),
  [burstField]: ({ burst }) => String(burst),
  [endField]: ({ until }) => until,
  [reasonField]: ({ reason }) => reason,
};

interface Around {
  limits: LimitsInForce;
  artifacts: Artifacts;
  now: () => number;
}

export const limitTargets = ({ limits, artifacts, now }: Around): TargetSystem => ({
  async read(target): Promise<Snapshot> {
    const [{ version, limits: all }, records] = await Promise.all([limits.limits(), storedRecords(artifacts, target)]);
    const limit = all[target.name];
    const value = (field: string) => (limit && readers[field]?.(limit)) ?? null;
    return { target, uid: target.name, version, value, records, holders: holdersIn(records), recordsWithWrites: false };
  },
  write: (write, seen) =>
    withRecords(
      artifacts,
      write,
      seen,
      write.edits.length > 0 ? changeTo(wantedBy(write, seen), seen, { limits, now }) : undefined,
    ),
});

/** Nothing where no limit is wanted. */
function wantedBy({ edits }: Write, seen: Snapshot): RateLimit | undefined {
  const after = (field: string) => {
    const edit = edits.find(one => one.field === field);
    return edit ? edit.after : seen.value(field);
  };
  const rate = after(rateField);
  if (rate === null) return undefined;
  return {
    per_minute: Number(rate),
    burst: Number(after(burstField) ?? rate),
    until: after(endField),
    reason: after(reasonField) ?? '',
  };
}

/** A limit whose end has passed meanwhile would be refused, and is none. */
function changeTo(wanted: RateLimit | undefined, seen: Snapshot, { limits, now }: Omit<Around, 'artifacts'>): Proved | undefined {
  const { target, version = '' } = seen;
  const inForce = async () => (await limits.limits()).limits[target.name];
  const isOver = wanted?.until !== undefined && wanted.until !== null && Date.parse(wanted.until) <= now();
  if (wanted && !isOver)
    return {
      change: () => limits.setLimit(target.name, wanted, version),
      isThere: async () => (await inForce())?.per_minute === wanted.per_minute,
    };
  if (seen.value(rateField) === null) return undefined;
  return {
    change: () => limits.clearLimit(target.name, version),
    isThere: async () => (await inForce()) === undefined,
  };
}
