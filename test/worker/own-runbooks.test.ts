// A runbook of one's own: begun by a command, bundled and rehearsed with those that are shipped, and known to the intake.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { joinCatalog, OwnRunbookError, readOwnRunbooks } from '../../activities/own-runbooks.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { type How, rehearseAll } from '../../worker/rehearsal/incidents.ts';
import { Sandbox } from '../../worker/rehearsal/rehearse.ts';
import { readScenario, type Scenario, scenarioIn, writtenRunbook } from '../../worker/rehearsal/scenario.ts';
import { route } from '../../workflows/catalog/index.ts';
import { runbooks } from '../client/command-line.ts';

const run = runbooks({});
const example = 'examples/crash-looping';
const aFolder = () => mkdtempSync(join(tmpdir(), 'runbooks-'));
const begun = async (title = 'Queue Stuck') => {
  const folder = aFolder();
  return { folder, ...(await run('new', title, '--runbooks', folder)) };
};

/** The one incident of a scenario. */
async function played(sandbox: Sandbox, { setting }: Scenario, how: How = {}) {
  const [incident] = (await rehearseAll(sandbox, setting, how)).incidents;
  assert.ok(incident);
  return incident;
}

describe('runbooks new', () => {
  test('writes four files that fit together, and a rehearsal that passes as it is', async () => {
    const { folder, code, stdout } = await begun();
    assert.equal(code, 0);
    assert.deepEqual(readdirSync(folder).toSorted(), [
      'queue-stuck.catalog.json',
      'queue-stuck.rules.yaml',
      'queue-stuck.scenario.json',
      'queue-stuck.ts',
    ]);
    assert.match(stdout, /runbooks rehearse queue-stuck --runbooks/);
    const rehearsed = await run('rehearse', 'queue-stuck', '--runbooks', folder);
    assert.deepEqual([rehearsed.code, rehearsed.stderr], [0, '']);
    assert.match(rehearsed.stdout, /Closed: recovered\.\n$/);
  });

  test('writes an alert rule whose label opens the runbook', async () => {
    const { folder } = await begun();
    const file = parseDocument(readFileSync(join(folder, 'queue-stuck.rules.yaml'), 'utf8'));
    assert.deepEqual(file.errors, []);
    const rule = z.object({ alert: z.string(), labels: z.record(z.string(), z.string()) }).parse(file.toJS().groups[0].rules[0]);
    const [entry] = readOwnRunbooks(folder);
    assert.deepEqual([rule.alert, rule.labels['runbook']], [entry?.alerts[0]?.name, 'queue-stuck']);
  });

  test('overwrites nothing', async () => {
    const { folder } = await begun();
    const { code, stderr } = await run('new', 'Queue Stuck', '--runbooks', folder);
    assert.equal(code, 4);
    assert.match(stderr, /Nothing was written, because these files exist already/);
  });

  test('refuses a title that is taken, that is none, and no folder', async () => {
    const endings = await Promise.all([begun('Dynex Outage'), begun('x`$(reboot)'), run('new', 'Queue Stuck')]);
    assert.deepEqual(
      endings.map(({ code }) => code),
      [4, 2, 2],
    );
  });
});

describe('a folder that cannot be used is refused with the file and why', () => {
  const entry = { title: 'X', severity: 'P2', owner: 'platform', recovery: { check: 'probe', input: {} } };
  const withEntry = (content: object, also = true) => {
    const folder = aFolder();
    writeFileSync(join(folder, 'x.catalog.json'), JSON.stringify(content));
    if (also) writeFileSync(join(folder, 'x.ts'), '');
    return folder;
  };
  const cases: [string, string, RegExp][] = [
    ['one that is not there', join(aFolder(), 'nowhere'), /There is no folder .*runbooks new/],
    ['one without a runbook', aFolder(), /holds no runbook/],
    ['an entry without its runbook', withEntry(entry, false), /beside it there is no x\.ts/],
    ['a P0', withEntry({ ...entry, severity: 'P0' }), /P0 is opened only by what is shipped/],
    ['a check that measures no recovery', withEntry({ ...entry, recovery: { check: 'page', input: {} } }), /recovery/],
  ];
  for (const [what, folder, said] of cases)
    test(what, () => {
      assert.throws(
        () => readOwnRunbooks(folder),
        (error: unknown) => error instanceof OwnRunbookError && said.test(error.message),
      );
    });

  test('a title that the catalog has', () => {
    assert.throws(() => joinCatalog(withEntry({ ...entry, title: 'Dynex Outage' })), /The catalog has Dynex Outage/);
  });

  test('worker and intake say it before they start', async () => {
    for (const server of ['worker', 'intake']) {
      const environment = { INTAKE_TOKEN: 't', KUBECONFIG: 'k', PROMETHEUS_URL: 'http://localhost:1', WORKER_PORT: '0' };
      const { code, stderr } = await runbooks(environment)(server, '--runbooks', 'nowhere');
      assert.equal(code, 2, stderr);
      assert.match(stderr, /There is no folder nowhere/);
    }
  });
});

describe('the example', () => {
  joinCatalog(example);
  const crashLooping = () => scenarioIn(`${example}/crash-looping.scenario.json`, writtenRunbook('crash-looping'));

  test('is bundled beside what is shipped, and is the same when it is replayed and rolls over', async () => {
    const sandbox = await Sandbox.load((await workflowBundle(example)).code, []);
    for (const rollOver of [false, true]) {
      const { report, closed, differing } = await played(sandbox, crashLooping(), { rollOver, evictEvery: 3 });
      assert.deepEqual([closed, report.outcome, differing], [true, 'recovered', []]);
      assert.equal(report.questions.filter(({ title }) => title === 'What is the cause?').length, 2);
    }
    assert.equal((await played(sandbox, readScenario('dynex-outage'))).report.outcome, 'recovered');
  });

  test('closes on the check that its catalog entry names', async () => {
    const sandbox = await Sandbox.load((await workflowBundle(example)).code, []);
    const { ran } = await played(sandbox, crashLooping());
    const last = ran.findLast(({ title }) => title === 'Recovery criteria');
    assert.equal(JSON.stringify([last?.type, last?.args]), '["probe",[{"url":"api"}]]');
  });

  test('is opened by its label, and by its alert', () => {
    const opened = (labels: Record<string, string>) => Reflect.get(Object(Reflect.get(route(labels), 'runbook')), 'workflow');
    assert.equal(opened({ alertname: 'Anything', runbook: 'crash-looping' }), 'crashLooping');
    assert.equal(opened({ alertname: 'CrashLooping' }), 'crashLooping');
  });

  test('imports the words and nothing else', () => {
    const source = readFileSync(`${example}/crash-looping.ts`, 'utf8');
    assert.deepEqual(source.match(/from '.*'/g), ["from 'nqba-runbooks/kit'"]);
  });

  test('is bundled again when a file of the folder has changed', async () => {
    const { folder } = await begun('Changed Later');
    const before = await workflowBundle(folder);
    writeFileSync(
      join(folder, 'changed-later.ts'),
      readFileSync(join(folder, 'changed-later.ts'), 'utf8').replace('Fix it', 'Repair it'),
    );
    const after = await workflowBundle(folder);
    assert.notEqual(after.code, before.code);
    rmSync(folder, { recursive: true });
  });
});
