// Before anything else: node_modules as package-lock.json has it, and a Node.js that runs TypeScript by itself.
// Plain JavaScript without dependencies: a machine may have only Node.js 20 when this runs.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Ends this process with one sentence. */
function stop(sentence) {
  console.error(`\n${sentence}`);
  process.exit(1);
}

/** The packages of a lock file, or undefined when it is absent or broken. */
function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** npm leaves out what belongs to another system (`optional`) and writes the rest as the lock has it. */
function isInstalled() {
  const wanted = packagesOf(join(root, 'package-lock.json')) ?? {};
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    const found = installed[path];
    if (path === '' || (found === undefined && entry.optional)) return true;
    return found?.version === entry.version && found?.integrity === entry.integrity;
  });
}

function install() {
  console.log('Installing packages with npm ci: about a minute, once …');
  const flags = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const { status, error } = spawnSync('npm', flags, { cwd: root, stdio: 'inherit' });
  if (error) stop(`npm cannot be run (${error.code}): install Node.js with npm (https://nodejs.org), then start again.`);
  if (status !== 0)
    stop('npm ci did not finish: its own words are above. Most often the network or the disk is in the way; then start again.');
}

/** The version a Node.js reports, or undefined when it cannot be run. */
function versionOf(node) {
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim().slice(1) : undefined;
}

function isEnough(version) {
  const [major, minor] = (version ?? '0.0').split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 19);
}

/** npm scripts find `node` in node_modules/.bin first; without its install script the package `node` leaves nothing there. */
function checkNode() {
  const own = join(root, 'node_modules', '.bin', 'node');
  const version = versionOf(existsSync(own) ? own : process.execPath);
  if (isEnough(version)) return;
  stop(
    `Node.js 22.19 or later is needed, and ${version ?? 'nothing that runs'} is what "npm start" would use: ` +
      'npm did not run the install script of the package "node" (see allowScripts and ignore-scripts of your npm). ' +
      'Run "npm rebuild node --ignore-scripts=false" and start again, or install Node.js 22.19 or later yourself.',
  );
}

if (!isInstalled()) install();
checkNode();
