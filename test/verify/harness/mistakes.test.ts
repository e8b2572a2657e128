// Laws that nothing breaks prove nothing: mistakes planted in the engine, each by itself, and each turns its law red.
import assert from 'node:assert/strict';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { titleOf } from '../../activities/harness/case.ts';
import { cases } from '../../activities/harness/cases/index.ts';
import { holding } from '../../activities/harness/held-to.ts';
import { laws } from '../../activities/harness/laws/index.ts';
import { type Product, type Stage, stage } from '../../activities/stage.ts';
import { patchedCopy, root } from '../../support/patched-copy.ts';

let on: Stage;
before(async () => {
  on = await stage();
});
after(() => on.stop());

const patches = globSync(join(import.meta.dirname, '../../activities/harness/mistakes/*.patch')).sort();

test('there is a mistake for each law', () => {
  const planted = new Set(patches.map(patch => Number.parseInt(basename(patch), 10)));
  assert.deepEqual(
    laws.filter(({ number }) => !planted.has(number)),
    [],
  );
});

for (const patch of patches)
  test(`the planted mistake “${basename(patch, '.patch')}” is found`, async () => {
    const number = Number.parseInt(basename(patch), 10);
    const named = /^Case: (.+)$/m.exec(readFileSync(patch, 'utf8'))?.[1];
    const of = cases.find(one => titleOf(one) === named);
    const law = laws.find(law => law.number === number && law.of === of?.is);
    assert.ok(of && law, 'its law is its number, and its first line names a case');
    const product = await planted(patch);
    const hold = holding(() => ({ on, product }), of, law, 'first');
    assert.ok(hold);
    await assert.rejects(hold, assert.AssertionError, 'nobody has noticed');
  });

/** What workers are made of, with this mistake. A module is loaded once from each path. */
async function planted(patch: string): Promise<Product> {
  const scratch = join(root, '.practice', `mistake-${process.pid}-${basename(patch, '.patch')}`);
  try {
    assert.equal(patchedCopy(patch, scratch, ['workflows', 'activities']), undefined);
    const { connectAll } = await import(join(scratch, 'activities/connectors/index.ts'));
    const { createActivities } = await import(join(scratch, 'activities/index.ts'));
    await import(join(scratch, 'activities/connectors/kubeconfig.ts'));
    return { connectAll, createActivities };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
