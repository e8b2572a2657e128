/** The class of the RDS instance as a target of the engine; its record lies in the artifact store. */

import type { Target } from '../../../workflows/contract/action.ts';
import type { Artifacts } from '../../connectors/artifacts.ts';
import type { Instance, Rds } from '../../connectors/rds.ts';
import { holdersIn } from '../../engine/holders.ts';
import { recordedAround, storedRecords } from '../../engine/stored-records.ts';
import type { TargetSystem } from '../../engine/target.ts';
import type { Platform } from '../../platform.ts';

export const classField = 'class';

export const instanceTargets = ({ database }: Pick<Platform, 'database'>): Target[] =>
  database ? [{ system: 'cloud database', kind: 'DB instance', name: database.instance }] : [];

/** The class that it has, or is about to have: asked twice for one it would refuse the second. */
export const classOf = (instance: Instance) => instance.pendingClass ?? instance.class;

export const instanceIn = ({ rds, artifacts }: { rds: Rds; artifacts: Artifacts }): TargetSystem => ({
  async read(target) {
    const [instance, records] = await Promise.all([rds.instance(target.name), storedRecords(artifacts, target)]);
    return {
      target,
      uid: instance.uid,
      value: field => (field === classField ? classOf(instance) : null),
      records,
      holders: holdersIn(records),
      recordsWithWrites: false,
    };
  },
  async write(write, now) {
    const after = write.edits.find(({ field }) => field === classField)?.after;
    const made = typeof after === 'string' ? { change: () => rds.setClass(write.target.name, after) } : undefined;
    await recordedAround(artifacts, write, now, made);
  },
});
