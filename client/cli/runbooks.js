#!/usr/bin/env node
// Starts the command line on a Node that runs TypeScript by itself: this one, or the one npm installed here.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const installed = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 19)) await import('./main.ts');
else if (existsSync(installed)) {
  const child = spawn(installed, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Whoever ends this process means the one that it starts, which has servers to stop.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (status, signal) => {
    process.exitCode = signal ? 130 : (status ?? 1);
  });
} else {
  console.error(`runbooks needs Node 22.19 or later (this is ${process.versions.node}): run npm install in its folder.`);
  process.exitCode = 1;
}
