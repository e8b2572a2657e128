/** Our silence in Alertmanager as a target of the engine: one for a cluster, known by its mark. Its record lies in the artifact store. */

import type { Target } from '../../../workflows/contract/action.ts';
import type { Alertmanager, Matcher, Silence, WantedSilence } from '../../connectors/silences.ts';
import type { Artifacts } from '../../connectors/artifacts.ts';
import { holdersIn } from '../../engine/holders.ts';
import { recordedAround, storedRecords } from '../../engine/stored-records.ts';
import type { Snapshot, TargetSystem } from '../../engine/target.ts';
import type { Edit } from '../../engine/write.ts';
import type { Platform } from '../../platform.ts';
import { matchersText } from './planned.ts';

export const silenceTarget: Target = { system: 'alertmanager', kind: 'Silence', name: 'planned alerts' };

/** Its matchers, and the time at which Alertmanager ends it by itself. */
export const [matchersField, endField] = ['matchers', 'until'] as const;

export const author = 'nqba-runbooks';
/** One Alertmanager may serve several clusters. */
export const commentOf = ({ cluster }: Pick<Platform, 'cluster'>) => `Planned alerts of a maintenance window of ${cluster}.`;

interface Around {
  alertmanager: Alertmanager;
  artifacts: Artifacts;
  platform: Platform;
  /** As they are sent; the plan has them as text. */
  matchers: Matcher[];
}

export function silenceIn({ alertmanager, artifacts, platform, matchers }: Around): TargetSystem {
  const ours = async () => {
    const all = await alertmanager.silences();
    const mark = commentOf(platform);
    const marked = all.filter(({ createdBy, comment }) => createdBy === author && comment === mark);
    return marked.toSorted((a, b) => b.endsAt.localeCompare(a.endsAt));
  };
  const carryOut = async (edits: Edit[]) => {
    const end = edits.find(({ field }) => field === endField)?.after;
    const there = await ours();
    if (end === null) for (const { id } of there) await alertmanager.expire(id);
    else await alertmanager.silence(wanted(there[0], end));
  };
  const wanted = (there: Silence | undefined, end = there?.endsAt ?? ''): WantedSilence => ({
    ...(there && { id: there.id }),
    // A new one begins by the clock of Alertmanager: what lies before it counts as now.
    startsAt: there?.startsAt ?? new Date(0).toISOString(),
    endsAt: end,
    matchers,
    createdBy: author,
    comment: commentOf(platform),
  });
  return {
    async read(target) {
      const [[newest], records] = await Promise.all([ours(), storedRecords(artifacts, target)]);
      return snapshotOf(target, newest, records);
    },
    write: (write, now) =>
      recordedAround(artifacts, write, now, write.edits.length > 0 ? { change: () => carryOut(write.edits) } : undefined),
  };
}

function snapshotOf(target: Target, silence: Silence | undefined, records: Record<string, string>): Snapshot {
  const values: Record<string, string | null> = {
    [matchersField]: silence ? matchersText(silence.matchers) : null,
    [endField]: silence ? new Date(silence.endsAt).toISOString() : null,
  };
  return {
    target,
    uid: target.name,
    value: field => values[field] ?? null,
    records,
    holders: holdersIn(records),
    recordsWithWrites: false,
  };
}
