import assert from 'node:assert/strict';
import { eventually } from '../../../support/eventually.ts';
import { at, type Stage } from '../../stage.ts';

/** Once all pods of a Deployment are new and ready. */
export const settled = (on: Stage, path: string) =>
  eventually(async () => {
    const { metadata, spec, status } = await on.you.get(path);
    const counts = [status?.updatedReplicas, status?.replicas, status?.availableReplicas];
    assert.deepEqual([status?.observedGeneration, ...counts], [metadata.generation, ...counts.map(() => spec?.replicas)]);
  });

/** The quota, once it is in force and counts so much as used. */
export async function limited(on: Stage, hard: string, used?: string): Promise<void> {
  await on.you.patch(at.quota, { spec: { hard: { 'limits.cpu': hard } } });
  await eventually(async () => {
    const { status } = await on.you.get(at.quota);
    const text = JSON.stringify([status?.['hard'], status?.['used']]);
    const wanted = used === undefined ? `"limits.cpu":"${hard}".*` : `"limits.cpu":"${hard}".*"limits.cpu":"${used}"`;
    assert.match(text, new RegExp(wanted));
  });
}
