/** Records of changes outside Kubernetes: in the artifact store, written before the change itself. */

import { z } from 'zod';
import type { Target } from '../../workflows/contract/action.ts';
import type { Artifacts } from '../connectors/artifacts.ts';
import { sha256 } from '../connectors/artifacts.ts';
import { keptIn } from '../kept.ts';
import { targetId } from './target.ts';
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
