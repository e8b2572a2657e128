/** Changes of ours that stand on the platform: no fault, but people should know of each. */

import { recordedTargets, isMeantToStay } from '../../activities/index.ts';
import { SystemError } from '../../activities/connectors/system-error.ts';
import { withRecorded } from '../../activities/labelled-workloads.ts';
import { type Holder, standingOn } from '../../activities/engine/holders.ts';
import { recordsOn } from '../../activities/engine/records-on.ts';
import { targetName } from '../../workflows/contract/action.ts';
import { fine, type Line, looked, warning } from './line.ts';
import type { Sight } from './sight.ts';

const check = 'Standing changes';

type Seen = Pick<Sight, 'systems' | 'platform'>;

/** A cluster that does not answer is a fault of its own line. */
export const standingLines = (sight: Seen): Promise<Line[]> =>
  looked(check, () =>
    linesFor(sight).catch((error: unknown) => {
      if (error instanceof SystemError) return warning(check, `not checked: ${error.message}.`);
      throw error;
    }),
  );

async function linesFor({ systems, platform }: Seen): Promise<Line[]> {
  const described = await withRecorded(systems.kubernetes, platform);
  const read = recordedTargets(described).map(async target => ({
    object: targetName(target),
    ...standingOn(target, await recordsOn({ systems }, target)),
  }));
  const all = await Promise.all(read);
  const found = all.flatMap(({ object, holders }) => holders.map(holder => ({ holder, object })));
  const unreadable = all.flatMap(one => one.unreadable).map(text => warning(check, text));
  return [...unreadable, lineOf(found, unreadable.length > 0 ? 'no other change of ours stands' : 'no change of ours stands')];
}

function lineOf(found: { holder: Holder; object: string }[], none: string): Line {
  const staying = found.filter(({ holder }) => isMeantToStay(holder.action));
  const standing = found.filter(({ holder }) => !isMeantToStay(holder.action));
  const meant = staying.length > 0 ? ` Meant to stay: ${objectsOf(staying)}.` : '';
  if (standing.length === 0) return fine(check, `${none}.${meant}`);
  const many = new Set(standing.map(({ holder: { key } }) => key)).size;
  const some = many === 1 ? '1 change of ours stands' : `${many} changes of ours stand`;
  return warning(check, `${some}: ${objectsOf(standing)}. Incidents and commands: runbooks list.${meant}`);
}

const objectsOf = (found: { object: string }[]) => [...new Set(found.map(({ object }) => object))].join(', ');
