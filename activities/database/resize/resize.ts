/**
 * `aws rds modify-db-instance --apply-immediately`: the database gets another class, once people have approved what it costs and
 * breaks. Twice equals once: the class is stated whole, and one that is pending counts.
 */

import type { Effect, Outcome } from '../../../workflows/contract/action.ts';
import type { Instance, Rds } from '../../connectors/rds.ts';
import { notConnected, SystemError } from '../../connectors/system-error.ts';
import type { Action, ActionContext, Setting } from '../../engine/action.ts';
import { restoring } from '../../engine/restoring.ts';
import { runSetting } from '../../engine/run-setting.ts';
import type { Snapshot } from '../../engine/target.ts';
import { toSet, type Write } from '../../engine/write.ts';
import { readTarget } from '../../engine/writing.ts';
import { stopped } from '../../failures.ts';
import { limits } from '../../limits.ts';
import type { Platform } from '../../platform.ts';
import { classField, classOf, instanceIn, instanceTargets } from './target.ts';
import { alsoApplied, interruption, priceText, wayBack } from './words.ts';

export interface ResizeInput {
  /** A class of `database.classes`; the next larger one where it is absent. */
  class?: string;
}

interface View {
  now: Snapshot;
  instance: Instance;
}

const name = 'resize';

export const resize: Action<ResizeInput> = {
  name,
  stays: true,
  byHand,
  run: async (input, context) => runSetting(resizing(databaseOf(context)), input, withRds(context)),
  undo: {
    targets: instanceTargets,
    run: (record, context) => madeFormer.run(record, withRds(context)),
  },
};

const madeFormer = restoring({
  targets: instanceTargets,
  summary: 'The database has its former class.',
  done: 'The database has its former class.',
  tells: async (_held, context) => [interruption(await instanceNow(context))],
  measure: (writes, context) => measured(writes[0]?.edits[0]?.after ?? undefined, context),
});

function byHand({ class: wanted }: ResizeInput, { platform: { database }, systems }: ActionContext['deps']): Outcome | undefined {
  if (database && systems.rds) return undefined;
  if (!database) return { byHand: { system: 'RDS', paste: '', because: 'The platform description names no instance of RDS' } };
  const flags = `--db-instance-identifier ${database.instance} --db-instance-class ${wanted ?? 'CLASS'} --apply-immediately`;
  return { byHand: { system: 'RDS', paste: `aws rds modify-db-instance ${flags}` } };
}

type Database = NonNullable<Platform['database']>;

/** @throws SystemError */
function databaseOf({ deps }: ActionContext): Database {
  const { database } = deps.platform;
  if (database) return database;
  throw new SystemError({ system: 'The platform description', fault: 'not described', text: 'has no section database' });
}

function rdsOf({ deps }: ActionContext): Rds {
  const { rds } = deps.systems;
  if (rds) return rds;
  throw notConnected('RDS', 'AWS_REGION');
}

const withRds = (context: ActionContext): ActionContext => {
  const { artifacts } = context.deps.systems;
  return { ...context, systems: { ...context.systems, 'cloud database': instanceIn({ rds: rdsOf(context), artifacts }) } };
};

const instanceNow = (context: ActionContext) => rdsOf(context).instance(databaseOf(context).instance);

const resizing = (database: Database): Setting<ResizeInput, View> => ({
  name,
  records: instanceTargets,
  look: async (_, context) => {
    const [target = missing()] = instanceTargets(context.deps.platform);
    const [instance, now] = await Promise.all([instanceNow(context), readTarget(context, target)]);
    return { instance, now };
  },
  draft({ now, instance }, input, { call }) {
    const wanted = wantedClass(input, instance, database);
    const writes = toSet(now, { [classField]: wanted }, { action: name, key: call.key });
    if (writes.some(({ edits }) => edits.length > 0) && instance.status !== 'available') throw busy(instance, database);
    return writes;
  },
  words: ({ instance }, input, _context, writes) => {
    const wanted = wantedClass(input, instance, database, writes);
    const said = `The database ${database.instance} has the class ${wanted}.`;
    return {
      summary: said,
      consequences: [
        interruption(instance),
        priceText(instance.class, wanted, database),
        wayBack(instance.class),
        ...alsoApplied(instance),
      ],
      restsOn: [
        { what: 'standby', value: instance.hasStandby ? 'yes' : 'no' },
        { what: 'also pending', value: instance.pending.join(', ') || 'nothing' },
      ],
      done: said,
      nothing: { note: `${said} It was so already: nothing was changed.`, measured: true },
    };
  },
  asks: async () => 'It breaks connections to the database and costs money: people decide.',
  measure: ({ instance }, input, context, { writes }) => measured(wantedClass(input, instance, database, writes), context),
});

const missing = (): never => {
  throw new SystemError({ system: 'The platform description', fault: 'not described', text: 'has no section database' });
};

const busy = ({ status }: Instance, { instance }: Database) =>
  stopped('Refused', `${instance} is ${status}, so RDS changes nothing now. Nothing was changed: retry when it is available.`);

/** A class that is begun already has been chosen. @throws `BadInput`, `Refused` */
function wantedClass({ class: asked }: ResizeInput, instance: Instance, { classes }: Database, writes: Write[] = []): string {
  const chosen = writes.flatMap(({ edits }) => edits).find(({ field }) => field === classField)?.after;
  if (typeof chosen === 'string') return chosen;
  if (asked !== undefined) {
    if (classes.includes(asked)) return asked;
    throw stopped('BadInput', `${asked.slice(0, 60)} is not in database.classes, which has ${classes.join(', ') || 'none'}.`);
  }
  const next = classes[classes.indexOf(classOf(instance)) + 1];
  if (classes.includes(classOf(instance)) && next !== undefined) return next;
  throw stopped('Refused', `database.classes has no class above ${classOf(instance)}: nothing was changed. Name one there.`);
}

/** RDS accepts at once and changes for minutes: it is done when the instance is available with that class. @throws SystemError */
async function measured(wanted: string | undefined, context: ActionContext): Promise<Effect> {
  const { deps, running } = context;
  const end = deps.now() + limits.resize;
  for (;;) {
    running.heartbeat();
    const { class: size, status, pendingClass } = await instanceNow(context);
    const text = `RDS says ${size}, ${status}.`;
    if (status === 'available' && pendingClass === undefined)
      return { measured: wanted === undefined || size === wanted ? 'whole' : 'none', text };
    if (deps.now() >= end) return { measured: 'part', text: `${text} It was not ready after ${limits.resize / 60_000} minutes.` };
    await deps.sleep(limits.resizeLook, running.signal);
  }
}
