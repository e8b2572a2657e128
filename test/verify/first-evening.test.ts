/** docs/first-evening.md as a reader follows it: a clone, then every command in order, on a cluster of other names with its own alerts. */

import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { freePort } from '../client/temporal-server.ts';
import { readmeRoute } from '../support/alertmanager.ts';
import { eventually } from '../support/eventually.ts';
import { type OtherCluster, startOtherCluster } from '../support/other-cluster.ts';

const page = readFileSync('docs/first-evening.md', 'utf8');

/** Each block of commands with the lines that the page shows below it. */
const blocks = [...page.matchAll(/```sh\n([^]*?)```\n(?:\n```text\n([^]*?)```)?/g)].map(([, typed = '', shown = '']) => ({
  typed: typed.trim().split('\n'),
  shown: shown.trim().split('\n').filter(Boolean),
}));

let other: OtherCluster;
let intakePort: number;
const servers: ChildProcess[] = [];
const clone = mkdtempSync(join(tmpdir(), 'runbooks-clone-'));

const run = promisify(execFile);

before(async () => {
  intakePort = await freePort();
  other = await startOtherCluster(readmeRoute(intakePort, join(clone, 'intake-token')));
  await eventually(async () =>
    assert.deepEqual(new Set(await other.firing()), new Set(['AnnealerUnreachable', 'CrunchersBusy'])),
  );
});
after(async () => {
  for (const { pid } of servers) if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  await other?.stop();
});

/** With what is changed and not committed yet. `npm ci` would only fetch again what is there. */
async function cloned() {
  await run('git', ['clone', '--quiet', process.cwd(), clone]);
  const { stdout } = await run('git', ['diff', '--binary', 'HEAD'], { maxBuffer: 2 ** 26 });
  writeFileSync(join(clone, 'changes.patch'), stdout);
  if (stdout) await run('git', ['apply', 'changes.patch'], { cwd: clone });
  symlinkSync(join(process.cwd(), 'node_modules'), join(clone, 'node_modules'));
}

/** The page's addresses, as they are here. */
const here = (line: string) =>
  line
    .replaceAll('http://localhost:9093', other.urls.alertmanager)
    .replaceAll('http://localhost:9090', other.urls.prometheus)
    .replaceAll('localhost:7233', other.urls.temporal);

/** Variables go on from one block to the next, as in one terminal. */
const exported = join(mkdtempSync(join(tmpdir(), 'runbooks-terminal-')), 'exported');
writeFileSync(exported, '');

function typing(lines: string[]) {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, ...other.environment, INTAKE_PORT: `${intakePort}` };
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

/** Seconds since then, for people: how long it takes depends on the machine. */
const tell = (began: number, what: string) => console.error(`${Math.round((Date.now() - began) / 1000)} s: ${what}`);

test('every command does what the page shows, in order, and nothing but an empty hold is written before the last section', async () => {
  assert.equal(blocks.length, 8);
  const since = new Date();
  const written = async () => (await other.writes(since)).map(({ verb, resource, name }) => `${verb} ${resource}/${name}`);
  await cloned();
  tell(since.getTime(), 'cloned');
  for (const { typed: lines, shown } of blocks) {
    const isLast = lines.some(line => line.startsWith('runbooks arm'));
    if (isLast) assert.deepEqual(await written(), ['create configmaps/runbooks']);
    const [long, short] = [lines.filter(isServer), lines.filter(line => !isServer(line))];
    await eventually(
      async () => {
        const said = await typed(short);
        for (const line of shown) assert.match(said, asPattern(line));
      },
      { within: 120_000, every: 1000 },
    );
    for (const line of long) servers.push(typing([line]));
    tell(since.getTime(), lines.at(-1) ?? '');
  }
  assert.deepEqual([...new Set(await written())], ['create configmaps/runbooks', 'patch configmaps/runbooks']);
});
