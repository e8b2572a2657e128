/** The systems that measure and tell: does each answer a cheap read? Nothing is sent to anyone. */

import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { examinationOf, type SystemName, systemNames, wireOf } from '../../activities/connectors/index.ts';
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
async function artifactsLine({ connections: { artifacts } }: Sight): Promise<Line> {
  const folder = resolve(artifacts.folder);
  for (let place = folder; ; place = dirname(place)) {
    const refusal = await access(place, constants.R_OK | constants.W_OK).then(
      () => '',
      error => String(error),
    );
    if (refusal === '') return fine('The artifact store', `may be written: ${folder}.`);
    if (!refusal.includes('ENOENT') || place === dirname(place))
      return fault(
        'The artifact store',
        `${folder} may not be written.`,
        'Set ARTIFACTS to a folder that worker and intake may write.',
      );
  }
}
