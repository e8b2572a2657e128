/** Records of changes outside Kubernetes: in the artifact store, written before the change itself. */

import { z } from 'zod';
import type { Target } from '../../workflows/contract/action.ts';
import type { Artifacts } from '../connectors/artifacts.ts';
import { sha256 } from '../connectors/artifacts.ts';
import { jsonOf } from '../connectors/http.ts';
import { targetId } from './target.ts';
import type { Write } from './write.ts';

const records = z.record(z.string(), z.string());

const nameOf = (target: Target) => `records/${sha256(targetId(target))}`;

export const storedRecords = async (artifacts: Artifacts, target: Target): Promise<Record<string, string>> =>
  records.safeParse(jsonOf((await artifacts.read(nameOf(target))) ?? '')).data ?? {};

/** Twice equals once: a record lies under its own name. */
export async function storeRecords(artifacts: Artifacts, { target, records: changed }: Write): Promise<void> {
  const all = Object.entries({ ...(await storedRecords(artifacts, target)), ...changed });
  const kept = all.flatMap(([name, record]) => (record === null ? [] : [[name, record]]));
  await artifacts.write(nameOf(target), JSON.stringify(Object.fromEntries(kept)));
}
