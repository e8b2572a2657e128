/** What npm start refuses: each in one sentence, before anything is started. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { fullDisk, isFullDisk, LabError, orFullDisk } from '../../lab/lab-error.ts';
import { claim } from '../../lab/practice/only-one.ts';
import { expectPracticeLabel } from '../../lab/practice/own-cluster.ts';
import { settingsOf } from '../../lab/practice/settings.ts';
import { freePorts } from '../../lab/ports.ts';
import { scenarios } from '../../lab/scenarios/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'nqba-refusals-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

/** The sentence that is printed alone. */
const sentence = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof LabError, String(error));
  assert.match(error.message, pattern);
  return true;
};

describe('options', () => {
  const main = join(import.meta.dirname, '../../lab/main.ts');
  const start = async (...args: string[]) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const code = new Promise<number | null>(resolve => child.on('exit', resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await code, stdout, stderr };
  };

  for (const [args, said] of [
    [['--nope'], /^Unknown option '--nope': npm start -- --help shows what there is\.\n$/],
    [['now'], /^Unexpected argument 'now': .*\n$/],
    [['--yes', '--quiet'], /^--yes answers the guided incident, and --quiet has none: leave one of them out\.\n$/],
    [['--kubeconfig', 'a'], /^--kubeconfig and --platform go together: give both, or neither\.\n$/],
    [['--kubeconfig', '', '--platform', ''], /^--kubeconfig and --platform each need the name of a file\.\n$/],
    [['--yes', '--kubeconfig', 'a', '--platform', 'b'], /^--yes answers by itself, .*leave out --kubeconfig\.\n$/],
    [['--scenario', 'flood'], /^There is no scenario flood: name dynex-outage, priority-class, bad-rollout or backlog\.\n$/],
    [['--scenario', ''], /^There is no scenario '': name /],
    [['--scenario', 'bad-rollout', '--quiet'], /^--scenario chooses the guided incident, and --quiet has none: .*\n$/],
    [
      ['--scenario', 'bad-rollout', '--kubeconfig', 'a', '--platform', 'b'],
      /^--scenario bad-rollout breaks the platform that npm start makes: leave out --kubeconfig\.\n$/,
    ],
  ] as const)
    test(`${args.map(arg => arg || "''").join(' ')} is refused`, async () => {
      const { code, stdout, stderr } = await start(...args);
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, said);
    });

  test('--help names every scenario', async () => {
    const { code, stdout } = await start('--help');
    assert.equal(code, 0);
    for (const { name } of scenarios) assert.match(stdout, new RegExp(`\\b${name} \\(`), name);
  });
});

describe("a test cluster of one's own", () => {
  const platformFile = join(import.meta.dirname, '../../platform.json');
  const namespaces = new Map<string, { status: number; labels?: object }>();
  const server = createServer((request, answer) => {
    const { status, labels } = namespaces.get(request.url?.split('/').at(-1) ?? '') ?? { status: 404 };
    answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ metadata: { labels } }));
  });
  let kubeconfig: string;
  const kubeconfigOf = (name: string, port: number) =>
    file(
      name,
      JSON.stringify({
        clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
        users: [{ name: 'u', user: {} }],
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        'current-context': 'x',
      }),
    );
  before(async () => {
    const [port = 0] = await freePorts(1);
    await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
    kubeconfig = kubeconfigOf('kubeconfig', port);
  });
  after(() => server.close());

  const labelled = { status: 200, labels: { 'nqba-runbooks/practice': 'yes' } };
  const expect = (more: { kubeconfig?: string; platformFile?: string } = {}) =>
    expectPracticeLabel({ kubeconfig, platformFile, ...more });

  test('is touched only where every namespace says so; the others are named with the command', async () => {
    namespaces.set('nqba-platform', labelled).set('monitoring', { status: 200, labels: { 'nqba-runbooks/practice': 'no' } });
    await assert.rejects(
      expect(),
      sentence(/^Not every namespace .*\n {2}kubectl label namespace monitoring nqba-runbooks\/practice=yes$/),
    );
    namespaces.set('monitoring', labelled);
    await expect();
  });

  test('that has no such namespace, or does not let us see it, is refused', async () => {
    namespaces.set('nqba-platform', labelled).delete('monitoring');
    await assert.rejects(
      expect(),
      sentence(/^The cluster has no namespace monitoring: do --kubeconfig and --platform belong together\?$/),
    );
    namespaces.set('monitoring', { status: 403 });
    await assert.rejects(expect(), sentence(/may not read the namespace monitoring \(403\)/));
  });

  test('that is not there, or a kubeconfig that is none, is refused', async () => {
    const [nobody = 0] = await freePorts(1);
    const elsewhere = kubeconfigOf('elsewhere', nobody);
    for (const wrong of [elsewhere, join(folder, 'absent'), file('none', '{}')])
      await assert.rejects(
        expect({ kubeconfig: wrong }),
        sentence(/^Kubernetes cannot be reached: .*: is \S+ the right --kubeconfig\?$/),
      );
  });

  test('with a platform that is not there, or none, is refused', async () => {
    await assert.rejects(
      expect({ platformFile: join(folder, 'absent') }),
      sentence(/absent cannot be read \(ENOENT\): is this the right --platform\?$/),
    );
    await assert.rejects(
      expect({ platformFile: file('wrong.json', '{"name":3}') }),
      sentence(/wrong\.json: .*Correct:\n {2}name: /),
    );
  });
});

describe('a practice folder', () => {
  test('belongs to one start at a time, as long as it lives', () => {
    const dir = mkdtempSync(join(folder, 'claimed-'));
    writeFileSync(join(dir, 'main.pid'), String(process.ppid));
    assert.throws(
      () => claim(dir),
      sentence(new RegExp(`runs already in .*\\(process ${process.ppid}\\): use it .*, or stop it`)),
    );
    writeFileSync(join(dir, 'main.pid'), '2147483646');
    claim(dir);
  });

  test('whose settings are broken says how to begin again', async () => {
    const dir = mkdtempSync(join(folder, 'broken-'));
    writeFileSync(join(dir, 'settings.json'), '{');
    await assert.rejects(settingsOf(dir), sentence(/settings\.json cannot be read: start with --fresh\.$/));
  });

  test('on a full disk says so, whoever found it full', () => {
    const ours = Object.assign(new Error('write'), { code: 'ENOSPC' });
    const theirs = new Error('Command failed: tar\ntar: write: No space left on device');
    for (const error of [ours, theirs])
      assert.throws(() => orFullDisk(error, '/here'), sentence(/^The disk is full: free some space under \/here/));
    assert.equal(isFullDisk(fullDisk('/here')), false);
    assert.throws(() => orFullDisk(new Error('other'), '/here'), { message: 'other' });
  });
});
