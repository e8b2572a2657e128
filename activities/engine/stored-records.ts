/** Records of changes outside Kubernetes: in the artifact store, written before the change itself. */

import { z } from 'zod';
import type { Target } from '../../workflows/contract/action.ts';
import type { Artifacts } from '../connectors/artifacts.ts';
import { sha256 } from '../connectors/artifacts.ts';
import { wasRefused } from '../failures.ts';
import { keptIn } from '../kept.ts';
import { failedFurther } from './begun.ts';
import { type Snapshot, targetId } from './target.ts';
import type { Write } from './write.ts';

const stored = z.object({ name: z.string(), record: z.string() });

const folderOf = (target: Target) => `held/${sha256(targetId(target))}`;

/** By name. @throws SystemError */
export async function storedRecords(artifacts: Artifacts, target: Target): Promise<Record<string, string>> {
  const all = await keptIn(artifacts, folderOf(target), stored);
  return Object.fromEntries(all.map(({ name, record }) => [name, record]));
}

/** Twice equals once: a record lies under its own name. @throws SystemError */
export async function storeRecords(artifacts: Artifacts, { target, records }: Write): Promise<void> {
  for (const [name, record] of Object.entries(records)) {
    const file = `${folderOf(target)}/${sha256(name)}`;
    if (record === null) await artifacts.remove(file);
    else await artifacts.write(file, JSON.stringify({ name, record }));
  }
}

interface Recorded {
  change: () => Promise<void>;
  /** After the change, before its record is let go. */
  prove?: () => Promise<void>;
}

/**
 * The record stands before the change, and is let go only after it. Where the change was refused the record is what it was: else it
 * would stand for a change that no one made, and the next round would take the value of others for ours.
 * A refusal of the proof is none of the change.
 * @param made nothing where the record alone is written
 */
export async function recordedAround(
  artifacts: Artifacts,
  write: Write,
  { records }: Pick<Snapshot, 'records'>,
  made?: Recorded,
): Promise<void> {
  const letsGo = Object.values(write.records).every(record => record === null);
  if (!letsGo) await storeRecords(artifacts, write);
  await made?.change().catch(async error => {
    const former = Object.keys(write.records).map(name => [name, records[name] ?? null]);
    if (wasRefused(error) && !letsGo) await storeRecords(artifacts, { ...write, records: Object.fromEntries(former) });
    throw error;
  });
  await made?.prove?.().catch(error => {
    throw wasRefused(error) ? failedFurther(error, 'The change was made, and could not be read back.') : error;
  });
  if (letsGo) await storeRecords(artifacts, write);
}
