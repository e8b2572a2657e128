/** The intake of the hub as a target of the engine; its record lies in the artifact store. */

import type { Target } from '../../../workflows/contract/action.ts';
import type { Artifacts } from '../../connectors/artifacts.ts';
import type { NqbaApi } from '../../connectors/api.ts';
import { holdersIn } from '../../engine/holders.ts';
import { recordedAround, storedRecords } from '../../engine/stored-records.ts';
import type { Snapshot, TargetSystem } from '../../engine/target.ts';

export const intakeTarget: Target = { system: 'job hub', kind: 'Job hub', name: 'intake' };

/** The one field: so many of a hundred jobs that ask for a quantum solver start. */
export const percentField = 'percent';

interface Around {
  api: NqbaApi;
  artifacts: Artifacts;
  /** Right before something is written. */
  beforeWrite?: (percent: number) => Promise<void>;
}

export const intakeOf = ({ api, artifacts, beforeWrite }: Around): TargetSystem => ({
  async read(target): Promise<Snapshot> {
    const [{ percent }, records] = await Promise.all([api.intake(), storedRecords(artifacts, target)]);
    return {
      target,
      uid: 'intake',
      value: field => (field === percentField ? String(percent) : null),
      records,
      holders: holdersIn(records),
      recordsWithWrites: false,
    };
  },
  async write(write, now) {
    const after = write.edits.find(({ field }) => field === percentField)?.after;
    if (typeof after !== 'string') return recordedAround(artifacts, write, now);
    await beforeWrite?.(Number(after));
    await recordedAround(artifacts, write, now, { change: async () => void (await api.setIntake({ percent: Number(after) })) });
  },
});
