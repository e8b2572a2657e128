/** docs/first-evening.md as a reader follows it: every command in order, on a real cluster, Temporal and Alertmanager. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { freePort } from '../client/temporal-server.ts';
import { type Alertmanager, readmeRoute, startAlertmanager } from '../support/alertmanager.ts';
import { eventually } from '../support/eventually.ts';
import { everyone, Platform } from '../support/practice.ts';

const page = readFileSync('docs/first-evening.md', 'utf8');

/** Each block of commands with the lines that the page shows below it. */
const blocks = [...page.matchAll(/```sh\n([^]*?)```\n(?:\n```text\n([^]*?)```)?/g)].map(([, typed = '', shown = '']) => ({
  typed: typed.trim().split('\n'),
  shown: shown.trim().split('\n').filter(Boolean),
}));

let platform: Platform;
let alertmanager: Alertmanager;
let intakePort: number;
const servers: ChildProcess[] = [];
/** A clone of one's own: everything that is written stays there. */
const clone = mkdtempSync(join(tmpdir(), 'runbooks-clone-'));

before(async () => {
  for (const name of readdirSync('.').filter(one => !one.startsWith('.')))
    if (name === 'platform.json') cpSync(name, join(clone, name));
    else symlinkSync(join(process.cwd(), name), join(clone, name));
  [platform, intakePort] = [await Platform.start(), await freePort()];
  alertmanager = await startAlertmanager(readmeRoute(intakePort, join(clone, 'intake-token')));
  await platform.hold({ 'mode.dynex-outage': null });
  await platform.set('dynex', 'down');
});
after(async () => {
  for (const { pid } of servers) if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  await alertmanager?.stop();
  await platform?.stop();
});

/** The page's addresses and context, as they are here. */
const here = (line: string) =>
  line
    .replaceAll('http://localhost:9093', alertmanager.url)
    .replaceAll('http://localhost:9090', platform.environment.PROMETHEUS_URL ?? '')
    .replaceAll('localhost:7233', platform.environment.TEMPORAL_ADDRESS ?? '')
    .replaceAll('--context staging', `--context ${contextIn(platform.environment.KUBECONFIG ?? '')}`);

const contextIn = (kubeconfig: string) =>
  /^current-context: "?([\w@.-]+)"?$/m.exec(readFileSync(kubeconfig, 'utf8'))?.[1] ?? assert.fail('no context');

/** Variables go on from one block to the next, as in one terminal. */
const exported = join(clone, 'exported');
writeFileSync(exported, '');

function typing(lines: string[]) {
  const { TEMPORAL_NAMESPACE = 'default', KUBECONFIG = '' } = platform.environment;
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, TEMPORAL_NAMESPACE, KUBECONFIG, INTAKE_PORT: `${intakePort}` };
  const script = [`. ${exported}`, ...lines.map(here), `export -p > ${exported}`].join('\n');
  return spawn('bash', ['-c', script], { cwd: clone, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
}

async function typed(lines: string[]): Promise<string> {
  const child = typing(lines);
  return (await Promise.all([text(child.stdout), text(child.stderr)])).join('');
}

const isServer = (line: string) => /^runbooks (worker|intake)$/.test(line);

/** `…` is what differs from one cluster to another. */
const asPattern = (line: string) =>
  new RegExp(
    `^${line
      .split('…')
      .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('.*')}`,
    'm',
  );

test('every command does what the page shows, in order, and nothing is written before the last section', async () => {
  assert.equal(blocks.length, 8);
  await alertmanager.fires('DynexHealthCheckFailed', 'KubeJobFailed');
  const since = new Date();
  for (const { typed: lines, shown } of blocks) {
    const isLast = lines.some(line => line.startsWith('runbooks arm'));
    if (isLast) assert.deepEqual(await platform.writes(since, everyone), []);
    const [long, short] = [lines.filter(isServer), lines.filter(line => !isServer(line))];
    await eventually(async () => {
      const said = await typed(short);
      for (const line of shown) assert.match(said, asPattern(line));
    });
    for (const line of long) servers.push(typing([line]));
  }
  const written = (await platform.writes(since, everyone)).map(({ resource, name }) => `${resource}/${name}`);
  assert.deepEqual([...new Set(written)], ['configmaps/nqba-runbooks']);
});
