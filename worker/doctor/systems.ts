/** The systems that measure and tell: does each answer a cheap read? Nothing is sent to anyone. */

import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { examinationOf, type SystemName, systemNames, wireOf } from '../../activities/connectors/index.ts';
import { absentFrom } from '../../activities/sharing.ts';
import { fault, fine, type Line, looked } from './line.ts';
import type { Sight } from './sight.ts';

/** Each as its connector examines it. */
export async function systemLines(sight: Sight): Promise<Line[]> {
  const examined = systemNames.map(name => linesOf(sight, name));
  const lines = [...examined, looked('The artifact store', () => artifactsLine(sight))];
  return (await Promise.all(lines)).flat();
}

async function linesOf(sight: Sight, name: SystemName): Promise<Line[]> {
  const { systems, connections, platform, onCall, clock } = sight;
  const around = { platform, onCall, wire: wireOf(connections, clock) };
  const examination = examinationOf(name, systems, connections, around);
  return examination ? looked(examination.name, examination.examine) : [];
}

/** Made at the first write: until then, where it would be made counts. */
async function artifactsLine(sight: Sight): Promise<Line> {
  const folder = resolve(sight.connections.artifacts.folder);
  for (let place = folder; ; place = dirname(place)) {
    const refusal = await access(place, constants.R_OK | constants.W_OK).then(
      () => '',
      error => String(error),
    );
    if (refusal === '') return sharedLine(folder, sight);
    if (!refusal.includes('ENOENT') || place === dirname(place))
      return fault(
        'The artifact store',
        `${folder} may not be written.`,
        'Set ARTIFACTS to a folder that worker and intake may write.',
      );
  }
}

/** Records that one process writes and the other does not find are lost: lists, reports, records of changes. */
async function sharedLine(folder: string, { systems: { artifacts }, clock }: Sight): Promise<Line> {
  const [absent] = await absentFrom(artifacts, clock.now());
  if (!absent) return fine('The artifact store', `may be written: ${folder}.`);
  const other = absent === 'worker' ? 'intake' : 'worker';
  return fault(
    'The artifact store',
    `is used by the ${other} alone: the ${absent} has not written to ${folder} in the last 2 hours.`,
    `Start the ${absent}, with ARTIFACTS set to the folder that the ${other} uses.`,
  );
}
