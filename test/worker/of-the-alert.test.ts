/** A runbook of one's own for the workload of the alert: the labels name it in every word and in the recovery check, and a platform that allows none refuses it. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { before } from 'node:test';
import { joinCatalog } from '../../activities/own-runbooks.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { rehearseAll } from '../../worker/rehearsal/incidents.ts';
import { Sandbox } from '../../worker/rehearsal/rehearse.ts';
import { scenarioIn, writtenRunbook } from '../../worker/rehearsal/scenario.ts';
import { runbooks } from '../client/command-line.ts';

const shop = 'examples/foreign-shop';
const slug = 'replicas-missing';
const scratch = mkdtempSync(join(tmpdir(), 'of-the-alert-'));
const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

let sandbox: Sandbox;
before(async () => {
  joinCatalog(`${shop}/runbooks`);
  sandbox = await Sandbox.load((await workflowBundle(`${shop}/runbooks`)).code, []);
});

/** The workloads of each call, by the title of its step. */
async function calledFor(labels: Record<string, string>) {
  const file = join(scratch, `${slug}.scenario.json`);
  const deliveries = json(`${shop}/runbooks/${slug}.scenario.json`).deliveries;
  for (const delivery of deliveries) delivery.labels = labels;
  writeFileSync(file, JSON.stringify({ ...json(`${shop}/runbooks/${slug}.scenario.json`), deliveries }));
  const { setting } = scenarioIn(file, writtenRunbook(slug), json(`${shop}/platform.json`));
  const [incident] = (await rehearseAll(sandbox, setting)).incidents;
  assert.deepEqual([incident?.report.outcome, incident?.differing], ['recovered', []]);
  const called = (incident?.ran ?? []).map(({ title, args: [input] }) => [
    title,
    /"workloads?":(.*?"\]?)[,}]/.exec(JSON.stringify(input)),
  ]);
  return Object.fromEntries(
    called.flatMap(([title, found]) => (found && title !== 'Keep the report' ? [[title, found[1]]] : [])),
  );
}

test('each word and the recovery check get the workload that the labels name', async () => {
  assert.deepEqual(await calledFor({ namespace: 'shop', statefulset: 'ledger' }), {
    'Check its pods': '["StatefulSet shop/ledger"]',
    'Review Recent Changes': '["StatefulSet shop/ledger"]',
    'Restart it': '"StatefulSet shop/ledger"',
    'Verify its pods': '["StatefulSet shop/ledger"]',
    'Recovery criteria': '["StatefulSet shop/ledger"]',
  });
});

const unclear: Record<string, Record<string, string>> = {
  'no workload': { namespace: 'shop' },
  'no namespace': { deployment: 'storefront' },
  'two workloads': { namespace: 'shop', deployment: 'storefront', statefulset: 'ledger' },
  'what is no name': { namespace: 'shop', deployment: 'storefront; reboot' },
  'a path': { namespace: '../kube-system', deployment: 'storefront' },
};
for (const [what, labels] of Object.entries(unclear))
  test(`an alert that names ${what} puts nothing in its place`, async () => {
    assert.equal((await calledFor(labels))['Restart it'], '"of the alert"');
  });

test('a platform that allows none refuses the runbook with line and field', async () => {
  const file = join(scratch, 'platform.json');
  writeFileSync(file, JSON.stringify({ ...json(`${shop}/platform.json`), labelledWorkloads: [] }));
  const { code, stderr } = await runbooks({ RUNBOOKS_PLATFORM: file })('rehearse', slug, '--runbooks', `${shop}/runbooks`);
  assert.equal(code, 2);
  assert.match(stderr, /replicas-missing\.ts:16: the platform description allows no workload of the alert.*labelledWorkloads/);
});
