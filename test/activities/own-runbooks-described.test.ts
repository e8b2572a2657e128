/** A runbook that names what a platform does not have is refused before it runs, with what there is; one that needs a section is not available. */

import assert from 'node:assert/strict';
import { globSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readPlatform } from '../../activities/platform.ts';
import { namesOf } from '../../activities/own-runbooks/names-of.ts';
import { sourceOf, undescribed } from '../../activities/own-runbooks/described.ts';
import { runbookLines } from '../../worker/doctor/runbooks.ts';
import { isWritten, notAvailable, runbook, runbooks as catalog } from '../../workflows/catalog/index.ts';
import { runbooks } from '../client/command-line.ts';
import { nqba } from '../support/nqba.ts';

const shop = 'examples/foreign-shop/platform.json';
const written = catalog.filter(isWritten);

/** A runbook of one's own that names a workload, a ConfigMap and two roles that NQBA does not have. */
function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runbooks-'));
  const recovery = { check: 'pods', input: { workloads: ['ledger'] } };
  writeFileSync(
    join(folder, 'odd-names.catalog.json'),
    JSON.stringify({ title: 'Odd Names', severity: 'P2', owner: 'warehouse', recovery }),
  );
  writeFileSync(
    join(folder, 'odd-names.ts'),
    `import { runbook } from 'nqba-runbooks/kit';

export const oddNames = runbook('Odd Names', async ({ step, check, task }) => {
  await step('Page').oncall.page({ roles: ['primary', 'baker'] });
  await step('Restart').kubernetes.restart({ workload: 'web' });
  await check('Look').kubernetes.readTeaLeaves({});
  await step('Set').kubernetes.setConfigMap({ configMap: 'settings', values: {} });
  await task('Wait', { owner: 'platform', confirm: 'It is over' });
});
`,
  );
  return folder;
}

const lines = [
  /odd-names\.ts:4: the platform description has no role baker; it has primary, .*operations/,
  /odd-names\.ts:5: the platform description has no workload web; it has api, worker, batch/,
  /odd-names\.ts:6: there is no activity kubernetes\.readTeaLeaves; runbooks activities lists/,
  /odd-names\.ts:7: the platform description has no ConfigMap settings; it has quantum/,
  /odd-names\.catalog\.json: the platform description has no role warehouse/,
  /odd-names\.catalog\.json: the platform description has no workload ledger/,
];

describe('names that a platform does not have', () => {
  test('are refused by a rehearsal, and by worker and intake at their start, each with its line and what there is', async () => {
    const folder = aFolder();
    const environment = { KUBECONFIG: 'k', PROMETHEUS_URL: 'http://localhost:1', WORKER_PORT: '0' };
    const rehearsed = await runbooks({})('rehearse', 'odd-names', '--runbooks', folder);
    const started = await runbooks(environment)('worker', '--runbooks', folder);
    const served = await runbooks({ INTAKE_TOKEN: 'hush', INTAKE_PORT: '0' })('intake', '--runbooks', folder);
    for (const { code, stderr } of [rehearsed, started, served]) {
      assert.equal(code, 2, stderr);
      for (const said of lines) assert.match(stderr, said);
    }
  });

  test('are none in what is shipped', async () => {
    const platform = await nqba();
    assert.deepEqual(
      written.flatMap(one => undescribed(platform, one)),
      [],
    );
  });

  test('are faults that the doctor names', async () => {
    const { commander: _, ...roles } = (await nqba()).roles;
    const faults = runbookLines({ ...(await nqba()), roles }).filter(({ ok }) => !ok);
    assert.ok(faults.length > 0);
    for (const { text, fix } of faults) {
      assert.match(text, /the platform description has no role commander; it has primary/);
      assert.equal(fix, 'Describe the role commander, or correct the runbook.');
    }
  });
});

describe('what a shipped runbook needs', () => {
  test('stands in the catalog: every workload that its source names', () => {
    for (const { slug, needs = {} } of written) {
      const named = namesOf(sourceOf(slug)).filter(({ kind }) => kind === 'workload');
      const causes = globSync(`workflows/runbooks/${slug}/*.ts`)
        .flatMap(namesOf)
        .filter(({ kind }) => kind === 'workload');
      const all = [...new Set([...named, ...causes].map(({ name }) => name))].toSorted();
      assert.deepEqual([...(needs.workloads ?? [])].toSorted(), all, slug);
    }
  });

  test('is missing elsewhere: it is not available there, and the doctor, the rehearsal and the answer of open say why', async () => {
    const platform = await readPlatform(shop);
    const why = notAvailable(runbook('dynex-outage'), platform) ?? '';
    assert.equal(
      why,
      'the runbook Dynex Outage (dynex-outage) is not available on this platform: its description has no section quantum and no workload api, worker, batch (it has ledger, storefront, mailer)',
    );
    assert.ok(runbookLines(platform).some(({ ok, warning, text }) => ok && warning && text === `${why}.`));
    const rehearsed = await runbooks({})('rehearse', 'dynex-outage', '--platform', shop);
    assert.deepEqual([rehearsed.code, rehearsed.stderr], [2, `It cannot be rehearsed: ${why}.\n`]);
    const opened = await runbooks({ RUNBOOKS_PLATFORM: shop })('open', 'dynex-outage', '--because', 'it is down', '--as', 'ann');
    assert.equal(opened.code, 4);
    assert.ok(opened.stderr.includes(`Cannot be opened: ${why}.`), opened.stderr);
  });

  test('is there on NQBA', async () => {
    const platform = await nqba();
    assert.deepEqual(
      catalog.flatMap(one => notAvailable(one, platform) ?? []),
      [],
    );
  });
});
