/** Lists that a check freezes and an action works through: exactly what was frozen, by digest, in the artifact store. */

import { z } from 'zod';
import type { FrozenList } from '../../workflows/contract/finding.ts';
import { canonical } from '../canonical.ts';
import { type Artifacts, sha256 } from '../connectors/artifacts.ts';
import { jsonOf } from '../connectors/http.ts';
import { stopped } from '../failures.ts';

/** The same items are the same list. @throws SystemError */
export async function freeze(artifacts: Artifacts, name: string, items: object[]): Promise<FrozenList> {
  return { name, digest: await artifacts.save(canonical(items)), count: items.length };
}

/** @throws `NotFound` where it is gone, `BadInput` where it holds other things than the action takes. */
export async function frozenItems<Item>(
  artifacts: Artifacts,
  { name, digest }: FrozenList,
  item: z.ZodType<Item>,
): Promise<Item[]> {
  const body = await artifacts.load(digest);
  if (body === undefined)
    throw stopped(
      'NotFound',
      `The artifact store no longer has the list “${name}”. Nothing was changed: repeat the check that froze it, then retry.`,
    );
  const { data } = z.array(item).safeParse(jsonOf(body));
  if (data) return data;
  throw stopped('BadInput', `The list “${name}” holds other things than this step takes: correct the runbook.`);
}

/** The record of how far a step has come with its list. */
export const progressPlace = (key: string) => `lists/${sha256(key)}`;

/** True once its first item was tried: from then on no one is asked again, and it is the same list. @throws SystemError */
export const hasBegun = async (artifacts: Artifacts, key: string) => (await artifacts.read(progressPlace(key))) !== undefined;
