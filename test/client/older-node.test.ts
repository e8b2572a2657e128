// Under an older Node the command line is a process that starts another: whoever ends the first ends the server too.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { endsWithUs, killGroup } from '../../lab/own-group.ts';
import { eventually } from '../support/eventually.ts';

const command = join(import.meta.dirname, '../../client/cli/runbooks.js');
const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });`;

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
  test(`${signal} to the command ends the intake that it started`, { timeout: 60_000 }, async () => {
    const child = spawn(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(older)}`, command, 'intake'], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        TEMPORAL_ADDRESS: '127.0.0.1:1',
        ARTIFACTS: mkdtempSync(join(tmpdir(), 'nqba-artifacts-')),
        INTAKE_TOKEN: 'hush',
        INTAKE_PORT: '0',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    endsWithUs(child);
    const address = await listening(child.stderr);
    child.kill(signal);
    await once(child, 'exit');
    try {
      await eventually(() => assert.rejects(fetch(address)), { within: 15_000 });
    } finally {
      if (child.pid !== undefined) killGroup(child.pid, 'SIGKILL');
    }
  });

function listening(stderr: NodeJS.ReadableStream): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    stderr.on('data', text => {
      said += String(text);
      const address = /http:\S+:\d+/.exec(said)?.[0];
      if (address) resolve(address);
    });
    stderr.on('end', () => reject(new Error(said)));
  });
}
